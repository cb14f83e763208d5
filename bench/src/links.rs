//! B1 and B2: links made and redeemed over HTTP by 64 callers, durable at the answer, beside the bare loop.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use tokio::{sync::Mutex, task::JoinSet};

use crate::{
    caller::Caller,
    loops::{BareLoop, Verb},
    program::Program,
    rates::{Rates, p99, rate},
};

const CALLERS: usize = 64;
const SINGLE_COMMITS: usize = 500;

#[derive(Debug, Default)]
struct Side {
    bare: Rates,
    product: Rates,
    p99: Vec<Duration>,
}

#[derive(Debug, Default)]
struct Sides {
    single: Rates,
    create: Side,
    redeem: Side,
}

/// Runs the rounds and prints the table. Each round has a fresh program and a fresh file for the loop, both warmed.
pub(crate) async fn run(binary: &Path, rounds: usize, links: usize) -> Result<()> {
    let mut sides = Sides::default();
    for _ in 0..rounds {
        let program = Program::start(binary).await?;
        let mut bare = BareLoop::open(&program.folder().join("bare.db")).await?;
        work(&program, links / 10).await?;
        for verb in [Verb::Create, Verb::Redeem] {
            bare.run(verb, links / 10, CALLERS)?;
        }
        sides
            .create
            .bare
            .add(bare.run(Verb::Create, links, CALLERS)?);
        sides
            .redeem
            .bare
            .add(bare.run(Verb::Redeem, links, CALLERS)?);
        let (created, redeemed) = work(&program, links).await?;
        sides.create.add(&created);
        sides.redeem.add(&redeemed);
        sides.single.add(bare.run(Verb::Create, SINGLE_COMMITS, 1)?);
    }
    print(&mut sides, rounds, links);
    Ok(())
}

impl Side {
    fn add(&mut self, measured: &Measured) {
        self.product.add(measured.rate);
        self.p99.push(measured.p99);
    }
}

fn print(sides: &mut Sides, rounds: usize, links: usize) {
    println!(
        "{CALLERS} callers, {links} links a round, {rounds} rounds, each with fresh files; median (least to greatest)\n"
    );
    println!("| side | a second | of its bare loop | p99 |");
    println!("| --- | --- | --- | --- |");
    println!(
        "| bare loop, one commit a link | {} | {:.2} | |",
        sides.single,
        sides.single.beside(&sides.create.bare)
    );
    for (name, verb, side) in [
        ("B1", "create", &mut sides.create),
        ("B2", "redeem", &mut sides.redeem),
    ] {
        side.p99.sort_unstable();
        let middle = side
            .p99
            .get(side.p99.len() / 2)
            .copied()
            .unwrap_or_default();
        println!(
            "| bare loop, {verb}, groups of {CALLERS} | {} | 1 | |",
            side.bare
        );
        println!(
            "| {name}: {verb} a link over HTTP | {} | {:.2} | {middle:.1?} |",
            side.product,
            side.product.beside(&side.bare)
        );
    }
}

struct Measured {
    rate: f64,
    p99: Duration,
}

/// Makes that many links and redeems each once.
async fn work(program: &Program, links: usize) -> Result<(Measured, Measured)> {
    let made = Arc::new(Mutex::new(Vec::with_capacity(links)));
    let sink = Arc::clone(&made);
    let created = measure(program, links, move |mut caller, share| {
        let sink = Arc::clone(&sink);
        async move {
            let (mut times, mut ids) = (Vec::with_capacity(share), Vec::with_capacity(share));
            for _ in 0..share {
                let asked = Instant::now();
                let answer = caller
                    .post("/api/generate-secure-link", "{}".to_owned())
                    .await?;
                times.push(asked.elapsed());
                ids.push(link_id(&answer)?);
            }
            sink.lock().await.extend(ids);
            Ok(times)
        }
    })
    .await?;
    let redeemed = measure(program, links, move |mut caller, share| {
        let made = Arc::clone(&made);
        async move {
            let mut times = Vec::with_capacity(share);
            let mine = {
                let mut made = made.lock().await;
                let rest = made.len().saturating_sub(share);
                made.split_off(rest)
            };
            for id in mine {
                let asked = Instant::now();
                let body = format!(r#"{{"linkId":"{id}"}}"#);
                caller.post("/api/validate-secure-link", body).await?;
                times.push(asked.elapsed());
            }
            Ok(times)
        }
    })
    .await?;
    Ok((created, redeemed))
}

fn link_id(answer: &[u8]) -> Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    Ok(answer["linkId"].as_str().context("no linkId")?.to_owned())
}

/// Lets 64 connected callers each do a share of the work.
async fn measure<F, W>(program: &Program, calls: usize, work: F) -> Result<Measured>
where
    F: Fn(Caller, usize) -> W,
    W: Future<Output = Result<Vec<Duration>>> + Send + 'static,
{
    let mut callers = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        callers.push(Caller::connect(program.address, Some(&program.api_key)).await?);
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (index, caller) in callers.into_iter().enumerate() {
        let share = calls / CALLERS + usize::from(index < calls % CALLERS);
        tasks.spawn(work(caller, share));
    }
    let mut times = Vec::with_capacity(calls);
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    Ok(Measured {
        rate: rate(calls, started),
        p99: p99(&mut times),
    })
}
