//! The HTML that the server writes itself. Every text goes through the template's escaping.

use crate::assets::{Entry, File};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use wicketgate_protocol::{
    Code,
    link::{Door, State},
};

/// What a page is made of.
pub(super) struct Page<'a> {
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
            html lang="en" dir="ltr" {
                head {
                    meta charset="utf-8";
                    title { (self.title) }
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content";
                    meta name="robots" content="noindex, nofollow";
                    meta name="referrer" content="no-referrer";
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
pub(super) const fn door_title(state: State) -> &'static str {
    match state {
        State::Valid => "You are invited to a private chat",
        dead => dead.sentence(),
    }
}

/// What a visitor reads of a link: who invites and what can be done, or why the link no longer opens its chat.
pub(super) fn door(door: &Door) -> Markup {
    let name = html! { bdi { (door.partner_name.as_deref().unwrap_or("Whoever sent it")) } };
    let title = door_title(door.state);
    html! {
        section class="door" data-state=(state_name(door.state)) {
            @match door.state {
                State::Valid => {
                    h1 { (name) " invites you to a private chat" }
                    p { "This link opens one end-to-end encrypted chat, once. Nothing happens until you press the button." }
                    button type="button" class="button main wide" disabled { "Start secure chat" }
                    noscript { p class="notice" { "The chat needs JavaScript. Switch it on, or open this link in another browser: it stays valid." } }
                }
                State::Used => {
                    h1 { (title) }
                    p { "Each link opens its chat once. If you opened it, go back to the browser that you used; otherwise ask " (name) " for a new link." }
                }
                State::Expired => {
                    h1 { (title) }
                    p { "Its time passed before anyone opened it. Ask " (name) " for a new link." }
                }
                State::Revoked => {
                    h1 { (title) }
                    p { (name) " has withdrawn it. Ask them for a new link." }
                }
                State::NotFound => {
                    h1 { (title) }
                    p { "The address may be incomplete, or the link ended long ago. Open it exactly as it was sent, or ask for a new one." }
                }
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
pub(super) fn chat() -> Markup {
    html! {
        section class="door" data-state="valid" {
            h1 { "Your private chat" }
            // Readers of screens meet the conversation from the first byte on, before there is anything in it.
            div role="log" aria-label="Conversation" {}
            noscript { p class="notice" { "The chat needs JavaScript. Switch it on, then load this page again." } }
        }
    }
}

/// What an agent reads before the desk appears.
pub(super) fn desk(set_up: bool) -> Markup {
    html! {
        section class="card" {
            h1 { "Wicketgate" }
            @if !set_up {
                p { "This server is not set up yet. The set-up address stands in the terminal where it was started." }
            }
            noscript { p class="notice" { "The desk needs JavaScript: the keys to your chats never leave this browser." } }
        }
    }
}

/// A page that only says something.
pub(super) fn notice(heading: &str, sentence: &str) -> Markup {
    html! {
        section class="card" {
            h1 { (heading) }
            p { (sentence) }
            p { a href="/" { "To the start page" } }
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

    #[test]
    fn a_name_can_not_break_out() {
        let door = Door {
            state: State::Valid,
            partner_name: Some("<script>alert(1)</script>\"'".to_owned()),
            ..Door::NOT_FOUND
        };
        let page = Page {
            title: "x",
            entry: &Entry::default(),
            runs: false,
            boot: Some(data(&door)),
            body: super::door(&door),
        };
        let text = page.render();
        assert!(!text.contains("<script>alert"), "{text}");
        assert!(text.contains("\\u003cscript>alert"), "{text}");
        assert!(text.contains("&lt;script&gt;alert"), "{text}");
    }
}
