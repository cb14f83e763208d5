//! Rooms: for each topic, the readers that it has on this node.

use crate::reader::Reader;
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wicketgate_domain::event::Topic;

/// So many locks share the rooms, so that busy topics don't wait for each other.
const SHARDS: usize = 16;

/// The readers of one topic.
pub(crate) type Room = Vec<Arc<Reader>>;
type Shard = HashMap<Topic, Arc<Room>>;

/// The rooms. A room exists as long as it has a reader.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

impl Rooms {
    /// Lets a reader in.
    pub(crate) fn enter(&self, topic: Topic, reader: &Arc<Reader>) {
        let mut shard = self.shard(topic);
        // Copied only while someone is being told.
        let room = Arc::make_mut(shard.entry(topic).or_default());
        if room.is_empty() {
            room.reserve_exact(1);
        }
        room.push(Arc::clone(reader));
    }

    /// Lets a reader out, and removes the room when it was the last.
    pub(crate) fn exit(&self, topic: Topic, reader: &Arc<Reader>) {
        let mut shard = self.shard(topic);
        let Entry::Occupied(mut entry) = shard.entry(topic) else {
            return;
        };
        let room = Arc::make_mut(entry.get_mut());
        if let Some(place) = room.iter().position(|other| Arc::ptr_eq(other, reader)) {
            room.swap_remove(place);
        }
        if room.is_empty() {
            entry.remove();
            // A crowd that has gone leaves no memory behind.
            if shard.len() * 4 < shard.capacity() {
                let kept = shard.len() * 2;
                shard.shrink_to(kept);
            }
        }
    }

    /// The readers of a topic, if it has any.
    pub(crate) fn room(&self, topic: Topic) -> Option<Arc<Room>> {
        self.shard(topic).get(&topic).cloned()
    }

    /// Whether a topic has a reader.
    pub(crate) fn has(&self, topic: Topic) -> bool {
        self.shard(topic).contains_key(&topic)
    }

    /// How many topics have a reader.
    pub(crate) fn count(&self) -> usize {
        self.shards.iter().map(|shard| locked(shard).len()).sum()
    }

    fn shard(&self, topic: Topic) -> MutexGuard<'_, Shard> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the remainder is below the number of shards"
        )]
        let place = (self.hasher.hash_one(topic) % SHARDS as u64) as usize;
        locked(&self.shards[place])
    }
}

fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
