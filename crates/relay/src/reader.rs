//! One reader: its queue of events, bounded, and whom to wake.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};
use wicketgate_domain::event::Told;

/// The most events that wait for one reader.
pub const LONGEST_QUEUE: usize = 256;

/// So much room for events an empty queue keeps.
const KEPT: usize = 4;

/// What a reader gets.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// Something happened.
    Event(Told),
    /// Events were lost, since the reader was too slow. The store has everything that matters of them; one of them may
    /// have been that the reader's own credential ended, so that has to be looked at anew as well.
    Lagged,
}

/// What the rooms know of a reader.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// Grows as events wait, and gives its memory back when they have been read.
    events: VecDeque<Told>,
    lagged: bool,
    waker: Option<Waker>,
}

impl Reader {
    /// Adds an event, or notes that it is lost.
    pub(crate) fn push(&self, told: &Told) {
        let mut queue = self.queue();
        if queue.events.len() < LONGEST_QUEUE && !queue.lagged {
            queue.events.push_back(told.clone());
        } else {
            queue.lagged = true;
        }
        let waker = queue.waker.take();
        drop(queue);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The next event, if there is one now.
    pub(crate) fn take(&self) -> Option<Delivery> {
        self.queue().take()
    }

    /// The next event, or a wake-up when there is one.
    pub(crate) fn poll_take(&self, context: &mut Context<'_>) -> Poll<Delivery> {
        let mut queue = self.queue();
        if let Some(delivery) = queue.take() {
            return Poll::Ready(delivery);
        }
        match &mut queue.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// The events before the gap, then one word about the gap, then the events after it.
    fn take(&mut self) -> Option<Delivery> {
        if let Some(event) = self.events.pop_front() {
            if self.events.is_empty() && self.events.capacity() > KEPT {
                self.events = VecDeque::new();
            }
            return Some(Delivery::Event(event));
        }
        mem::take(&mut self.lagged).then_some(Delivery::Lagged)
    }
}
