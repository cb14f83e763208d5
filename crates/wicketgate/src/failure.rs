//! Why the program ends without having done what it should: one sentence, and the exit status.

use wicketgate_client::Error;

/// The exit status when something did not work.
pub(crate) const FAILED: u8 = 1;

/// The exit status when a link can't do what was asked: be redeemed, revoked or found.
pub(crate) const NOT_REDEEMABLE: u8 = 2;

/// Why the program ends.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Nothing if it was told already.
    sentence: Option<String>,
    status: u8,
}

impl Failure {
    /// A failure with its sentence.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: Some(sentence.into()),
            status: FAILED,
        }
    }

    /// A failure that was told already.
    pub(crate) const fn told(status: u8) -> Self {
        Self {
            sentence: None,
            status,
        }
    }

    /// The same failure with another sentence behind its own.
    pub(crate) fn and(self, sentence: &str) -> Self {
        let sentence = match self.sentence {
            Some(first) => format!("{first} {sentence}"),
            None => sentence.to_owned(),
        };
        Self {
            sentence: Some(sentence),
            ..self
        }
    }

    /// The same failure with another exit status.
    pub(crate) fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }

    /// What went wrong.
    pub(crate) fn sentence(self) -> String {
        self.sentence.unwrap_or_default()
    }

    /// The sentence, and the exit status.
    pub(crate) fn into_parts(self) -> (Option<String>, u8) {
        (self.sentence, self.status)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(error.to_string());
        if error.is_about_link() {
            failure.with_status(NOT_REDEEMABLE)
        } else {
            failure
        }
    }
}
