//! The HTML that the server writes itself. Every text goes through the template's escaping.

use super::words::{Words, naming};
use crate::assets::{Entry, File};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use std::{collections::HashMap, sync::LazyLock};
use wicketgate_protocol::{
    Code,
    link::{Door, State},
};

/// What a page is made of.
pub(super) struct Page<'a> {
    /// The language that it speaks.
    pub(super) words: &'a Words,
    /// What the tab says.
    pub(super) title: &'a str,
    /// What it loads.
    pub(super) entry: &'a Entry,
    /// Whether its script runs: a page that only says something needs none.
    pub(super) runs: bool,
    /// What the script is told, as a JSON data block.
    pub(super) boot: Option<String>,
    /// What it says before the script runs, and without one.
    pub(super) body: Markup,
}

impl Page<'_> {
    /// The whole document.
    pub(super) fn render(&self) -> String {
        let loads = |file: &File| format!("/{}", file.path);
        let script = self.entry.script.as_ref().filter(|_| self.runs);
        html! {
            (DOCTYPE)
            html lang=(self.words.language) dir=(self.words.direction()) {
                head {
                    meta charset="utf-8";
                    title { (self.title) }
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content";
                    meta name="color-scheme" content="light dark";
                    meta name="format-detection" content="telephone=no";
                    link rel="icon" type="image/svg+xml" href="/favicon.svg";
                    @for style in &self.entry.styles {
                        link rel="stylesheet" href=(loads(style)) integrity=(style.integrity) crossorigin;
                    }
                    @if let Some(script) = script {
                        @for import in &self.entry.imports {
                            link rel="modulepreload" href=(loads(import)) integrity=(import.integrity) crossorigin;
                        }
                        script type="module" src=(loads(script)) integrity=(script.integrity) crossorigin {}
                    }
                }
                body {
                    @if let Some(boot) = &self.boot {
                        script type="application/json" id="boot" { (PreEscaped(boot)) }
                    }
                    main id="app" { (self.body) }
                }
            }
        }
        .into_string()
    }
}

/// JSON that can stand in a data block: no `<` can end it early.
pub(super) fn data(value: &impl Serialize) -> String {
    // What is told to scripts consists of texts and numbers, which always serialise.
    serde_json::to_string(value)
        .unwrap_or_else(|_| "{}".to_owned())
        .replace('<', "\\u003c")
}

/// The title of a door.
pub(super) fn door_title(words: &Words, door: &Door) -> String {
    let said = &words.pages;
    match (door.state, &door.partner_name) {
        (State::Valid, Some(partner)) => said.title.replace("{partner}", partner),
        (State::Valid, None) => said.title_plain.clone(),
        (dead, _) => dead_heading(words, dead).to_owned(),
    }
}

fn dead_heading(words: &Words, state: State) -> &str {
    let said = &words.dead;
    match state {
        State::Valid => &words.pages.title_plain,
        State::Used => &said.used,
        State::Expired => &said.expired,
        State::Revoked => &said.revoked,
        State::NotFound => &said.not_found,
    }
}

/// What a visitor reads of a link: who invites and what can be done, or why the link no longer opens its chat. In the
/// shape that the script gives it too.
pub(super) fn door(words: &Words, door: &Door) -> Markup {
    match door.state {
        State::Valid => invitation(words, door.partner_name.as_deref().unwrap_or_default()),
        dead => dead_door(words, dead, door.partner_name.as_deref()),
    }
}

fn invitation(words: &Words, partner: &str) -> Markup {
    let said = &words.pages;
    html! {
        section class="door" data-state=(state_name(State::Valid)) {
            (wicket("valid"))
            h1 { (naming(&said.valid, partner)) }
            p { (naming(&said.valid_reason, partner)) }
            button type="button" class="button main wide" disabled { (said.start) }
            (late(words))
            noscript { p class="notice" { (words.own.door_without_script) } }
        }
    }
}

