//! How many frames a connection may send: a token count, so that it needs neither a timer nor a table.

use std::time::Instant;

/// Frames that may come at once: an outbox that waited through a tunnel.
const BURST: f32 = 200.0;

/// Frames that may come each second for good.
const PER_SECOND: f32 = 50.0;

/// How many frames in a row may be refused before the connection is closed.
const PATIENCE: u16 = 100;

/// What is to be done with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Take it.
    Take,
    /// Refuse it and say so.
    Refuse,
    /// Close the connection.
    Close,
}

/// The frames that a connection may still send.
#[derive(Debug)]
pub(super) struct Allowance {
    tokens: f32,
    counted: Instant,
    refused: u16,
}

impl Allowance {
    /// A full allowance.
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            tokens: BURST,
            counted: now,
            refused: 0,
        }
    }

    /// Counts one frame.
    pub(super) fn take(&mut self, now: Instant) -> Verdict {
        let passed = now.saturating_duration_since(self.counted).as_secs_f32();
        self.tokens = (self.tokens + passed * PER_SECOND).min(BURST);
        self.counted = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            self.refused = 0;
            Verdict::Take
        } else if self.refused < PATIENCE {
            self.refused += 1;
            Verdict::Refuse
        } else {
            Verdict::Close
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_and_then_a_steady_rate() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        for _ in 0..200 {
            assert_eq!(allowance.take(start), Verdict::Take);
        }
        assert_eq!(allowance.take(start), Verdict::Refuse);
        let later = start + Duration::from_secs(1);
        let taken = (0..60)
            .filter(|_| allowance.take(later) == Verdict::Take)
            .count();
        assert_eq!(taken, 50);
    }

    #[test]
    fn who_goes_on_regardless_is_cut_off() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let verdicts: Vec<_> = (0..301).map(|_| allowance.take(start)).collect();
        assert!(verdicts[200..300].iter().all(|v| *v == Verdict::Refuse));
        assert_eq!(verdicts[300], Verdict::Close);
    }

    #[test]
    fn an_idle_connection_saves_up_no_more_than_a_burst() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let later = start + Duration::from_hours(24);
        let taken = (0..300)
            .filter(|_| allowance.take(later) == Verdict::Take)
            .count();
        assert_eq!(taken, 200);
    }
}
