//! Who makes a change.

use crate::{
    id::{AgentId, ChatRef, KeyRef},
    seat::SeatNumber,
};

/// Who made a change. Every change names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An agent.
    Agent(AgentId),
    /// A program with an API key.
    Key(KeyRef),
    /// The customer on a seat.
    Customer {
        /// Of this chat.
        chat: ChatRef,
        /// The seat.
        seat: SeatNumber,
    },
    /// Somebody who holds a link's address or the set-up token, and is known by nothing else.
    Visitor,
    /// The server by itself.
    Server,
}
