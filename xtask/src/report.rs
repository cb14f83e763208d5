//! What ran, how it ended and how long it took.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::count::Count;

/// The parts that ran so far.
#[derive(Debug)]
pub(crate) struct Report {
    started: Instant,
    limit: Option<Duration>,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: String,
    took: Duration,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Passed(Option<Count>),
    Failed(Option<Count>, String),
}

/// A part that ran its tests to the end, and a sentence if they make it fail.
#[derive(Debug)]
pub(crate) struct Tested {
    pub(crate) count: Count,
    pub(crate) failure: Option<String>,
}

impl Report {
    /// An empty report; the whole fails where it takes longer than `limit`.
    pub(crate) fn start(limit: Option<Duration>) -> Self {
        Self {
            started: Instant::now(),
            limit,
            parts: Vec::new(),
        }
    }

    /// Runs a part that has no tests to count, and says whether it passed.
    pub(crate) fn check(&mut self, name: &str, part: impl FnOnce() -> Result<()>) -> bool {
        self.part(name, || match part() {
            Ok(()) => Outcome::Passed(None),
            Err(error) => Outcome::Failed(None, format!("{error:#}")),
        })
    }

    /// Runs a part that counts its tests, and says whether it passed.
    pub(crate) fn tests(&mut self, name: &str, part: impl FnOnce() -> Result<Tested>) -> bool {
        self.part(name, || match part() {
            Ok(Tested {
                count,
                failure: None,
            }) => Outcome::Passed(Some(count)),
            Ok(Tested {
                count,
                failure: Some(failure),
            }) => Outcome::Failed(Some(count), failure),
            Err(error) => Outcome::Failed(None, format!("{error:#}")),
        })
    }

    /// Prints the table of what ran; success only where every part passed in time.
    pub(crate) fn finish(self) -> ExitCode {
        let took = self.started.elapsed();
        println!("\n{:<40} {:<7} {:>8}  tests", "part", "result", "seconds");
        for part in &self.parts {
            println!("{}", part.row());
        }
        println!("{:<40} {:<7} {:>8.1}", "all", "", took.as_secs_f64());
        let mut passed = true;
        for part in &self.parts {
            if let Outcome::Failed(_, reason) = &part.outcome {
                passed = false;
                println!("failed: {}: {reason}", part.name);
            }
        }
        if let Some(limit) = self.limit.filter(|limit| took > *limit) {
            passed = false;
            println!(
                "failed: all of it took longer than {} minutes",
                limit.as_secs() / 60
            );
        }
        let counts: Vec<Count> = self.parts.iter().filter_map(Part::count).collect();
        if !counts.is_empty() {
            let sum: Count = counts.into_iter().sum();
            println!("{} passed, {} failed", sum.passed, sum.failed);
        }
        if passed {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn part(&mut self, name: &str, part: impl FnOnce() -> Outcome) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = part();
        let part = Part {
            name: name.to_owned(),
            took: started.elapsed(),
            outcome,
        };
        let passed = match &part.outcome {
            Outcome::Passed(_) => true,
            Outcome::Failed(_, reason) => {
                println!("failed: {reason}");
                false
            }
        };
        self.parts.push(part);
        passed
    }
}

impl Part {
    fn count(&self) -> Option<Count> {
        match self.outcome {
            Outcome::Passed(count) | Outcome::Failed(count, _) => count,
        }
    }

    fn row(&self) -> String {
        let result = match self.outcome {
            Outcome::Passed(_) => "passed",
            Outcome::Failed(..) => "FAILED",
        };
        let tests = self.count().map_or_else(String::new, |count| {
            format!("  {} passed, {} failed", count.passed, count.failed)
        });
        let seconds = self.took.as_secs_f64();
        format!("{:<40} {result:<7} {seconds:>8.1}{tests}", self.name)
    }
}
