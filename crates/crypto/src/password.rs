//! An agent's password, stretched on the agent's own machine.

use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    agent::{AuthKey, WrapKey, WrapKind},
    kdf,
    newtype::public_bytes,
};

/// The least number of rounds that a client stretches a password with. A server that asks for fewer is refused.
pub const MINIMUM_ROUNDS: u32 = 600_000;

/// The greatest number of rounds (about a second of work), so that a server can't keep a client busy for hours.
pub const MAXIMUM_ROUNDS: u32 = 10_000_000;

/// Why the parameters of a password were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// The server asked for fewer than 600 000 rounds or for absurdly many.
    #[error("the server asked for a number of rounds that is not acceptable")]
    Rounds,
}

public_bytes! {
    /// The salt of an agent's password. The server hands it out to anyone who names the e-mail address.
    PasswordSalt, 16
}

impl PasswordSalt {
    /// Draws a new one.
    #[must_use]
    pub fn generate(rng: &mut impl rand_core::CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}

/// A password in Unicode normal form KC and without what nobody sees, so that it doesn't matter which keyboard it is
/// typed on, or what it was copied from.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed to sign in, whatever it is.
    #[must_use]
    pub fn entered(text: &str) -> Self {
        Self(wicketgate_text::password(text))
    }

    /// The text that is stretched, for whoever has to judge it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Stretches the password (PBKDF2-HMAC-SHA-256, [RFC 8018](https://www.rfc-editor.org/rfc/rfc8018)) into the key
    /// that the server verifies and the key that opens the agent's secret. Takes a tenth of a second or more.
    ///
    /// # Errors
    /// [`PasswordError::Rounds`] if the number of rounds is below [`MINIMUM_ROUNDS`] or above [`MAXIMUM_ROUNDS`].
    pub fn stretch(&self, salt: &PasswordSalt, rounds: u32) -> Result<AgentKeys, PasswordError> {
        if !(MINIMUM_ROUNDS..=MAXIMUM_ROUNDS).contains(&rounds) {
            return Err(PasswordError::Rounds);
        }
        let mut master = Zeroizing::new([0; 32]);
        pbkdf2::pbkdf2_hmac::<Sha256>(
            self.0.as_bytes(),
            salt.as_bytes(),
            rounds,
            master.as_mut_slice(),
        );
        Ok(AgentKeys {
            auth: AuthKey::from_bytes(*kdf::derive(master.as_slice(), "auth", &[])),
            wrap: WrapKey::new(
                WrapKind::Password,
                kdf::derive(master.as_slice(), "wrap", &[]),
            ),
        })
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// What a password or a recovery code yields.
#[derive(Debug)]
pub struct AgentKeys {
    /// For the server, as proof.
    pub auth: AuthKey,
    /// Opens the agent's secret; never leaves the agent's machine.
    pub wrap: WrapKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_rounds_than_the_minimum_are_refused() {
        let salt = PasswordSalt::from_bytes([7; 16]);
        let password = Password::entered("correct horse");
        for rounds in [0, 1, MINIMUM_ROUNDS - 1, MAXIMUM_ROUNDS + 1, u32::MAX] {
            assert_eq!(
                password.stretch(&salt, rounds).unwrap_err(),
                PasswordError::Rounds,
                "{rounds}"
            );
        }
    }

    #[test]
    fn what_a_file_or_a_selection_adds_is_no_part_of_it() {
        let plain = "a fine long phrase";
        for text in [
            "\u{feff}a fine long phrase\r\n",
            " a fi\u{ad}ne long\u{a0}phrase\u{200b}",
        ] {
            assert_eq!(Password::entered(text).expose(), plain, "{text:?}");
        }
        assert_eq!(Password::entered(&"\u{200b}".repeat(12)).expose(), "");
    }

    #[test]
    fn it_does_not_matter_how_the_keyboard_composes_letters() {
        let salt = PasswordSalt::from_bytes([7; 16]);
        let composed = Password::entered("caf\u{e9} \u{fb01}")
            .stretch(&salt, MINIMUM_ROUNDS)
            .unwrap();
        let decomposed = Password::entered("cafe\u{301} fi")
            .stretch(&salt, MINIMUM_ROUNDS)
            .unwrap();
        assert_eq!(composed.auth, decomposed.auth);
        assert_ne!(composed.auth.expose(), composed.wrap.expose());
    }
}
