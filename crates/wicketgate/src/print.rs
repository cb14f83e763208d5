//! Everything that the program prints: the one place that writes to standard output and standard error.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    process::ExitCode,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

use crate::failure::{FAILED, Failure};

/// What became of standard output. The first write that fails decides; what comes after it is not tried.
static OUTPUT: Mutex<Output> = Mutex::new(Output::Good);

#[derive(Debug)]
enum Output {
    Good,
    /// Something was not written, and nobody has been told yet.
    Broken(io::Error),
    /// Something was not written, and whoever ends the program was told.
    Told,
}

/// Passes where what is printed can arrive, as far as that is known beforehand: to be asked before something is done
/// that can't be done again.
///
/// # Errors
/// A sentence that says why not.
pub(crate) fn ready() -> Result<(), Failure> {
    wicketgate_stdout::check().map_err(|error| {
        Failure::new(format!(
            "Standard output can't be written to, so nothing was done: {}.",
            cause(&error)
        ))
    })
}

/// Passes where everything that was printed has arrived. Every command ends here. What is wrong is told once.
///
/// # Errors
/// A sentence that says what a write met.
pub(crate) fn written() -> Result<(), Failure> {
    let mut output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    match std::mem::replace(&mut *output, Output::Told) {
        Output::Good => {
            *output = Output::Good;
            Ok(())
        }
        Output::Told => Err(Failure::told(FAILED)),
        Output::Broken(error) => Err(Failure::new(format!(
            "Standard output can't be written to, so what should be there is lost: {}.",
            cause(&error)
        ))),
    }
}

/// Prints a line on standard output, at once. [`written`] says whether it arrived.
pub(crate) fn line(text: &str) {
    write(&format!("{text}\n"));
}

/// Prints a value as one line of JSON. [`written`] says whether it arrived.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => broken(error.into()),
    }
}

/// Prints a text on standard output, at once. [`written`] says whether it arrived.
pub(crate) fn write(text: &str) {
    if is_broken() {
        return;
    }
    let result = if wicketgate_stdout::was_closed() {
        Err(io::Error::other("it is closed"))
    } else {
        try_write(text)
    };
    if let Err(error) = result {
        broken(error);
    }
}

/// Prints a line on standard output for whoever looks there; the program goes on if nobody does.
pub(crate) fn hint(text: &str) {
    // A server is not there for its terminal.
    let _ = try_write(&format!("{text}\n"));
}

fn try_write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Whether something was not written: what comes after it is not written either.
pub(crate) fn is_broken() -> bool {
    let output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    !matches!(*output, Output::Good)
}

fn broken(error: io::Error) {
    *OUTPUT.lock().unwrap_or_else(PoisonError::into_inner) = Output::Broken(error);
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::BrokenPipe => "nobody reads it any more".to_owned(),
        _ => error.to_string(),
    }
}

/// Prints a line on standard error: what people want to know and programs don't.
pub(crate) fn note(text: &str) {
    // There is no better place to say that this place is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells a failure on standard error, unless it was told already. Answers the exit status.
pub(crate) fn failure(failure: Failure) -> ExitCode {
    let (sentence, status) = failure.into_parts();
    if let Some(sentence) = sentence {
        note(&format!("wicketgate: {}", neutral(&sentence)));
    }
    ExitCode::from(status)
}

/// Prints a line in a fainter colour where there are colours.
pub(crate) fn faint(text: &str) {
    if io::stdout().is_terminal() && wants_colour() {
        line(&format!("\u{1b}[2m{text}\u{1b}[0m"));
    } else {
        line(text);
    }
}

/// A time, in milliseconds since 1970, as people write it where the computer is.
pub(crate) fn time(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map_or_else(
        |_| "a time that no calendar knows".to_owned(),
        |at| {
            let here = at.to_zoned(jiff::tz::TimeZone::system());
            here.strftime("%F %H:%M %Z").to_string()
        },
    )
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
