//! Rooms: for each topic, the readers that it has on this node.

use crate::{
    presence::Attendance,
    subscription::{Reader, Subscription},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wicketgate_domain::{
    PartnerId,
    event::{Audience, Told, Topic},
};

/// So many locks share the rooms, so that busy topics don't wait for each other.
const SHARDS: usize = 16;

/// The fan-out of one node. Cheap to clone; every clone is the same relay.
#[derive(Debug, Clone, Default)]
pub struct Relay {
    rooms: Arc<Rooms>,
    pub(crate) attendance: Arc<Mutex<Attendance>>,
}

impl Relay {
    /// A relay without readers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Hears of a topic from now on.
    #[must_use]
    pub fn subscribe(&self, topic: Topic) -> Subscription {
        let mut subscription = Subscription::new(Arc::clone(&self.rooms));
        subscription.join(topic);
        subscription
    }

    /// Tells everyone who hears of any of these topics, each once. Never waits for a reader.
    pub fn publish(&self, topics: &[Topic], event: &Told) {
        // Readers are told outside the lock: waking one may run code of any kind.
        let rooms: Vec<Arc<Room>> = topics
            .iter()
            .filter_map(|topic| self.rooms.room(*topic))
            .collect();
        for (place, room) in rooms.iter().enumerate() {
            let told = |reader| rooms[..place].iter().any(|earlier| has(earlier, reader));
            for reader in room.iter().filter(|reader| !told(reader)) {
                reader.push(event);
            }
        }
    }

    /// Tells whoever is to hear of it, of those who listen to that partner and to its chats. Never waits for a reader.
    pub fn tell(&self, partner: PartnerId, told: &Told) {
        let Audience { agents, customer } = told.event.audience(partner);
        for topic in [agents, customer].into_iter().flatten() {
            self.publish(&[topic], told);
        }
    }

    /// Whether a topic has a reader on this node.
    #[must_use]
    pub fn online(&self, topic: Topic) -> bool {
        self.rooms.shard(topic).contains_key(&topic)
    }

    /// How many topics have a reader on this node.
    #[must_use]
    pub fn rooms(&self) -> usize {
        self.rooms
            .shards
            .iter()
            .map(|shard| locked(shard).len())
            .sum()
    }
}

type Room = Vec<Arc<Reader>>;
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

    fn room(&self, topic: Topic) -> Option<Arc<Room>> {
        self.shard(topic).get(&topic).cloned()
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

fn has(room: &Room, reader: &Arc<Reader>) -> bool {
    room.iter().any(|other| Arc::ptr_eq(other, reader))
}

fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
