//! The recovery code: twenty random bytes that an agent writes down, in Crockford's base32.

use zeroize::{Zeroize, Zeroizing};

use crate::{
    agent::{AuthKey, WrapKey, WrapKind},
    kdf,
    newtype::{random_secret, secret_bytes},
    password::AgentKeys,
};

/// Crockford's alphabet leaves out I, L, O and U (<https://www.crockford.com/base32.html>).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const CHARACTERS: usize = 32;

/// The text is no recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code has 32 letters and digits")]
pub struct RecoveryError;

secret_bytes! {
    /// The second way to an agent's secret, shown once. Using it gives a new one.
    RecoveryCode, 20
}

random_secret!(RecoveryCode);

impl RecoveryCode {
    /// Reads a code as people type it: in either case, with or without spaces and dashes, with I or L for 1, O for 0,
    /// with the digits and dashes of any keyboard.
    ///
    /// # Errors
    /// [`RecoveryError`] if it hasn't 32 characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self, RecoveryError> {
        let mut code = Self::from_bytes([0; 20]);
        let mut values = wicketgate_text::code(text)
            .filter(|character| *character != '-')
            .map(value);
        for chunk in code.0.chunks_exact_mut(5) {
            let mut bits = 0_u64;
            for _ in 0..8 {
                bits = bits << 5 | values.next().flatten().ok_or(RecoveryError)?;
            }
            chunk.copy_from_slice(&bits.to_be_bytes()[3..]);
            bits.zeroize();
        }
        if values.next().is_some() {
            Err(RecoveryError)
        } else {
            Ok(code)
        }
    }

    /// The code as it is shown: eight groups of four joined by dashes.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / 4));
        for chunk in self.0.chunks_exact(5) {
            let mut bits = chunk
                .iter()
                .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                if place % 4 == 3 && !text.is_empty() {
                    text.push('-');
                }
                text.push(char::from(
                    ALPHABET[usize::from((bits >> (5 * place)).to_be_bytes()[7] & 31)],
                ));
            }
            bits.zeroize();
        }
        text
    }

    /// The key that the server verifies and the key that opens the agent's secret.
    #[must_use]
    pub fn keys(&self) -> AgentKeys {
        AgentKeys {
            auth: AuthKey::from_bytes(*kdf::derive(self.expose(), "recovery-auth", &[])),
            wrap: WrapKey::new(
                WrapKind::Recovery,
                kdf::derive(self.expose(), "recovery-wrap", &[]),
            ),
        }
    }
}

fn value(character: char) -> Option<u64> {
    let letter = match character.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET
        .iter()
        .zip(0..)
        .find(|(symbol, _)| char::from(**symbol) == letter)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_eight_groups_of_four() {
        let code = RecoveryCode::from_bytes(
            *b"\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65\x3a\x56\xd7\xc6\x75\xbe\x77\xdf",
        );
        assert_eq!(
            code.to_text().as_str(),
            "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ"
        );
        assert_eq!(RecoveryCode::parse(&code.to_text()), Ok(code));
    }

    #[test]
    fn it_is_read_as_people_type_it() {
        let code = RecoveryCode::parse("0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ");
        assert_eq!(
            RecoveryCode::parse(" oi23 4567 89ab cdef ghjkmnpqrstvwxyz\n"),
            code
        );
        for typed in [
            "0L23456789ABCDEFGHJKMNPQRSTVWXYZ",
            "\u{feff}0123\u{2013}4567\u{2013}89AB\u{2013}CDEF\u{2013}GHJK\u{2013}MNPQ\u{2013}RSTV\u{2013}WXYZ\r\n",
            "٠١٢٣ ٤٥٦٧ ٨٩ab cdef ghjk mnpq rstv wxyz",
            "０１２３\u{a0}４５６７\u{200b} 89AB CDEF GH\u{ad}JK MNPQ RSTV WXYZ",
        ] {
            assert_eq!(RecoveryCode::parse(typed), code, "{typed:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "0123",
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ0",
            "U123456789ABCDEFGHJKMNPQRSTVWXYZ",
            "é",
        ] {
            assert_eq!(RecoveryCode::parse(text), Err(RecoveryError), "{text}");
        }
    }
}
