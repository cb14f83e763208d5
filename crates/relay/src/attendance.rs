//! Who is there: connections counted for each chat's customer and each partner's agents.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::Hash,
};
use wicketgate_domain::{
    ChatRef, PartnerId,
    chat::Participant,
    event::{Event, Topic},
    side::Side,
};

/// As whom a connection is there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Attendee {
    Agent(PartnerId),
    Customer(PartnerId, ChatRef),
}

impl From<&Participant> for Attendee {
    fn from(who: &Participant) -> Self {
        match who {
            Participant::Agent { partner, .. } => Self::Agent(*partner),
            Participant::Customer(seat) => Self::Customer(seat.partner, seat.chat),
        }
    }
}

/// What a change of attendance is told as, and to which topics.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) topics: Vec<Topic>,
    pub(crate) event: Event,
}

/// Who is there.
#[derive(Debug, Default)]
pub(crate) struct Attendance {
    agents: HashMap<PartnerId, usize>,
    customers: HashMap<ChatRef, usize>,
    chats: HashMap<PartnerId, HashSet<ChatRef>>,
}

impl Attendance {
    /// Counts one more connection; what is to be told when it is the first of its side.
    pub(crate) fn arrive(&mut self, who: Attendee) -> Option<Notice> {
        match who {
            Attendee::Agent(partner) => {
                count(&mut self.agents, partner).then(|| self.of_agents(partner, true))
            }
            Attendee::Customer(partner, chat) => count(&mut self.customers, chat).then(|| {
                self.chats.entry(partner).or_default().insert(chat);
                of_customer(partner, chat, true)
            }),
        }
    }

    /// The chats of a partner whose customers are there.
    pub(crate) fn customers_of(&self, partner: PartnerId) -> Vec<ChatRef> {
        let chats = self.chats.get(&partner);
        chats.into_iter().flatten().copied().collect()
    }

    /// Counts one connection less; what is to be told when it was the last of its side.
    pub(crate) fn leave(&mut self, who: Attendee) -> Option<Notice> {
        match who {
            Attendee::Agent(partner) => {
                discount(&mut self.agents, partner).then(|| self.of_agents(partner, false))
            }
            Attendee::Customer(partner, chat) => discount(&mut self.customers, chat).then(|| {
                if let Entry::Occupied(mut chats) = self.chats.entry(partner) {
                    chats.get_mut().remove(&chat);
                    if chats.get().is_empty() {
                        chats.remove();
                    }
                }
                of_customer(partner, chat, false)
            }),
        }
    }

    /// Whether the customer of that chat is there.
    pub(crate) fn is_customer_there(&self, chat: ChatRef) -> bool {
        self.customers.contains_key(&chat)
    }

    /// Whether any agent of that partner is there.
    pub(crate) fn is_partner_there(&self, partner: PartnerId) -> bool {
        self.agents.contains_key(&partner)
    }

    /// The agents came or went: told to every customer of the partner who is there.
    fn of_agents(&self, partner: PartnerId, online: bool) -> Notice {
        let chats = self.chats.get(&partner).into_iter().flatten();
        Notice {
            topics: chats.copied().map(Topic::Chat).collect(),
            event: Event::Presence {
                chat: None,
                by: Side::Partner,
                online,
            },
        }
    }
}

/// A customer came or went: told to the partner's agents.
fn of_customer(partner: PartnerId, chat: ChatRef, online: bool) -> Notice {
    Notice {
        topics: vec![Topic::Partner(partner)],
        event: Event::Presence {
            chat: Some(chat),
            by: Side::Customer,
            online,
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
    const CHAT: ChatRef = ChatRef::from_bytes([2; 16]);

    #[test]
    fn a_change_is_returned_with_everyone_who_is_to_hear_of_it() {
        let mut attendance = Attendance::default();
        let customer = attendance.arrive(Attendee::Customer(PARTNER, CHAT));
        assert_eq!(customer.unwrap().topics, [Topic::Partner(PARTNER)]);
        let agents = attendance.arrive(Attendee::Agent(PARTNER));
        assert_eq!(agents.unwrap().topics, [Topic::Chat(CHAT)]);
        assert!(attendance.arrive(Attendee::Agent(PARTNER)).is_none());
        assert!(attendance.leave(Attendee::Agent(PARTNER)).is_none());
        assert!(attendance.leave(Attendee::Agent(PARTNER)).is_some());
    }

    #[test]
    fn whoever_was_never_there_cannot_leave() {
        let mut attendance = Attendance::default();
        assert!(attendance.leave(Attendee::Agent(PARTNER)).is_none());
        assert!(
            attendance
                .leave(Attendee::Customer(PARTNER, CHAT))
                .is_none()
        );
    }
}
