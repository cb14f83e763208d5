//! A reader's end of the relay: the topics that it hears of, and its queue.

use crate::{
    reader::{Delivery, Reader},
    rooms::Rooms,
};
use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
};
use wicketgate_domain::event::Topic;

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
        self.reader.take()
    }

    /// As [`recv`](Self::recv), for those who poll several things.
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Delivery> {
        self.reader.poll_take(context)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        for topic in &self.topics {
            self.rooms.exit(*topic, &self.reader);
        }
    }
}
