//! The Rust SDK of Wicketgate: what the terminal commands are made of, and what a bot can be made of.
//!
//! A [`Server`] answers typed calls. A partner is founded with [`Server::set_up`]; an agent signs in with
//! [`AgentSession::sign_in`]; a program with only an API key makes links through [`ApiClient`]; whoever got a link looks
//! at it with [`Invitation::look`] and becomes a [`Customer`]. Both ends talk through [`live`], which reconnects by
//! itself, resumes where it was and resends what nobody acknowledged.
//!
//! Keys live in memory only. Nothing is written to a disk, but for the cursors of a bot that gives a [`live::Memory`].

mod agent_session;
mod backoff;
mod customer;
mod error;
mod link;
pub mod live;
mod partner;
mod password;
mod seat;
mod server;
mod system;
mod tls;
mod trust;

pub use agent_session::AgentSession;
pub use customer::{Customer, Invitation};
pub use error::{Error, LineError};
pub use link::{ApiClient, LONGEST_LIFETIME, LinkFilter, LinkWish, MadeLink};
pub use partner::{Founded, Founding};
pub use password::{MINIMUM_CHARACTERS, Weakness, chosen_password};
pub use server::{Bearer, Server};
pub use tls::trust_also;

pub use wicketgate_crypto::{
    api_key::ApiKey,
    link::{AddressError, LinkAddress},
    password::Password,
    recovery::RecoveryCode,
    repeat::RepeatSecret,
    vault::Label,
};
pub use wicketgate_protocol::{
    Instant,
    link::{Device, Kind, LinkRow, State},
    message::Side,
    problem::{Code, Problem, SeatClosed},
};
