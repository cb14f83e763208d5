//! What a rule of the product decides: what the caller is answered, what is written, and what has happened thereby.
//!
//! A verb is load, decide, apply. The store loads what the rule needs, a pure function of this crate decides, and the
//! store applies what was decided; all of it in one transaction. So a rule stands here once, whatever databases there are.

use crate::{actor::Actor, event::Event, id::PartnerId, time::Timestamp};

/// What is to be done about a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "nothing is done until a decision is applied"]
pub struct Decision<T, W, E> {
    /// What the caller is answered, once the rest is durable.
    pub answer: Result<T, E>,
    /// What is written. A refusal too may write, such as the count of later attempts.
    pub write: Option<W>,
    /// What happened, if anything did.
    pub happened: Option<Happened>,
}

impl<T, W, E> Decision<T, W, E> {
    /// The wish is granted by that write.
    pub const fn commit(value: T, write: W, happened: Happened) -> Self {
        Self {
            answer: Ok(value),
            write: Some(write),
            happened: Some(happened),
        }
    }

    /// The wish is granted already: nothing changes.
    pub const fn unchanged(value: T) -> Self {
        Self {
            answer: Ok(value),
            write: None,
            happened: None,
        }
    }

    /// The wish is refused: nothing changes.
    pub const fn refuse(error: E) -> Self {
        Self {
            answer: Err(error),
            write: None,
            happened: None,
        }
    }

    /// The wish is refused, and that it was made is noted.
    pub const fn refuse_and_note(error: E, write: W, happened: Happened) -> Self {
        Self {
            answer: Err(error),
            write: Some(write),
            happened: Some(happened),
        }
    }
}

/// What happened by one change: all of it at once, and by one actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// To whom it belongs.
    pub partner: PartnerId,
    /// Who made the change.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What happened, in order.
    pub events: Vec<Event>,
}
