//! The line that a person types: edited in place, several lines of a paste as one.

use std::io::{self, IsTerminal as _};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use rustyline::{Config, error::ReadlineError, history::MemHistory};

use super::screen::Screen;
use crate::print;

/// How many lines can be taken up again. They are in memory only.
const HISTORY: usize = 100;

/// Takes back what the editor asks of a terminal: the marks around a paste.
const PASTES_UNMARKED: &str = "\u{1b}[?2004l\n";

/// A line editor on the terminal.
pub(super) struct Editor {
    editor: rustyline::Editor<(), MemHistory>,
}

/// What a person did.
pub(super) enum Typing {
    Line(String),
    Interrupted,
    Ended,
}

/// How the terminal was before.
pub(super) struct Restore(Termios);

impl Editor {
    /// One on the terminal that the program was started in, and the screen that goes with it; nothing where there is
    /// none.
    pub(super) fn start() -> Option<(Self, Screen, Restore)> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return None;
        }
        let before = Restore(tcgetattr(io::stdin()).ok()?);
        let config = Config::builder()
            .auto_add_history(true)
            .max_history_size(HISTORY)
            .ok()?
            .build();
        let history = MemHistory::with_config(&config);
        let mut editor = rustyline::Editor::with_history(config, history).ok()?;
        let printer = editor.create_external_printer().ok()?;
        Some((Self { editor }, Screen::above(Box::new(printer)), before))
    }

    /// Waits for the next line.
    pub(super) fn read(&mut self, prompt: &str) -> Typing {
        match self.editor.readline(prompt) {
            Ok(line) => Typing::Line(line),
            Err(ReadlineError::Interrupted) => Typing::Interrupted,
            Err(_) => Typing::Ended,
        }
    }
}

impl Drop for Restore {
    /// The thread that waits for a line is ended with the program, and puts nothing back.
    fn drop(&mut self) {
        let is_changed =
            tcgetattr(io::stdin()).is_ok_and(|now| now.local_modes != self.0.local_modes);
        if is_changed {
            print::write(PASTES_UNMARKED);
            // A terminal that is gone needs nothing.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
        }
    }
}
