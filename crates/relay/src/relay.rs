//! The relay: tells readers what happens, and knows who is there.

use crate::{
    attendance::{Attendance, Notice},
    reader::Reader,
    rooms::{Room, Rooms},
    subscription::Subscription,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wicketgate_domain::{
    ChatRef, PartnerId,
    chat::Participant,
    event::{Audience, Told, Topic},
};

/// The fan-out of one node. Cheap to clone; every clone is the same relay.
#[derive(Debug, Clone, Default)]
pub struct Relay {
    rooms: Arc<Rooms>,
    attendance: Arc<Mutex<Attendance>>,
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

    /// Hears of what a participant is told, from now on: an agent of all that concerns the partner, a customer of the own
    /// chat.
    #[must_use]
    pub fn listen(&self, who: &Participant) -> Subscription {
        self.subscribe(match who {
            Participant::Agent { partner, .. } => Topic::Partner(*partner),
            Participant::Customer(seat) => Topic::Chat(seat.chat),
        })
    }

    /// Tells everyone who hears of any of these topics, each once. Never waits for a reader.
    pub fn publish(&self, topics: &[Topic], told: &Told) {
        // Readers are told outside the lock: waking one may run code of any kind.
        let rooms: Vec<Arc<Room>> = topics
            .iter()
            .filter_map(|topic| self.rooms.room(*topic))
            .collect();
        for (place, room) in rooms.iter().enumerate() {
            let knows = |reader| rooms[..place].iter().any(|earlier| has(earlier, reader));
            for reader in room.iter().filter(|reader| !knows(reader)) {
                reader.push(told);
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
        self.rooms.has(topic)
    }

    /// How many topics have a reader on this node.
    #[must_use]
    pub fn rooms(&self) -> usize {
        self.rooms.count()
    }

    /// Whether the customer of that chat is there.
    #[must_use]
    pub fn is_customer_online(&self, chat: ChatRef) -> bool {
        self.attendance().is_customer_there(chat)
    }

    /// The chats of that partner whose customers are there, in no order.
    #[must_use]
    pub fn customers_online(&self, partner: PartnerId) -> Vec<ChatRef> {
        self.attendance().customers_of(partner)
    }

    /// Whether any agent of that partner is there.
    #[must_use]
    pub fn is_partner_online(&self, partner: PartnerId) -> bool {
        self.attendance().is_partner_there(partner)
    }

    /// Changes who is there, and tells of it while that is locked, so that nobody hears of a coming and a going in the
    /// wrong order.
    pub(crate) fn change_attendance(&self, change: impl FnOnce(&mut Attendance) -> Option<Notice>) {
        let mut attendance = self.attendance();
        let Some(Notice { topics, event }) = change(&mut attendance) else {
            return;
        };
        let told = Told::passing(event);
        for topic in topics {
            self.publish(&[topic], &told);
        }
    }

    fn attendance(&self) -> MutexGuard<'_, Attendance> {
        self.attendance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn has(room: &Room, reader: &Arc<Reader>) -> bool {
    room.iter().any(|other| Arc::ptr_eq(other, reader))
}
