//! The names by which the log and the answers tell requests apart.

use std::{
    hash::{BuildHasher as _, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

/// Names the requests of this process, so that names say nothing about how many there are.
#[derive(Debug, Default)]
pub(crate) struct RequestIds {
    /// Keyed at random: nobody else can tell what a number becomes.
    names: RandomState,
    next: AtomicU64,
}

impl RequestIds {
    /// The next name.
    pub(crate) fn next(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}", self.names.hash_one(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_of_requests_do_not_count() {
        let ids = RequestIds::default();
        let named: HashSet<_> = (0..1_000).map(|_| ids.next()).collect();
        assert_eq!(named.len(), 1_000);
        for begins in 0..12 {
            // Whatever stands at a place, it is not the same in all of them.
            let parts: HashSet<_> = named.iter().map(|id| &id[begins..begins + 4]).collect();
            assert!(parts.len() > 500, "{begins}: {}", parts.len());
        }
        assert_ne!(RequestIds::default().next(), RequestIds::default().next());
    }
}
