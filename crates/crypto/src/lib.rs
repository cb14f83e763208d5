//! End-to-end encryption of Wicketgate, version 1, as `docs/encryption.md` describes it byte by byte.
//!
//! The crate is pure: time (in seconds since 1970) and randomness are arguments, and there is no input or output, so a
//! whole exchange can be replayed from a seed. It implements no primitive itself. The server doesn't depend on it.
//!
//! The way of a message: a [`keyring::Keyring`] yields a [`inbox::TrustedInbox`]; a [`link::SealedLink`] is made for
//! it, its secret kept in a [`vault`]; whoever opens the link makes a [`seat::Redemption`]; both ends then have the
//! same [`seat::SeatRoot`], under which [`message`]s are sealed while a [`transcript::Chain`] follows their order.

pub mod agent;
pub mod api_key;
pub mod cursor;
pub mod encoding;
pub mod identity;
pub mod ids;
pub mod inbox;
pub mod kem;
pub mod keyring;
pub mod link;
pub mod message;
pub mod password;
pub mod recovery;
pub mod repeat;
pub mod role;
pub mod seat;
pub mod transcript;
pub mod vault;
pub mod words;

mod aead;
mod kdf;
mod newtype;

#[cfg(test)]
mod tests;
