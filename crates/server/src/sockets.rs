//! What all sockets of a node share: one heartbeat that has each check its credential, the signal that the server stops,
//! and messages in the form in which they go out.

pub(crate) mod encoded;

use encoded::Encoded;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, timeout_at},
};

/// In this many groups sockets check their credentials, one group after the other, so that they never all ask the
/// store at once.
const GROUPS: usize = 40;

/// Between the checks of two groups. Every socket is asked once in `GROUPS` times this, which is less than the
/// minute after which nginx and many others drop a silent connection, and than the 50 seconds of Debian's HAProxy.
const BETWEEN_GROUPS: Duration = Duration::from_secs(1);

/// How long sockets may take to finish when the server stops.
const FAREWELL: Duration = Duration::from_secs(10);

/// All sockets of a node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sockets(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// One channel a group; the value says whether the server stops.
    groups: Vec<watch::Sender<bool>>,
    next: AtomicUsize,
    encoded: Encoded,
}

impl Sockets {
    /// Starts the heartbeat, which goes on while anyone holds the value. Must be called inside the asynchronous runtime.
    #[must_use]
    pub fn start() -> Self {
        Self::beating(BETWEEN_GROUPS)
    }

    fn beating(between_groups: Duration) -> Self {
        let shared = Arc::new(Shared {
            groups: (0..GROUPS).map(|_| watch::Sender::new(false)).collect(),
            next: AtomicUsize::new(0),
            encoded: Encoded::default(),
        });
        let held_elsewhere = Arc::downgrade(&shared);
        tokio::spawn(async move {
            let mut heartbeat = interval(between_groups);
            heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for group in (0..GROUPS).cycle() {
                heartbeat.tick().await;
                let Some(shared) = held_elsewhere.upgrade() else {
                    return;
                };
                check(&shared.groups[group]);
            }
        });
        Self(shared)
    }

    /// Has every socket check its credential now.
    pub fn check_all(&self) {
        self.0.groups.iter().for_each(check);
    }

    /// Tells every socket that the server stops, and waits until they have finished, ten seconds at the most.
    pub async fn shutdown(&self) {
        for group in &self.0.groups {
            group.send_replace(true);
        }
        let deadline = tokio::time::Instant::now() + FAREWELL;
        for group in &self.0.groups {
            if timeout_at(deadline, group.closed()).await.is_err() {
                tracing::warn!("some sockets did not finish in time");
                return;
            }
        }
    }

    /// A place in one of the groups.
    pub(crate) fn join(&self) -> Heartbeat {
        let group = self.0.next.fetch_add(1, Ordering::Relaxed) % GROUPS;
        Heartbeat(self.0.groups[group].subscribe())
    }

    /// Messages in the form in which they go out.
    pub(crate) fn encoded(&self) -> &Encoded {
        &self.0.encoded
    }
}

fn check(group: &watch::Sender<bool>) {
    group.send_modify(|_| {});
}

/// What a socket hears of the server as a whole. While it is held, the server waits for its holder before it stops.
#[derive(Debug)]
pub(crate) struct Heartbeat(watch::Receiver<bool>);

/// What a heartbeat asks of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// To check its credential, and whether the other end is still there.
    Check,
    /// To finish.
    Leave,
}

impl Heartbeat {
    /// Waits for the next heartbeat. Losing the future loses nothing.
    pub(crate) async fn next(&mut self) -> Signal {
        if self.leaving() {
            return Signal::Leave;
        }
        match self.0.changed().await {
            Ok(()) if !self.leaving() => Signal::Check,
            Ok(()) | Err(_) => Signal::Leave,
        }
    }

    fn leaving(&self) -> bool {
        *self.0.borrow()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_socket_is_asked_in_its_turn() {
        let sockets = Sockets::beating(Duration::from_millis(1));
        let mut heartbeats: Vec<_> = (0..150).map(|_| sockets.join()).collect();
        for heartbeat in &mut heartbeats {
            assert_eq!(heartbeat.next().await, Signal::Check);
        }
    }

    #[test]
    fn everyone_is_asked_within_less_than_a_minute() {
        assert!(BETWEEN_GROUPS * u32::try_from(GROUPS).unwrap() < Duration::from_secs(45));
    }

    #[tokio::test]
    async fn stopping_waits_for_each_socket_and_tells_late_ones() {
        let sockets = Sockets::start();
        let mut heartbeat = sockets.join();
        let stopping = tokio::spawn({
            let sockets = sockets.clone();
            async move { sockets.shutdown().await }
        });
        while heartbeat.next().await == Signal::Check {}
        assert!(!stopping.is_finished());
        drop(heartbeat);
        stopping.await.unwrap();
        assert_eq!(sockets.join().next().await, Signal::Leave);
    }
}
