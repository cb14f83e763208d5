//! What pages say before their script runs and without one, in the visitor's language.
//!
//! The door's words are the pages' own catalogues, so that nothing on it changes when the script takes over; beside them
//! stands what only the server says.

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use maud::{Markup, html};
use serde::Deserialize;
use std::{convert::Infallible, sync::LazyLock};

/// How many wishes of one header are looked at: a browser sends a handful.
const MOST_WISHES: usize = 16;

/// What one language says.
#[derive(Debug)]
pub(super) struct Words {
    /// Its tag: `de`, `zh-Hant`.
    pub(super) language: &'static str,
    pub(super) pages: PageWords,
    pub(super) dead: DeadWords,
    pub(super) own: OwnWords,
}

/// The words that the pages' script says as well.
#[derive(Debug, Deserialize)]
pub(super) struct PageWords {
    #[serde(rename = "door.title")]
    pub(super) title: String,
    #[serde(rename = "door.title.plain")]
    pub(super) title_plain: String,
    #[serde(rename = "door.valid.heading")]
    pub(super) valid: String,
    #[serde(rename = "door.valid.reason")]
    pub(super) valid_reason: String,
    #[serde(rename = "door.start")]
    pub(super) start: String,
    #[serde(rename = "chat.log")]
    pub(super) log: String,
}

/// Why a link opens nothing, which the pages' script learns only when it needs it.
#[derive(Debug, Deserialize)]
pub(super) struct DeadWords {
    #[serde(rename = "door.used.heading")]
    pub(super) used: String,
    #[serde(rename = "door.used.reason")]
    pub(super) used_reason: String,
    #[serde(rename = "door.used.next")]
    pub(super) ask: String,
    #[serde(rename = "door.used.next.plain")]
    pub(super) ask_plain: String,
    #[serde(rename = "door.expired.heading")]
    pub(super) expired: String,
    #[serde(rename = "door.expired.reason")]
    pub(super) expired_reason: String,
    #[serde(rename = "door.revoked.heading")]
    pub(super) revoked: String,
    #[serde(rename = "door.revoked.reason")]
    pub(super) revoked_reason: String,
    #[serde(rename = "door.revoked.reason.plain")]
    pub(super) revoked_reason_plain: String,
    #[serde(rename = "door.not_found.heading")]
    pub(super) not_found: String,
    #[serde(rename = "door.not_found.reason")]
    pub(super) not_found_reason: String,
    #[serde(rename = "door.not_found.next")]
    pub(super) not_found_next: String,
}

/// The words that only the server says.
#[derive(Debug, Deserialize)]
pub(super) struct OwnWords {
    pub(super) door_without_script: String,
    pub(super) chat_without_script: String,
    pub(super) desk_without_script: String,
    pub(super) late: String,
    pub(super) reload: String,
    pub(super) not_set_up: String,
    pub(super) missing: String,
    pub(super) missing_reason: String,
    pub(super) unavailable: String,
    pub(super) unavailable_reason: String,
    pub(super) too_many: String,
    pub(super) too_many_reason: String,
    pub(super) home: String,
}

macro_rules! catalogues {
    ($($language:literal)*) => {
        [$((
            $language,
            include_str!(concat!("../../../../web/src/i18n/catalogues/", $language, "/customer.json")),
            include_str!(concat!("../../../../web/src/i18n/catalogues/", $language, "/seldom.json")),
            include_str!(concat!("words/", $language, ".json")),
        )),*]
    };
}

/// Every language by its tag, with the pages' catalogues and the server's own. The first stands in for all others.
const CATALOGUES: [(&str, &str, &str, &str); 20] = catalogues!(
    "en" "ar" "de" "es" "fr" "he" "hi" "id" "it" "ja" "ko" "nl" "pl" "pt" "ru" "tr" "uk" "vi" "zh-Hans" "zh-Hant"
);

#[expect(
    clippy::expect_used,
    reason = "the catalogues are part of the program, and a test reads each of them"
)]
static LANGUAGES: LazyLock<[Words; CATALOGUES.len()]> = LazyLock::new(|| {
    CATALOGUES.map(|catalogue| read(catalogue).expect("the catalogues have every word"))
});

fn read(
    (language, pages, dead, own): (&'static str, &str, &str, &str),
) -> Result<Words, serde_json::Error> {
    Ok(Words {
        language,
        pages: serde_json::from_str(pages)?,
        dead: serde_json::from_str(dead)?,
        own: serde_json::from_str(own)?,
    })
}

impl Words {
    /// The words for everybody else.
    pub(super) fn english() -> &'static Self {
        &LANGUAGES[0]
    }

    /// The words that a browser with these headers wants.
    pub(super) fn wanted(headers: &HeaderMap) -> &'static Self {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|wishes| wishes.to_str().ok())
            .and_then(|wishes| wishes_in(wishes).iter().find_map(|tag| language_of(tag)))
            .and_then(|language| LANGUAGES.iter().find(|words| words.language == language))
            .unwrap_or_else(|| Self::english())
    }

    /// Which way it is written, as HTML says it.
    pub(super) fn direction(&self) -> &'static str {
        if matches!(self.language, "ar" | "he") {
            "rtl"
        } else {
            "ltr"
        }
    }
}

