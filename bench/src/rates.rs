//! Figures of several rounds: median, least and greatest.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// What one side did in each round, a second.
#[derive(Debug, Default)]
pub(crate) struct Rates(Vec<f64>);

impl Rates {
    /// Adds a round.
    pub(crate) fn add(&mut self, rate: f64) {
        self.0.push(rate);
    }

    /// The middle of the rounds.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Each round's ratio to the same round of another side.
    pub(crate) fn beside(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = self.0.iter().copied().fold(0.0, f64::max);
        let digits = f
            .precision()
            .unwrap_or(if greatest < 100.0 { 2 } else { 0 });
        write!(
            f,
            "{:.digits$} ({least:.digits$} to {greatest:.digits$})",
            self.median()
        )
    }
}

/// How many of something a second.
pub(crate) fn rate(count: usize, since: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let count = count as f64;
    count / since.elapsed().as_secs_f64()
}

/// The time that all but one in a hundred stayed under.
pub(crate) fn p99(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}
