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

/// The least length of a new password, in characters.
pub const MINIMUM_CHARACTERS: usize = 12;

/// Why a password or its parameters were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It has fewer than twelve characters.
    #[error("a password needs 12 characters or more")]
    TooShort,
    /// It is on the list of common passwords, or one character or a short run over and over.
    #[error("this password is too easy to guess")]
    Common,
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

    /// Takes a new password if it is good enough.
    ///
    /// # Errors
    /// Says whether it is too short or too common.
    pub fn chosen(text: &str) -> Result<Self, PasswordError> {
        let password = Self::entered(text);
        if password.0.chars().count() < MINIMUM_CHARACTERS {
            return Err(PasswordError::TooShort);
        }
        if is_common(&password.0) {
            return Err(PasswordError::Common);
        }
        Ok(password)
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

/// Common passwords of twelve characters or more, in lower case; shorter ones are refused for their length.
const COMMON: &str = include_str!("common-passwords.txt");

fn is_common(password: &str) -> bool {
    let lower = Zeroizing::new(password.to_lowercase());
    COMMON.lines().any(|line| line == lower.as_str()) || repeats(&lower)
}

/// Whether the text is a run of up to four characters over and over.
fn repeats(text: &str) -> bool {
    let characters = Zeroizing::new(text.chars().collect::<Vec<char>>());
    (1..=4).any(|length| {
        characters
            .iter()
            .zip(characters.iter().skip(length))
            .all(|(one, next)| one == next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_password_is_long_and_uncommon() {
        assert_eq!(
            Password::chosen("elevenchars").unwrap_err(),
            PasswordError::TooShort
        );
        for text in [
            "password1234",
            "Password1234",
            "aaaaaaaaaaaa",
            "123123123123",
            "qwertyuiop123",
        ] {
            assert_eq!(
                Password::chosen(text).unwrap_err(),
                PasswordError::Common,
                "{text}"
            );
        }
        assert!(Password::chosen("a fine long phrase").is_ok());
        assert!(Password::chosen("пароль из слов").is_ok());
    }

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
        let plain = Password::chosen("a fine long phrase").unwrap();
        for text in [
            "\u{feff}a fine long phrase\r\n",
            " a fi\u{ad}ne long\u{a0}phrase\u{200b}",
        ] {
            assert_eq!(Password::entered(text).0, plain.0, "{text:?}");
        }
        let invisible = Password::chosen(&"\u{200b}".repeat(12));
        assert_eq!(invisible.unwrap_err(), PasswordError::TooShort);
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
