//! Everything that the program prints: the one place that writes to standard output and standard error.

use std::{
    io::{self, IsTerminal, Write},
    process,
};

use serde::Serialize;

/// Prints a line on standard output, at once. When nobody reads any more, the program ends.
pub(crate) fn line(text: &str) {
    let mut out = io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        process::exit(0);
    }
}

/// Prints a line on standard output for whoever looks there; the program goes on if nobody does.
pub(crate) fn hint(text: &str) {
    let mut out = io::stdout().lock();
    // A server is not there for its terminal.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints a value as one line of JSON.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => note(&format!("wicketgate: {error}")),
    }
}

/// Prints a line on standard error: what people want to know and programs don't.
pub(crate) fn note(text: &str) {
    // There is no better place to say that this place is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints a line in a fainter colour where there are colours.
pub(crate) fn faint(text: &str) {
    if io::stdout().is_terminal() && wants_colour() {
        line(&format!("\u{1b}[2m{text}\u{1b}[0m"));
    } else {
        line(text);
    }
}

/// Whether the user did not ask for plain text (<https://no-color.org>).
pub(crate) fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Takes the power from characters that would act on a terminal or turn around what stands beside them: each becomes a
/// visible sign. Line breaks stay, with what follows set in.
pub(crate) fn neutral(text: &str) -> String {
    let mut neutral = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => neutral.push_str("\n       "),
            '\t' => neutral.push(' '),
            _ if acts(character) => neutral.push('\u{fffd}'),
            _ => neutral.push(character),
        }
    }
    neutral
}

fn acts(character: char) -> bool {
    // Controls, and Unicode's marks that change the direction of what follows (UAX #9) or end a line or paragraph.
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_the_terminal_is_made_visible() {
        assert_eq!(
            neutral("a\u{1b}[2Jb\rc\u{7}"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}"
        );
        assert_eq!(neutral("one\ntwo\tthree"), "one\n       two three");
        assert_eq!(neutral("\u{202e}evil\u{9b}"), "\u{fffd}evil\u{fffd}");
        assert_eq!(neutral("Grüße, 你好 👋🏽"), "Grüße, 你好 👋🏽");
    }
}
