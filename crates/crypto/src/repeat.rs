//! A creation that may be repeated: whoever asks again under the same name draws the same bytes again, and so makes the
//! same link, address and all, without having kept it.
//!
//! What only names (the link's id, the chat's name) comes from the API key, so that a repetition on another machine meets
//! the first link instead of making a second. What must stay secret comes from a secret of this machine: the server
//! knows the API key, and would otherwise draw the link's secret as well.

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::{
    api_key::ApiKey,
    kdf,
    newtype::{random_secret, secret_bytes},
};

secret_bytes! {
    /// A secret of one machine, made once and kept there.
    RepeatSecret, 32
}

random_secret!(RepeatSecret);

impl RepeatSecret {
    /// The bytes for everything that a link keeps secret. Another content draws others, so that no two contents are ever
    /// sealed alike.
    #[must_use]
    pub fn draw(&self, call: &RepeatedCall<'_>, content: &[&[u8]]) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(*kdf::derive(
            self.expose(),
            "repeated content",
            &[&call.context(), &delimited(content)],
        ))
    }
}

/// What a creation that may be repeated is known by.
#[derive(Debug, Clone, Copy)]
pub struct RepeatedCall<'a> {
    /// Whose call it is.
    pub key: &'a ApiKey,
    /// The caller's own name for it.
    pub name: &'a str,
    /// Which of its links it is.
    pub place: u64,
}

impl RepeatedCall<'_> {
    /// The bytes for what the link and its chat are called.
    #[must_use]
    pub fn draw_names(&self) -> ChaCha20Rng {
        ChaCha20Rng::from_seed(*kdf::derive(
            self.key.bearer().as_bytes(),
            "repeated names",
            &[&self.context()],
        ))
    }

    fn context(&self) -> Vec<u8> {
        delimited(&[
            self.key.id().as_bytes(),
            self.name.as_bytes(),
            &self.place.to_be_bytes(),
        ])
    }
}

/// The parts with their lengths, so that no two lists share their bytes.
fn delimited(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use rand_core::Rng as _;

    use super::*;

    fn key(first: char) -> ApiKey {
        ApiKey::parse(&format!(
            "wg_{first}bcdefghij-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
        ))
        .unwrap()
    }

    #[test]
    fn only_the_same_call_draws_the_same() {
        let (one, other) = (key('a'), key('A'));
        let (secret, foreign) = (
            RepeatSecret::from_bytes([1; 32]),
            RepeatSecret::from_bytes([2; 32]),
        );
        let call = |key, name, place| RepeatedCall { key, name, place };
        let first = call(&one, "monday", 0);
        let names = |call: RepeatedCall<'_>| call.draw_names().next_u64();
        assert_eq!(names(first), names(call(&one, "monday", 0)));
        for changed in [
            call(&other, "monday", 0),
            call(&one, "tuesday", 0),
            call(&one, "monday", 1),
        ] {
            assert_ne!(names(first), names(changed));
            let draw = |call| secret.draw(call, &[b"a"]).next_u64();
            assert_ne!(draw(&first), draw(&changed));
        }
        let draw =
            |secret: &RepeatSecret, content: &[&[u8]]| secret.draw(&first, content).next_u64();
        assert_eq!(draw(&secret, &[b"a", b"b"]), draw(&secret, &[b"a", b"b"]));
        for content in [&[b"ab".as_slice(), b""][..], &[b"a", b"c"], &[b"a"]] {
            assert_ne!(draw(&secret, &[b"a", b"b"]), draw(&secret, content));
        }
        assert_ne!(draw(&secret, &[b"a"]), draw(&foreign, &[b"a"]));
        assert_ne!(names(first), draw(&secret, &[]));
    }
}
