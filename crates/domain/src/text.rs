//! Short texts that people typed, in the only form in which they are kept.

use std::fmt;

/// What was wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing to see: white space and invisible characters alone.
    #[error("must not be empty")]
    Empty,
    /// More characters than allowed.
    #[error("must be at most {0} characters")]
    TooLong(usize),
    /// A control character, or a character that hides or reorders others.
    #[error("must not hold control characters")]
    Control,
    /// Not an e-mail address.
    #[error("must be an e-mail address")]
    NotEmail,
}

fn plain(text: &str, longest: usize) -> Result<String, TextError> {
    let text = wicketgate_text::line(text);
    if wicketgate_text::is_blank(&text) {
        Err(TextError::Empty)
    } else if text.chars().count() > longest {
        Err(TextError::TooLong(longest))
    } else if text.chars().any(misleads) {
        Err(TextError::Control)
    } else {
        Ok(text)
    }
}

/// The same where what looks alike must be alike: without anything that nobody sees.
fn distinct(text: &str, longest: usize) -> Result<String, TextError> {
    let text = plain(text, longest)?;
    if wicketgate_text::holds_unseen(&text) {
        return Err(TextError::Control);
    }
    Ok(text)
}

/// Control characters, those that reorder or hide what stands around them (Unicode UAX #9, TR #36), and letters that
/// nobody sees. The joiners U+200C and U+200D stay, for some scripts and many emoji need them.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

macro_rules! short_text {
    ($(#[$doc:meta])* $name:ident, $longest:literal, $rule:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a text as it was typed: in normal form C, with one space where there is white space of any kind,
            /// and none at its ends.
            ///
            /// # Errors
            /// [`TextError`] when it is empty, too long or misleading.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                $rule(text, $longest).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

short_text! {
    /// An organisation's name, shown to its customers.
    PartnerName, 80, plain
}
short_text! {
    /// What an API key is for, in its owner's words.
    KeyName, 80, plain
}
short_text! {
    /// The partner's own name for a chat: an order number, a case. Stored in clear, so it must hold no personal data.
    /// Two that look alike are one chat.
    ChatId, 128, distinct
}

/// An e-mail address as an agent signs in with it, in the one form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The most characters of an address.
    const LONGEST: usize = 254;

    /// Reads an address, however it was typed. Only its shape is looked at: one `@` with something on both sides.
    ///
    /// # Errors
    /// [`TextError`] when it can't be an address.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if wicketgate_text::is_blank(text) {
            return Err(TextError::Empty);
        }
        // Before anything is made of it: what is far too long costs nothing.
        if text.chars().count() > 4 * Self::LONGEST {
            return Err(TextError::TooLong(Self::LONGEST));
        }
        let email = wicketgate_text::email(text).ok_or(TextError::NotEmail)?;
        if email.chars().count() > Self::LONGEST {
            return Err(TextError::TooLong(Self::LONGEST));
        }
        Ok(Self(email))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_mislead_are_refused() {
        assert_eq!(
            PartnerName::parse("  Müller & Söhne "),
            Ok(PartnerName("Müller & Söhne".into()))
        );
        for blank in [
            "",
            " \t",
            "\u{3164}",
            "\u{2800}\u{2800}",
            "\u{200c}\u{200d}",
            "\u{fe0f}",
            "\u{e0041}",
        ] {
            assert_eq!(
                PartnerName::parse(blank),
                Err(TextError::Empty),
                "{blank:?}"
            );
            assert_eq!(ChatId::parse(blank), Err(TextError::Empty), "{blank:?}");
        }
        for misleading in ["bank\u{202e}moc", "\u{61c}bank", "ba\u{ad}nk", "x\u{3164}"] {
            let parsed = PartnerName::parse(misleading);
            assert_eq!(parsed, Err(TextError::Control), "{misleading:?}");
        }
        assert_eq!(
            ChatId::parse(&"x".repeat(129)),
            Err(TextError::TooLong(128))
        );
    }

    #[test]
    fn what_looks_alike_names_one_chat() {
        let chat = |text: &str| ChatId::parse(text).map(|chat| chat.to_string());
        assert_eq!(chat("Cafe\u{301}\u{a0}  7"), Ok("Café 7".to_owned()));
        for unseen in [
            "a\u{200d}b",
            "a\u{fe0f}",
            "a\u{34f}b",
            "\u{feff}a",
            "a\u{e0041}",
        ] {
            assert_eq!(chat(unseen), Err(TextError::Control), "{unseen:?}");
        }
        // A name that is shown may hold what some scripts and emoji need.
        assert!(PartnerName::parse("Praxis 👩\u{200d}⚕\u{fe0f}").is_ok());
    }

    #[test]
    fn an_email_is_one_however_it_is_typed() {
        let parsed = Email::parse("Jose\u{301}@Bücher.example.").unwrap();
        assert_eq!(parsed.as_str(), "josé@xn--bcher-kva.example");
        assert_eq!(Email::parse(parsed.as_str()), Ok(parsed));
        assert_eq!(Email::parse("\u{200b}"), Err(TextError::Empty));
        for long in [300, 3_000] {
            let long = format!("{}@example.org", "a".repeat(long));
            assert_eq!(Email::parse(&long), Err(TextError::TooLong(254)));
        }
    }

    #[test]
    fn an_email_has_one_at_sign() {
        assert_eq!(
            Email::parse("Ada@Example.org"),
            Ok(Email("ada@example.org".into()))
        );
        for wrong in ["ada", "@x", "x@", "a@b@c", "a b@c"] {
            assert_eq!(Email::parse(wrong), Err(TextError::NotEmail), "{wrong}");
        }
    }
}
