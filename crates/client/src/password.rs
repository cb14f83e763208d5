//! Whether a new password is good enough. The server never sees one, so only clients can tell.

use wicketgate_crypto::password::Password;
use zxcvbn::{
    Score,
    matching::{Match, patterns::MatchPattern},
    zxcvbn,
};

/// The least length of a new password, in characters.
pub const MINIMUM_CHARACTERS: usize = 12;

/// How many characters are judged. What comes after them can only make it harder to guess.
const JUDGED: usize = 100;

/// The example that every guide prints: four words of a comic strip (<https://xkcd.com/936>), in no dictionary as one.
const EXAMPLE: &str = "correcthorsebatterystaple";

/// Why a password won't do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// It has fewer than twelve characters.
    #[error("it needs 12 characters or more")]
    Short,
    /// It is made of passwords and words that many people use.
    #[error("it is made of passwords and words that many people use")]
    Common,
    /// It is a short run over and over.
    #[error("it says the same over and over")]
    Repeats,
    /// It follows the alphabet, the numbers, a calendar or a row of keys.
    #[error("it follows the alphabet, the numbers, a date or a row of keys")]
    Sequence,
    /// It holds the name or the e-mail.
    #[error("it holds the name or the e-mail that it is for")]
    Personal,
}

/// Takes a new password if it is good enough. `personal` is what others know of whom it is for: name, e-mail.
///
/// # Errors
/// Says why it won't do.
pub fn chosen_password(text: &str, personal: &[&str]) -> Result<Password, Weakness> {
    let password = Password::entered(text);
    match weakness(password.expose(), personal) {
        None => Ok(password),
        Some(weakness) => Err(weakness),
    }
}

fn weakness(password: &str, personal: &[&str]) -> Option<Weakness> {
    if password.chars().count() < MINIMUM_CHARACTERS {
        return Some(Weakness::Short);
    }
    let letters = password.chars().filter(|letter| letter.is_alphanumeric());
    if letters.flat_map(char::to_lowercase).eq(EXAMPLE.chars()) {
        return Some(Weakness::Common);
    }
    let end = password
        .char_indices()
        .nth(JUDGED)
        .map_or(password.len(), |(end, _)| end);
    let known: Vec<&str> = personal.iter().flat_map(|text| parts(text)).collect();
    let judged = zxcvbn(&password[..end], &known);
    (judged.score() < Score::Three).then(|| reason(judged.sequence(), &known))
}

/// The text and its words, for each of them may stand in a password by itself.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    std::iter::once(text).chain(words.filter(|word| word.chars().count() >= 3))
}

/// What to say: the person's own words first, then whatever makes up most of it.
fn reason(matches: &[Match], known: &[&str]) -> Weakness {
    let is_known = |word: &str| known.iter().any(|text| text.to_lowercase() == word);
    let reasons = matches.iter().filter_map(|part| {
        let reason = reason_of(&part.pattern, is_known)?;
        Some((reason, part.token.chars().count()))
    });
    reasons
        .max_by_key(|(reason, length)| (*reason == Weakness::Personal, *length))
        .map_or(Weakness::Common, |(reason, _)| reason)
}

fn reason_of(pattern: &MatchPattern, is_known: impl Fn(&str) -> bool) -> Option<Weakness> {
    match pattern {
        MatchPattern::Dictionary(word) if is_known(&word.matched_word) => Some(Weakness::Personal),
        MatchPattern::Dictionary(_) => Some(Weakness::Common),
        MatchPattern::Repeat(_) => Some(Weakness::Repeats),
        MatchPattern::Spatial(_)
        | MatchPattern::Sequence(_)
        | MatchPattern::Regex(_)
        | MatchPattern::Date(_) => Some(Weakness::Sequence),
        MatchPattern::BruteForce => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Case {
        password: String,
        reason: Option<String>,
    }

    /// The table that the pages are held to as well.
    #[test]
    fn passwords_are_judged_as_in_the_pages() {
        let table: Vec<Case> =
            serde_json::from_str(include_str!("../../text/cases/new-passwords.json")).unwrap();
        for Case { password, reason } in table {
            let judged = weakness(
                Password::entered(&password).expose(),
                &["Mara's Bakery", "mara@bäckerei.example"],
            );
            let judged = judged.map(|weakness| format!("{weakness:?}").to_lowercase());
            assert_eq!(judged, reason, "{password:?}");
        }
    }

    #[test]
    fn every_text_is_judged_and_a_long_one_at_once() {
        for text in [
            "",
            "\u{0}",
            "é".repeat(99).as_str(),
            "👩‍🚀".repeat(50).as_str(),
        ] {
            assert!(chosen_password(text, &[text, "", "@"]).is_err(), "{text:?}");
        }
        let long: String = (0..200_000_u32)
            .filter_map(|n| char::from_digit(n.wrapping_mul(2_654_435_761) >> 27, 36))
            .collect();
        assert!(chosen_password(&long, &[&long]).is_ok());
    }
}
