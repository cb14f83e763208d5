//! What people go by: addresses that they sign in with, names of organisations, their own names for chats.

use idna::AsciiDenyList;
use unicode_normalization::UnicodeNormalization;

use crate::is_unseen;

/// An e-mail address in the one form in which it is compared: normal form KC without invisible characters, in lower
/// case, the host by UTS 46 as it is looked up. Nothing if it can't be an address: only its shape is looked at.
#[must_use]
pub fn email(text: &str) -> Option<String> {
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    let text: String = seen.nfkc().collect();
    let (local, host) = text.trim().split_once('@')?;
    if local.is_empty() || local.contains(char::is_whitespace) {
        return None;
    }
    let host = idna::domain_to_ascii_cow(host.as_bytes(), AsciiDenyList::URL).ok()?;
    // The root of all names may be written, and is the same with and without.
    let host = host.strip_suffix('.').unwrap_or(&host);
    if host.split('.').any(str::is_empty) {
        return None;
    }
    // Some letters come apart when they become small.
    let local: String = local.to_lowercase().nfkc().collect();
    Some(format!("{local}@{host}"))
}

/// A name or another short line in the one form in which it is kept and compared: normal form C, one space where there
/// is white space of any kind, none around it. What looks alike in it is alike, however it was typed.
#[must_use]
pub fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.nfc().collect()
}

/// Whether a text holds anything that nobody sees, so that it looks like another text without it.
#[must_use]
pub fn holds_unseen(text: &str) -> bool {
    text.chars().any(is_unseen)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Table {
        same: Vec<Same>,
        none: Vec<String>,
    }

    #[derive(Deserialize)]
    struct Same {
        canonical: String,
        typed: Vec<String>,
    }

    #[test]
    fn an_address_is_the_same_however_it_is_typed() {
        let table: Table = serde_json::from_str(include_str!("../cases/emails.json")).unwrap();
        for Same { canonical, typed } in table.same {
            for typed in typed.iter().chain([&canonical]) {
                let meant = email(typed);
                assert_eq!(
                    meant.as_ref(),
                    Some(&canonical),
                    "{}",
                    typed.escape_unicode()
                );
            }
        }
        for typed in table.none {
            assert_eq!(email(&typed), None, "{}", typed.escape_unicode());
        }
    }

    #[test]
    fn a_line_is_the_same_however_it_is_typed() {
        let table: Vec<Same> = serde_json::from_str(include_str!("../cases/lines.json")).unwrap();
        for Same { canonical, typed } in table {
            for typed in typed.iter().chain([&canonical]) {
                assert_eq!(line(typed), canonical, "{}", typed.escape_unicode());
            }
        }
    }

    #[test]
    fn what_is_in_its_one_form_stays() {
        for letter in '\0'..=char::MAX {
            let once = line(&format!(" a{letter}\u{301} {letter}b"));
            assert_eq!(line(&once), once, "{letter:?}");
            for typed in [
                format!("{letter}a\u{301}@example.org"),
                format!("a@{letter}b.example"),
            ] {
                if let Some(once) = email(&typed) {
                    assert_eq!(email(&once).as_ref(), Some(&once), "{letter:?}");
                }
            }
        }
    }
}
