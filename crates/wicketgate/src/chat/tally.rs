//! How much was read, and how much of it has arrived.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

/// Counts lines: those that say something, and those that can't be followed.
#[derive(Debug, Default)]
pub(super) struct Tally {
    read: AtomicUsize,
    sent: AtomicUsize,
    refused: AtomicUsize,
    is_closed: AtomicBool,
}

impl Tally {
    /// A line was read.
    pub(super) fn read(&self) {
        self.read.fetch_add(1, SeqCst);
    }

    /// One of them was acknowledged.
    pub(super) fn sent(&self) {
        self.sent.fetch_add(1, SeqCst);
    }

    /// One of them never will be.
    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, SeqCst);
    }

    /// No more lines are taken.
    pub(super) fn close(&self) {
        self.is_closed.store(true, SeqCst);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(SeqCst)
    }

    /// How many lines were read.
    pub(super) fn total(&self) -> usize {
        self.read.load(SeqCst)
    }

    /// How many of them were not acknowledged.
    pub(super) fn unsent(&self) -> usize {
        self.total().saturating_sub(self.sent.load(SeqCst))
    }

    /// How many of them still may be.
    pub(super) fn awaited(&self) -> usize {
        self.unsent().saturating_sub(self.refused.load(SeqCst))
    }

    /// What was not sent, as a sentence.
    pub(super) fn sentence(&self) -> Option<String> {
        let (unsent, total) = (self.unsent(), self.total());
        match (unsent, total) {
            (0, _) => None,
            (1, 1) => Some("What was read was not sent.".to_owned()),
            (1, _) => Some(format!("1 of {total} lines was not sent.")),
            _ => Some(format!("{unsent} of {total} lines were not sent.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_sent_nor_refused_is_awaited() {
        let tally = Tally::default();
        assert_eq!(tally.sentence(), None);
        tally.read();
        assert_eq!(tally.sentence().unwrap(), "What was read was not sent.");
        tally.read();
        tally.read();
        tally.sent();
        assert_eq!(tally.sentence().unwrap(), "2 of 3 lines were not sent.");
        tally.refused();
        assert_eq!((tally.unsent(), tally.awaited()), (2, 1));
        tally.sent();
        assert_eq!(tally.awaited(), 0);
        assert_eq!(tally.sentence().unwrap(), "1 of 3 lines was not sent.");
    }
}
