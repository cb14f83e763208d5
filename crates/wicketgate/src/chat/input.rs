//! Standard input: each line becomes a message, a mark, or an answer.

use std::{
    io::{self, BufRead, Read as _},
    sync::Arc,
    thread,
};

use tokio::sync::oneshot;
use wicketgate_client::{
    Error, LineError,
    live::{Line, MessageText, Writer},
};

use super::{
    address::{Addressee, Typed},
    editor::{Editor, Typing},
    json_line, lines,
    screen::Screen,
    tally::Tally,
};
use crate::print::neutral;

/// The longest line that is read, in bytes: a text of 16 KiB with every byte escaped, and names.
const LONGEST_LINE: u64 = 256 * 1024;

/// Who writes, and how it is read.
pub(super) enum Typist {
    /// A program: JSON lines that name their chat where there are several.
    Program { has_many: bool },
    /// A person.
    Person(Addressee, Option<Box<Editor>>),
}

/// Why nothing more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There is nothing more.
    Input,
    /// The person asked to leave.
    Interrupted,
}

/// Standard input as it is read.
pub(super) struct Input {
    typist: Typist,
    writer: Writer,
    tally: Arc<Tally>,
    screen: Screen,
}

/// The conversation is over, so nothing more is read.
struct Over;

impl Input {
    pub(super) fn new(typist: Typist, writer: Writer, tally: Arc<Tally>, screen: Screen) -> Self {
        Self {
            typist,
            writer,
            tally,
            screen,
        }
    }

    /// Reads on a thread of its own, which the end of the program ends. Tells when there is nothing more to come.
    pub(super) fn start(mut self) -> oneshot::Receiver<Ended> {
        let (told, ended) = oneshot::channel();
        thread::spawn(move || {
            let why = match &mut self.typist {
                Typist::Person(_, editor) => match editor.take() {
                    Some(editor) => self.read_typed(editor),
                    None => self.read_lines(&mut io::stdin().lock()),
                },
                Typist::Program { .. } => self.read_lines(&mut io::stdin().lock()),
            };
            // The writer is dropped first: what was read is all.
            drop(self);
            let _ = told.send(why);
        });
        ended
    }

    fn read_typed(&mut self, mut editor: Box<Editor>) -> Ended {
        for number in 1.. {
            let prompt = match &self.typist {
                Typist::Person(addressee, _) => addressee.prompt(),
                Typist::Program { .. } => String::new(),
            };
            let result = match editor.read(&prompt) {
                Typing::Line(line) => self.take(&line, number),
                Typing::Interrupted => return Ended::Interrupted,
                Typing::Ended => return Ended::Input,
            };
            if result.is_err() {
                break;
            }
        }
        Ended::Input
    }

    fn read_lines(&mut self, input: &mut impl BufRead) -> Ended {
        let mut number = 0;
        while let Some(line) = read_line(input) {
            number += 1;
            let result = match line {
                Ok(line) => {
                    // Editors put a mark in front of a file.
                    let line = match number {
                        1 => line.strip_prefix('\u{feff}').unwrap_or(&line),
                        _ => &line,
                    };
                    self.take(line, number)
                }
                Err(error) => {
                    self.refuse(&error.into(), number);
                    Ok(())
                }
            };
            if result.is_err() {
                break;
            }
        }
        Ended::Input
    }

    /// Follows one line.
    fn take(&mut self, line: &str, number: u64) -> Result<(), Over> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let parsed = match &mut self.typist {
            Typist::Program { has_many } => json_line::parse(line, *has_many),
            Typist::Person(addressee, _) => match addressee.typed(line) {
                Typed::Text(chat_id, text) => MessageText::parse(&text)
                    .map(|text| Line {
                        chat_id,
                        ..Line::saying(text)
                    })
                    .map_err(Error::from),
                Typed::Answer(answer) => {
                    for line in answer {
                        self.screen.faint(&format!("       {}", neutral(&line)));
                    }
                    return Ok(());
                }
                Typed::Refused(sentence) => Err(Error::Invalid(sentence)),
            },
        };
        match parsed {
            Ok(line) => self.write(line),
            Err(error) => {
                self.refuse(&error, number);
                Ok(())
            }
        }
    }

    fn write(&self, line: Line) -> Result<(), Over> {
        if line.text.is_some() {
            self.tally.read();
        }
        if self.tally.is_closed() {
            return Err(Over);
        }
        self.writer.write_blocking(line).map(drop).map_err(|_| Over)
    }

    /// Tells that a line can't be followed.
    fn refuse(&self, error: &Error, number: u64) {
        self.tally.read();
        self.tally.refused();
        match self.typist {
            Typist::Program { .. } => lines::bad_line(error, number),
            Typist::Person(..) => self
                .screen
                .faint(&format!("     ! {}", neutral(&error.to_string()))),
        }
    }
}

/// The next line without its end; nothing where the input has ended, or can't be read.
fn read_line(input: &mut impl BufRead) -> Option<Result<String, LineError>> {
    let mut bytes = Vec::new();
    if input
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut bytes)
        .unwrap_or(0)
        == 0
    {
        return None;
    }
    let is_whole = bytes.last() == Some(&b'\n');
    if !is_whole && bytes.len() as u64 == LONGEST_LINE {
        // Nothing of it counts, and the next line begins behind it.
        if input.skip_until(b'\n').is_err() {
            return None;
        }
        let reason = format!("it is longer than {} KiB", LONGEST_LINE / 1024);
        return Some(Err(LineError::Unreadable(reason)));
    }
    if is_whole {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Some(String::from_utf8(bytes).map_err(|_| LineError::Unreadable("it is not UTF-8".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut input: &[u8]) -> Vec<Result<String, LineError>> {
        std::iter::from_fn(|| read_line(&mut input)).collect()
    }

    #[test]
    fn lines_end_as_editors_end_them_and_the_last_need_not() {
        let lines = read(b"one\ntwo\r\n\nlast");
        let lines: Vec<_> = lines.into_iter().map(Result::unwrap).collect();
        assert_eq!(lines, ["one", "two", "", "last"]);
    }

    #[test]
    fn a_line_that_is_too_long_or_no_text_is_refused_whole_and_the_next_one_counts() {
        let long = "x".repeat(usize::try_from(LONGEST_LINE).unwrap() * 3);
        let input = [long.as_bytes(), b"\nnext\n\xff\xfe\nlast"].concat();
        let lines = read(&input);
        assert_eq!(lines.len(), 4);
        assert!(lines[0].is_err() && lines[2].is_err());
        assert_eq!(lines[1].as_deref(), Ok("next"));
        assert_eq!(lines[3].as_deref(), Ok("last"));
    }
}
