//! Six words that both ends of a seat can read to each other.

use bip39::Language;

use crate::{kdf, seat::SeatRoot};

/// How many words there are: 66 bits.
pub const WORDS: usize = 6;

/// The words that belong to a seat's root, from the English list of
/// [BIP-39](https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt). If both ends have the same, nobody sits
/// between them.
#[must_use]
pub fn words(root: &SeatRoot) -> [&'static str; WORDS] {
    let digest = kdf::derive(root.expose(), "words", &[]);
    let bits = digest[..9]
        .iter()
        .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let list = Language::English.word_list();
    std::array::from_fn(|place| {
        let index = bits >> (72 - 11 * (place + 1)) & 0x7ff;
        // The mask keeps eleven bits, so the conversion can't fail and the index is below 2048.
        list[usize::try_from(index).unwrap_or_default()]
    })
}
