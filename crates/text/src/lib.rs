//! What people type, and what of it can be seen: rules that the server, the clients and the pages have in common.
//!
//! The pages' own are in `web/src/text`. The tables in `cases/` hold both to the same answers.

mod names;

use icu_properties::{
    CodePointSetData, CodePointSetDataBorrowed,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use names::{email, holds_unseen, line};

/// What Unicode gives no glyph to, by itself: soft hyphens, joiners, marks of direction, fillers, variation selectors.
const IGNORABLE: CodePointSetDataBorrowed<'static> =
    CodePointSetData::new::<DefaultIgnorableCodePoint>();

/// Whether there is nothing to see in a text: white space, controls, what has no glyph of its own, and blank glyphs.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || is_unseen(letter) || is_blank_glyph(letter))
}

/// A code as it is meant, character by character: whatever keyboard, print or messenger it came through, it has no
/// spaces and nothing invisible, plain dashes, and letters and digits of the plain kind.
pub fn code(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|letter| !is_unseen(*letter) && !letter.is_whitespace())
        .nfkc()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if is_dash(letter) { '-' } else { letter })
        .nfc()
        .map(plain_digit)
}

/// A password as it is meant, in normal form KC: it doesn't matter which keyboard it is typed on, nor what a file, a
/// printed line or a copied selection put around it or, unseen, into it.
#[must_use]
pub fn password(text: &str) -> Zeroizing<String> {
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    let mut password = Zeroizing::new(seen.nfkc().collect::<String>());
    let (end, begin) = (password.trim_end().len(), password.trim_start().len());
    let begin = password.len() - begin;
    password.truncate(end);
    password.drain(..begin.min(end));
    password
}

/// Whether Unicode gives a character no glyph of its own (its property `Default_Ignorable_Code_Point`).
#[must_use]
pub fn is_ignorable(letter: char) -> bool {
    IGNORABLE.contains(letter)
}

fn is_unseen(letter: char) -> bool {
    letter.is_control() || is_ignorable(letter) || matches!(letter, '\u{fff9}'..='\u{fffb}')
}

/// Characters with a glyph in which nothing is drawn, or that stand for something that isn't there: the blank of
/// Braille, the object replacement, the null notehead, blanks and joiners of hieroglyphs, the Khitan filler.
fn is_blank_glyph(letter: char) -> bool {
    matches!(
        letter,
        '\u{2800}' | '\u{fffc}' | '\u{1d159}' | '\u{13430}'..='\u{1343f}' | '\u{13441}'..='\u{13446}' | '\u{16fe4}'
    )
}

/// Hyphens and dashes of every script, and the minus sign.
fn is_dash(letter: char) -> bool {
    is(letter, GeneralCategory::DashPunctuation) || letter == '\u{2212}'
}

/// The digit from 0 to 9 that a decimal digit of another script stands for. Unicode gives the digits of a script as
/// one run from zero to nine (stability policy of its property `Numeric_Type`).
fn plain_digit(letter: char) -> char {
    if letter.is_ascii() || !is(letter, GeneralCategory::DecimalNumber) {
        return letter;
    }
    let before = (0..u32::from(letter))
        .rev()
        .take_while(|code| {
            char::from_u32(*code).is_some_and(|other| is(other, GeneralCategory::DecimalNumber))
        })
        .zip(1_u32..)
        .last()
        .map_or(0, |(_, count)| count);
    char::from_digit(before % 10, 10).unwrap_or(letter)
}

fn is(letter: char, category: GeneralCategory) -> bool {
    icu_properties::CodePointMapData::<GeneralCategory>::new().get(letter) == category
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Blank {
        blank: Vec<String>,
        seen: Vec<String>,
    }

    #[derive(Deserialize)]
    struct Typed {
        typed: String,
        meant: String,
    }

    #[test]
    fn a_text_is_blank_when_nothing_of_it_is_seen() {
        let table: Blank = serde_json::from_str(include_str!("../cases/blank.json")).unwrap();
        for text in table.blank {
            assert!(is_blank(&text), "{}", text.escape_unicode());
        }
        for text in table.seen {
            assert!(!is_blank(&text), "{}", text.escape_unicode());
        }
    }

    #[test]
    fn a_code_is_read_as_it_is_meant() {
        let table: Vec<Typed> = serde_json::from_str(include_str!("../cases/codes.json")).unwrap();
        for Typed { typed, meant } in table {
            assert_eq!(code(&typed).collect::<String>(), meant, "{typed:?}");
        }
    }

    #[test]
    fn a_password_is_read_as_it_is_meant() {
        let table: Vec<Typed> =
            serde_json::from_str(include_str!("../cases/passwords.json")).unwrap();
        for Typed { typed, meant } in table {
            assert_eq!(password(&typed).as_str(), meant, "{typed:?}");
        }
    }

    #[test]
    fn what_was_read_is_read_as_the_same_again() {
        for letter in '\0'..=char::MAX {
            let text = format!(" a{letter}\u{301}-{letter}b ");
            let meant = password(&text);
            assert_eq!(password(&meant), meant, "{letter:?}");
            let meant: String = code(&text).collect();
            assert_eq!(code(&meant).collect::<String>(), meant, "{letter:?}");
        }
    }
}
