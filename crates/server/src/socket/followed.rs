//! How far one end of a socket was told what happened.

/// How far one end was told what happened.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Followed {
    /// Whether the other end has asked to be told how far it is.
    pub(super) wanted: bool,
    /// The first event that it was told live; 0 before there was one.
    first: u64,
    /// The newest event that it was told.
    pub(super) told: u64,
    /// What the last `upto` said; 0 where the next one is due in any case.
    pub(super) said: u64,
}

impl Followed {
    /// Takes in the number of an event that is heard; false when it was told already, out of the log.
    pub(super) fn take_in(&mut self, seq: Option<u64>) -> bool {
        let Some(seq) = seq else { return true };
        if seq <= self.told {
            return false;
        }
        if self.first == 0 {
            self.first = seq;
        }
        self.told = seq;
        true
    }

    /// The events that are to be told out of the log to someone who was told up to `seq`: those above it, and below the
    /// first that was told live.
    pub(super) fn missing(&self, seq: u64) -> (u64, u64) {
        let before = if self.first == 0 {
            u64::MAX
        } else {
            self.first
        };
        (seq, before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_out_of_the_log_is_not_told_again() {
        let mut followed = Followed {
            told: 10,
            ..Followed::default()
        };
        assert!(!followed.take_in(Some(9)));
        assert!(!followed.take_in(Some(10)));
        assert!(followed.take_in(Some(12)));
        assert!(followed.take_in(None), "what passes has no number");
    }

    #[test]
    fn what_was_told_live_is_not_told_out_of_the_log() {
        let mut followed = Followed::default();
        assert_eq!(followed.missing(5), (5, u64::MAX));
        assert!(followed.take_in(Some(8)));
        assert!(followed.take_in(Some(9)));
        assert_eq!(followed.missing(5), (5, 8));
    }
}