fn dead_door(words: &Words, state: State, partner: Option<&str>) -> Markup {
    let said = &words.dead;
    let reason = match state {
        State::Expired => &said.expired_reason,
        State::Revoked if partner.is_some() => &said.revoked_reason,
        State::Revoked => &said.revoked_reason_plain,
        State::NotFound => &said.not_found_reason,
        State::Valid | State::Used => &said.used_reason,
    };
    let next = match state {
        State::NotFound => &said.not_found_next,
        _ if partner.is_some() => &said.ask,
        _ => &said.ask_plain,
    };
    let sign = match state {
        State::Expired | State::NotFound => "dashed",
        State::Valid | State::Used | State::Revoked => "shut",
    };
    let partner = partner.unwrap_or_default();
    html! {
        section class="door end" data-state=(state_name(state)) {
            (wicket(sign))
            h1 { (dead_heading(words, state)) }
            p { (naming(reason, partner)) }
            p { (naming(next, partner)) }
        }
    }
}

/// The strokes of the wicket in each of its states: those that the pages draw.
static WICKET: LazyLock<HashMap<String, Vec<(String, String)>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../web/src/ui/wicket.json")).unwrap_or_default()
});

fn wicket(state: &str) -> Markup {
    html! {
        svg class={ "wicket " (state) " large" } viewBox="0 0 48 64" aria-hidden="true" {
            @for (name, stroke) in WICKET.get(state).into_iter().flatten() {
                path class=(name) d=(stroke) {}
            }
        }
    }
}

const fn state_name(state: State) -> &'static str {
    match state {
        State::Valid => "valid",
        State::Used => "used",
        State::Expired => "expired",
        State::Revoked => "revoked",
        State::NotFound => "not_found",
    }
}

/// What a customer reads before the chat appears.
pub(super) fn chat(words: &Words) -> Markup {
    html! {
        section class="door" data-state="valid" {
            h1 { (words.pages.title_plain) }
            // Readers of screens meet the conversation from the first byte on, before there is anything in it.
            div role="log" aria-label=(words.pages.log) {}
            (late(words))
            noscript { p class="notice" { (words.own.chat_without_script) } }
        }
    }
}

/// What an agent reads before the desk appears.
pub(super) fn desk(words: &Words, set_up: bool) -> Markup {
    html! {
        section class="card" {
            h1 { "Wicketgate" }
            @if !set_up {
                p { (words.own.not_set_up) }
            }
            (late(words))
            noscript { p class="notice" { (words.own.desk_without_script) } }
        }
    }
}

/// What comes by itself after a while, by the style sheet alone, unless the script takes over: one that is refused or
/// never comes can say nothing. The button is the script's.
fn late(words: &Words) -> Markup {
    html! {
        div class="unloaded" role="alert" {
            p class="notice warn" { (words.own.late) }
            button type="button" class="button main" hidden { (words.own.reload) }
        }
    }
}

/// A page that only says something.
pub(super) fn notice(words: &Words, heading: &str, sentence: &str) -> Markup {
    html! {
        section class="card" {
            h1 { (heading) }
            p { (sentence) }
            p { a href="/" { (words.own.home) } }
        }
    }
}

/// What a problem means.
pub(super) fn problem(code: Code) -> Markup {
    html! {
        section class="card" {
            h1 { code { (code.name()) } }
            p { (crate::problems::explanation(code)) }
            p class="quiet-text" { "HTTP status " (code.status()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    #[test]
    fn a_name_can_not_break_out() {
        let door = Door {
            state: State::Valid,
            partner_name: Some("<script>alert(1)</script>\"'".to_owned()),
            ..Door::NOT_FOUND
        };
        let words = Words::wanted(&HeaderMap::new());
        let title = door_title(words, &door);
        let page = Page {
            words,
            title: &title,
            entry: &Entry::default(),
            runs: false,
            boot: Some(data(&door)),
            body: super::door(words, &door),
        };
        let text = page.render();
        assert!(!text.contains("<script>alert"), "{text}");
        assert!(text.contains("\\u003cscript>alert"), "{text}");
        assert!(text.contains("&lt;script&gt;alert"), "{text}");
    }

    #[test]
    fn the_wicket_has_its_four_states() {
        for state in ["valid", "ajar", "shut", "dashed"] {
            assert!(
                WICKET.get(state).is_some_and(|strokes| strokes.len() > 1),
                "{state}"
            );
        }
    }
}
