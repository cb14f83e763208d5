//! Who made a change, as agents are told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::Actor as DomainActor;

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// An agent.
    Agent {
        /// The person.
        #[schema(format = "uuid")]
        agent: String,
    },
    /// A program with an API key.
    Key {
        /// The public name of the key.
        key: String,
    },
    /// The customer on a seat.
    Customer {
        /// The seat.
        seat: u32,
    },
    /// Somebody who holds a link's address and no seat.
    Visitor,
    /// The server by itself.
    Server,
}

impl From<DomainActor> for Actor {
    fn from(actor: DomainActor) -> Self {
        match actor {
            DomainActor::Agent(agent) => Self::Agent {
                agent: agent.to_string(),
            },
            DomainActor::Key(key) => Self::Key {
                key: key.to_string(),
            },
            DomainActor::Customer { seat, .. } => Self::Customer { seat: seat.0 },
            DomainActor::Visitor => Self::Visitor,
            DomainActor::Server => Self::Server,
        }
    }
}
