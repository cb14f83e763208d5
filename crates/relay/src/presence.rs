//! Who is there: connections counted for each chat's customer and each partner's agents.

use crate::{relay::Relay, subscription::Subscription};
use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::Hash,
    sync::{MutexGuard, PoisonError},
};
use wicketgate_domain::{
    ChatRef, PartnerId,
    chat::Participant,
    event::{Event, Told, Topic},
    side::Side,
};

/// One connection's being there. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "whoever is not held is not there"]
pub struct Presence {
    relay: Relay,
    who: Arrived,
}

#[derive(Debug, Clone, Copy)]
enum Arrived {
    Agent(PartnerId),
    Customer(PartnerId, ChatRef),
}

impl Relay {
    /// Hears of what a participant is told, from now on: an agent of all that concerns the partner, a customer of the own
    /// chat.
    #[must_use]
    pub fn listen(&self, who: &Participant) -> Subscription {
        self.subscribe(match who {
            Participant::Agent { partner, .. } => Topic::Partner(*partner),
            Participant::Customer(seat) => Topic::Chat(seat.chat),
        })
    }

    /// Counts a connection as being there until the answer is dropped.
    ///
    /// The first of a side and the last are told to the other side as [`Event::Presence`]: a customer's to the partner's
    /// agents, the agents' to every customer of the partner who is there.
    pub fn arrive(&self, who: &Participant) -> Presence {
        let who = match who {
            Participant::Agent { partner, .. } => Arrived::Agent(*partner),
            Participant::Customer(seat) => Arrived::Customer(seat.partner, seat.chat),
        };
        self.attendance().arrive(self, who);
        Presence {
            relay: self.clone(),
            who,
        }
    }

    /// Whether the customer of that chat is there.
    #[must_use]
    pub fn is_customer_online(&self, chat: ChatRef) -> bool {
        self.attendance().customers.contains_key(&chat)
    }

    /// Whether any agent of that partner is there.
    #[must_use]
    pub fn is_partner_online(&self, partner: PartnerId) -> bool {
        self.attendance().agents.contains_key(&partner)
    }

    fn attendance(&self) -> MutexGuard<'_, Attendance> {
        self.attendance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.relay.attendance().leave(&self.relay, self.who);
    }
}

/// Who is there. What changes is told while it is locked, so that nobody hears of a coming and a going in the wrong
/// order.
#[derive(Debug, Default)]
pub(crate) struct Attendance {
    agents: HashMap<PartnerId, usize>,
    customers: HashMap<ChatRef, usize>,
    chats: HashMap<PartnerId, HashSet<ChatRef>>,
}

impl Attendance {
    fn arrive(&mut self, relay: &Relay, who: Arrived) {
        match who {
            Arrived::Agent(partner) => {
                if count(&mut self.agents, partner) {
                    self.tell_customers(relay, partner, true);
                }
            }
            Arrived::Customer(partner, chat) => {
                if count(&mut self.customers, chat) {
                    self.chats.entry(partner).or_default().insert(chat);
                    tell_agents(relay, partner, chat, true);
                }
            }
        }
    }

    fn leave(&mut self, relay: &Relay, who: Arrived) {
        match who {
            Arrived::Agent(partner) => {
                if discount(&mut self.agents, partner) {
                    self.tell_customers(relay, partner, false);
                }
            }
            Arrived::Customer(partner, chat) => {
                if discount(&mut self.customers, chat) {
                    if let Entry::Occupied(mut chats) = self.chats.entry(partner) {
                        chats.get_mut().remove(&chat);
                        if chats.get().is_empty() {
                            chats.remove();
                        }
                    }
                    tell_agents(relay, partner, chat, false);
                }
            }
        }
    }

    fn tell_customers(&self, relay: &Relay, partner: PartnerId, online: bool) {
        let told = Told::passing(Event::Presence {
            chat: None,
            by: Side::Partner,
            online,
        });
        for chat in self.chats.get(&partner).into_iter().flatten() {
            relay.publish(&[Topic::Chat(*chat)], &told);
        }
    }
}

fn tell_agents(relay: &Relay, partner: PartnerId, chat: ChatRef, online: bool) {
    let event = Event::Presence {
        chat: Some(chat),
        by: Side::Customer,
        online,
    };
    relay.publish(&[Topic::Partner(partner)], &Told::passing(event));
}

/// Counts one more; answers whether it is the first.
fn count<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) -> bool {
    let connections = counts.entry(key).or_default();
    *connections += 1;
    *connections == 1
}

/// Counts one less; answers whether it was the last.
fn discount<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) -> bool {
    let Entry::Occupied(mut connections) = counts.entry(key) else {
        return false;
    };
    *connections.get_mut() -= 1;
    let last = *connections.get() == 0;
    if last {
        connections.remove();
    }
    last
}
