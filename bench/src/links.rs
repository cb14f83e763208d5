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
    loops::BareLoop,
    program::Program,
    rates::{Rates, p99, rate},
};

const CALLERS: usize = 64;
const SINGLE_COMMITS: usize = 500;

#[derive(Debug, Default)]
struct Sides {
    bare: Rates,
    single: Rates,
    created: Rates,
    redeemed: Rates,
    created_p99: Vec<Duration>,
    redeemed_p99: Vec<Duration>,
}

/// Runs the rounds and prints the table.
pub(crate) async fn run(binary: &Path, rounds: usize, links: usize) -> Result<()> {
    let program = Program::start(binary).await?;
    let mut bare = BareLoop::open(&program.folder().join("bare.db")).await?;
    let mut sides = Sides::default();
    work(&program, links / 10).await?; // both sides warm
    bare.insert(links / 10, CALLERS)?;
    for _ in 0..rounds {
        sides.bare.add(bare.insert(links, CALLERS)?);
        let (created, redeemed) = work(&program, links).await?;
        sides.created.add(created.rate);
        sides.redeemed.add(redeemed.rate);
        sides.created_p99.push(created.p99);
        sides.redeemed_p99.push(redeemed.p99);
        sides.single.add(bare.insert(SINGLE_COMMITS, 1)?);
    }
    print(&mut sides, rounds, links);
    Ok(())
}

fn print(sides: &mut Sides, rounds: usize, links: usize) {
    println!(
        "{CALLERS} callers, {links} links a round, {rounds} rounds; median (least to greatest)\n"
    );
    println!("| side | a second | of the bare loop | p99 |");
    println!("| --- | --- | --- | --- |");
    println!("| bare loop, groups of {CALLERS} | {} | 1 | |", sides.bare);
    println!(
        "| bare loop, one commit a link | {} | {:.2} | |",
        sides.single,
        sides.single.beside(&sides.bare)
    );
    for (name, rates, p99) in [
        (
            "B1: create a link over HTTP",
            &sides.created,
            &mut sides.created_p99,
        ),
        (
            "B2: redeem a link over HTTP",
            &sides.redeemed,
            &mut sides.redeemed_p99,
        ),
    ] {
        p99.sort_unstable();
        let middle = p99.get(p99.len() / 2).copied().unwrap_or_default();
        println!(
            "| {name} | {rates} | {:.2} | {middle:.1?} |",
            rates.beside(&sides.bare)
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
