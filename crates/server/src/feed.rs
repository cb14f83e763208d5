//! Where what was committed goes on this node: out of the store, in the order of the commits, before whoever asked for
//! it is answered.

use crate::credentials::Credentials;
use std::sync::Arc;
use wicketgate_domain::{
    PartnerId,
    event::{Event, EventSink, Told},
};
use wicketgate_relay::Relay;

/// Hands what was committed to the relay, and lets no credential be remembered that it ended.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) relay: Relay,
    pub(crate) credentials: Arc<Credentials>,
}

impl EventSink for Feed {
    fn committed(&self, partner: PartnerId, told: &[Told]) {
        for told in told {
            // Whoever is told of an end must not be let in again by what was remembered.
            match &told.event {
                Event::SeatClosed { chat, seat, .. } => {
                    self.credentials.forget_seats(*chat, Some(*seat));
                }
                Event::ChatEnded(chat) => self.credentials.forget_seats(*chat, None),
                Event::Expelled(credential) => self.credentials.forget(*credential),
                Event::Message(_)
                | Event::Seen { .. }
                | Event::Typing { .. }
                | Event::Presence { .. }
                | Event::Link { .. }
                | Event::Seat { .. }
                | Event::Chat(_)
                | Event::Account(_) => {}
            }
            self.relay.tell(partner, told);
        }
    }
}
