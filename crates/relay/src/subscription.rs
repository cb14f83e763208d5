//! One reader: its queue, and how it waits.

use crate::relay::Rooms;
use std::{
    collections::VecDeque,
    future::poll_fn,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};
use wicketgate_domain::event::{Told, Topic};

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

/// A reader's end: the events of its topics, in the order in which they were published.
///
/// Dropping it leaves every topic.
#[derive(Debug)]
pub struct Subscription {
    rooms: Arc<Rooms>,
    reader: Arc<Reader>,
    topics: Vec<Topic>,
}

impl Subscription {
    pub(crate) fn new(rooms: Arc<Rooms>) -> Self {
        Self {
            rooms,
            reader: Arc::default(),
            topics: Vec::with_capacity(1),
        }
    }

    /// Hears of one more topic from now on. Twice is once.
    pub fn join(&mut self, topic: Topic) {
        if !self.topics.contains(&topic) {
            self.topics.push(topic);
            self.rooms.enter(topic, &self.reader);
        }
    }

    /// The topics that it hears of.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Waits for the next event. Giving up waiting loses nothing, so that a caller may set a time limit.
    pub async fn recv(&mut self) -> Delivery {
        poll_fn(|context| self.poll_recv(context)).await
    }

    /// The next event, if there is one now.
    pub fn try_recv(&mut self) -> Option<Delivery> {
        self.reader.queue().take()
    }

    /// As [`recv`](Self::recv), for those who poll several things.
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Delivery> {
        let mut queue = self.reader.queue();
        if let Some(delivery) = queue.take() {
            return Poll::Ready(delivery);
        }
        match &mut queue.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for topic in &self.topics {
            self.rooms.exit(*topic, &self.reader);
        }
    }
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
    pub(crate) fn push(&self, event: &Told) {
        let mut queue = self.queue();
        if queue.events.len() < LONGEST_QUEUE && !queue.lagged {
            queue.events.push_back(event.clone());
        } else {
            queue.lagged = true;
        }
        let waker = queue.waker.take();
        drop(queue);
        if let Some(waker) = waker {
            waker.wake();
        }
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
