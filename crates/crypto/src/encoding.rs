//! Base64url without padding, and a reader of binary layouts that never panics.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use zeroize::Zeroize;

/// Why bytes or their text form were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// The text isn't base64url without padding.
    #[error("not base64url text")]
    Base64,
    /// There are too few or too many bytes.
    #[error("expected {expected} bytes, found {found}")]
    Length {
        /// How many there have to be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The bytes are no X-Wing public key (a coefficient is out of range).
    #[error("not an X-Wing public key")]
    PublicKey,
}

/// Writes bytes as base64url without padding, the form of every byte string in a URL or in JSON.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
///
/// # Errors
/// [`BytesError::Base64`] for any other text, also for one whose last character has surplus bits.
pub fn decode(text: &str) -> Result<Vec<u8>, BytesError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| BytesError::Base64)
}

/// Reads base64url text of exactly `N` bytes, leaving no copy behind.
pub(crate) fn decode_exact<const N: usize>(text: &str) -> Result<[u8; N], BytesError> {
    let mut bytes = decode(text)?;
    let array = exact(&bytes);
    bytes.zeroize();
    array
}

/// Copies a slice into an array if the length is right.
pub(crate) fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], BytesError> {
    bytes.try_into().map_err(|_| BytesError::Length {
        expected: N,
        found: bytes.len(),
    })
}

/// The bytes ended early, or some were left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Takes a binary layout apart from front to back.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `length` bytes.
    pub(crate) fn slice(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = tail;
        Ok(head)
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, tail) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = tail;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    /// Succeeds if nothing is left.
    pub(crate) const fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_and_the_other_alphabet_are_refused() {
        assert_eq!(decode("_-8"), Ok(vec![0xff, 0xef]));
        for text in ["_-8=", "/+8", "_-9", "a", " _-8"] {
            assert_eq!(decode(text), Err(BytesError::Base64), "{text}");
        }
        assert_eq!(
            decode_exact::<3>("_-8"),
            Err(BytesError::Length {
                expected: 3,
                found: 2
            })
        );
    }

    #[test]
    fn a_reader_never_reads_past_the_end() {
        let mut reader = Reader::new(&[0, 1, 2]);
        assert_eq!(reader.u32(), Err(Malformed));
        assert_eq!(reader.u16(), Ok(1));
        assert_eq!(reader.end(), Err(Malformed));
        assert_eq!(reader.slice(2), Err(Malformed));
        assert_eq!(reader.rest(), &[2]);
        assert_eq!(reader.end(), Ok(()));
    }
}
