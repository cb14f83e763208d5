//! Where a person reads: what comes in stands above the line that is being typed, never inside it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rustyline::ExternalPrinter;

use crate::print;

/// Prints above a line that is being typed.
type Printer = Box<dyn ExternalPrinter + Send>;

/// Where a person reads.
#[derive(Clone, Default)]
pub(super) struct Screen {
    /// What prints while a line is being typed; without it nobody types here.
    printer: Option<Arc<Mutex<Printer>>>,
}

impl Screen {
    /// One whose person types, too.
    pub(super) fn above(printer: Printer) -> Self {
        Self {
            printer: Some(Arc::new(Mutex::new(printer))),
        }
    }

    /// A line.
    pub(super) fn line(&self, text: &str) {
        let Some(printer) = &self.printer else {
            print::line(text);
            return;
        };
        let mut printer = printer.lock().unwrap_or_else(PoisonError::into_inner);
        if printer.print(format!("{text}\n")).is_err() {
            // Where the editor is gone there is no line to stand above.
            print::line(text);
        }
    }

    /// A line in a fainter colour where there are colours.
    pub(super) fn faint(&self, text: &str) {
        if self.printer.is_none() {
            print::faint(text);
        } else if print::wants_colour() {
            self.line(&format!("\u{1b}[2m{text}\u{1b}[0m"));
        } else {
            self.line(text);
        }
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Screen")
            .field("is_typed_on", &self.printer.is_some())
            .finish()
    }
}