/// What a visitor reads: the language that the browser wants, or English.
pub(crate) struct Spoken(pub(super) &'static Words);

impl<S: Sync> FromRequestParts<S> for Spoken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Words::wanted(&parts.headers)))
    }
}

/// A sentence with a name in the place of `{partner}`, kept apart from the words around it.
pub(super) fn naming(sentence: &str, partner: &str) -> Markup {
    let (before, after) = sentence.split_once("{partner}").unwrap_or((sentence, ""));
    html! {
        (before)
        @if before.len() < sentence.len() { bdi { (partner) } }
        // A sentence that names twice goes on.
        @if after.contains("{partner}") { (naming(after, partner)) } @else { (after) }
    }
}

/// The language tags of a header, best first.
fn wishes_in(header: &str) -> Vec<String> {
    // The parser sorts by weights as floating-point numbers: one that is not a number has no place in their order.
    let in_order = |wish: &&str| {
        wish.split_once(';')
            .is_none_or(|(_, weight)| !weight.contains(['n', 'N']))
    };
    let few: Vec<&str> = header
        .split(',')
        .filter(in_order)
        .take(MOST_WISHES)
        .collect();
    accept_language::parse(&few.join(","))
}

/// The language that a tag means, if it is one of ours.
fn language_of(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    match parts.next()? {
        // Read by its script; where none is said, by the region's custom, as Unicode's data have it.
        "zh" => Some(match parts.next() {
            Some("hant" | "tw" | "hk" | "mo") => "zh-Hant",
            _ => "zh-Hans",
        }),
        // Two names of old that some browsers still send.
        "iw" => Some("he"),
        "in" => Some("id"),
        primary => CATALOGUES
            .iter()
            .map(|(language, ..)| *language)
            .find(|language| *language == primary),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn language(wishes: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_LANGUAGE,
            HeaderValue::from_str(wishes).unwrap(),
        );
        Words::wanted(&headers).language
    }

    #[test]
    fn each_language_has_every_word_and_the_same_names_in_it() {
        let english = read(CATALOGUES[0]).unwrap();
        for catalogue in CATALOGUES {
            let words = read(catalogue).unwrap_or_else(|error| panic!("{}: {error}", catalogue.0));
            for (own, theirs) in [
                (&english.pages.valid, &words.pages.valid),
                (&english.pages.valid_reason, &words.pages.valid_reason),
                (&english.dead.ask, &words.dead.ask),
                (&english.dead.revoked_reason, &words.dead.revoked_reason),
                (&english.pages.title, &words.pages.title),
            ] {
                assert_eq!(
                    own.matches("{partner}").count(),
                    theirs.matches("{partner}").count(),
                    "{}: {theirs}",
                    words.language
                );
            }
        }
    }

    #[test]
    fn the_browser_chooses() {
        for (wishes, wanted) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.1, fr;q=0.9", "fr"),
            ("sw, tr;q=0.5", "tr"),
            ("zh-TW", "zh-Hant"),
            ("zh-Hant-HK", "zh-Hant"),
            ("zh-CN,zh;q=0.9", "zh-Hans"),
            ("zh", "zh-Hans"),
            ("iw", "he"),
            ("AR-eg", "ar"),
            ("sw", "en"),
            ("*", "en"),
            ("", "en"),
            (";;;,,,q=,-", "en"),
        ] {
            assert_eq!(language(wishes), wanted, "{wishes}");
        }
        assert_eq!(Words::wanted(&HeaderMap::new()).language, "en");
    }

    #[test]
    fn weights_that_are_no_numbers_do_no_harm() {
        let hostile = "de;q=NaN,fr;q=0.5,".repeat(4_000);
        assert_eq!(language(&hostile), "fr");
        assert_eq!(language("de;q=-inf, it;q=0.2"), "it");
    }

    #[test]
    fn names_stand_apart() {
        let said = naming("Ask {partner} for it. {partner}!", "<b>");
        assert_eq!(
            said.into_string(),
            "Ask <bdi>&lt;b&gt;</bdi> for it. <bdi>&lt;b&gt;</bdi>!"
        );
        assert_eq!(naming("Nobody.", "x").into_string(), "Nobody.");
        assert_eq!(
            naming("{partner} lädt", "x").into_string(),
            "<bdi>x</bdi> lädt"
        );
    }
}
