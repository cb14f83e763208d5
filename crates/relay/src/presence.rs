//! Being there: a connection counts for as long as its [`Presence`] is held.

use crate::{attendance::Attendee, relay::Relay};
use wicketgate_domain::chat::Participant;

/// One connection's being there. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "whoever is not held is not there"]
pub struct Presence {
    relay: Relay,
    who: Attendee,
}

impl Relay {
    /// Counts a connection as being there until the answer is dropped.
    ///
    /// The first of a side and the last are told to the other side as [`Event::Presence`]: a customer's to the partner's
    /// agents, the agents' to every customer of the partner who is there.
    ///
    /// [`Event::Presence`]: wicketgate_domain::event::Event::Presence
    pub fn arrive(&self, who: &Participant) -> Presence {
        let who = Attendee::from(who);
        self.change_attendance(|attendance| attendance.arrive(who));
        Presence {
            relay: self.clone(),
            who,
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.relay
            .change_attendance(|attendance| attendance.leave(self.who));
    }
}
