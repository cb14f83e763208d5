//! Why something did not work, as sentences for people and as cases for programs.

use std::time::Duration;

use wicketgate_crypto::{
    agent::AgentError, api_key::ApiKeyError, keyring::KeyringError, link::AddressError,
    message::MessageError, password::PasswordError,
};
use wicketgate_protocol::{
    link::State,
    problem::{Code, Problem},
};

use crate::password::Weakness;

/// Why something did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server said no, and why.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The server can't be reached, or the connection broke. The same call may be made again.
    #[error("The server can't be reached: {0}.")]
    Unreachable(String),
    /// The server can't prove that it is the one that was asked for, or does not encrypt. Nothing was sent.
    #[error("The server can't be trusted, so nothing was sent: {0}.")]
    Insecure(String),
    /// What answered is not a Wicketgate server, or a newer one.
    #[error("The server gave an answer that this program doesn't understand ({0}).")]
    Strange(String),
    /// The text is no address of a server.
    #[error(
        "`{0}` is not the address of a server: it has to be https://…, or http:// on this computer."
    )]
    ServerAddress(String),
    /// The text is no link, or a part of it is missing.
    #[error("{}", sentence(*.0))]
    Address(#[from] AddressError),
    /// The link is there, but does not open its chat.
    #[error("{}", .0.sentence())]
    Link(State),
    /// Keys or signatures are not the ones that they have to be. Nothing was sent.
    #[error("This can't be trusted, so nothing was sent: {0}.")]
    Untrusted(&'static str),
    /// The agent's keys don't open.
    #[error("The keys of this agent don't open: {0}.")]
    Agent(#[from] AgentError),
    /// The keyring was refused.
    #[error("The partner's keyring was refused: {0}.")]
    Keyring(#[from] KeyringError),
    /// The password was refused.
    #[error("The password was refused: {0}.")]
    Password(#[from] PasswordError),
    /// The new password can be guessed.
    #[error("This password won't do: {0}.")]
    Weak(#[from] Weakness),
    /// The text is no API key.
    #[error("This is not an API key: one looks like `wg_….….…`.")]
    ApiKey(#[from] ApiKeyError),
    /// The message can't be sent.
    #[error("This can't be sent: {0}.")]
    Message(#[from] MessageError),
    /// The line can't be followed.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Nothing could be said from here, so the link was left as it is.
    #[error(
        "No conversation is possible from here, so the link was not used and is still valid: {0}."
    )]
    NoWay(String),
    /// The call would make no sense.
    #[error("{0}")]
    Invalid(String),
}

/// Why a line can't be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// Several chats are attended, and it names none.
    #[error("The line does not say to which chat it goes.")]
    NoChat,
    /// It names another chat than the only one.
    #[error("Another chat is attended.")]
    OtherChat,
    /// It marks what was not given yet.
    #[error("No message with the number {0} was given yet.")]
    NotGiven(u64),
    /// It is not of the form that lines have.
    #[error("The line was not understood: {0}.")]
    Unreadable(String),
}

impl LineError {
    const fn name(&self) -> &'static str {
        match self {
            Self::NoChat => "no_chat",
            Self::OtherChat => "other_chat",
            Self::NotGiven(_) => "not_given",
            Self::Unreadable(_) => "bad_line",
        }
    }
}

impl Error {
    /// What went wrong, in one word for programs: the code of the server's refusal, where it is one.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refused(problem) => problem.code.name(),
            Self::Unreachable(_) => "unreachable",
            Self::Strange(_) => "strange_answer",
            Self::ServerAddress(_) => "bad_server",
            Self::Address(AddressError::Address) => "no_link",
            Self::Address(AddressError::Fragment) => "incomplete_link",
            Self::Address(AddressError::Several) => "several_links",
            Self::Link(state) => match state {
                State::Used => Code::LinkUsed.name(),
                State::Expired => Code::LinkExpired.name(),
                State::Revoked => Code::LinkRevoked.name(),
                _ => Code::LinkNotFound.name(),
            },
            Self::Untrusted(_) | Self::Agent(_) | Self::Keyring(_) => "untrusted",
            Self::Insecure(_) => "insecure",
            Self::Password(_) | Self::Weak(_) => "bad_password",
            Self::ApiKey(_) => "bad_key",
            Self::Message(MessageError::Blank) => "blank",
            Self::Message(_) => "text_length",
            Self::Line(error) => error.name(),
            Self::NoWay(_) => "no_way",
            Self::Invalid(_) => "invalid",
        }
    }

    /// Whether the same call may work a moment later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused(problem) => is_passing(problem),
            _ => false,
        }
    }

    /// How long the server asked to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(problem) => problem.retry_after.map(Duration::from_secs),
            _ => None,
        }
    }

    /// Why the server can't be reached, as a part of a sentence.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Unreachable(cause) => cause.clone(),
            error => error.to_string(),
        }
    }

    /// What kind of refusal it was.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// Where the link stands, if the refusal is about one.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        match self {
            Self::Refused(problem) => problem.state,
            Self::Link(state) => Some(*state),
            _ => None,
        }
    }

    /// Whether sockets may be what does not go through, rather than everything: a proxy that drops the wish for one
    /// makes a plain call of it, which the server refuses.
    pub(crate) fn is_about_sockets(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Strange(_) => true,
            Self::Refused(problem) => problem.code == Code::UpgradeRequired,
            _ => false,
        }
    }

    /// Whether it says that a link can't be redeemed: by its state, or because its address is not whole.
    #[must_use]
    pub fn is_about_link(&self) -> bool {
        matches!(self, Self::Address(_)) || self.state().is_some()
    }
}

/// Whether the same request may work a moment later.
pub(crate) fn is_passing(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::Unavailable | Code::TooManyRequests | Code::TooSlow
    )
}

const fn sentence(error: AddressError) -> &'static str {
    match error {
        AddressError::Address => {
            "This is not the address of a chat link: one looks like https://…/secure/chat/…#…"
        }
        AddressError::Fragment => {
            "This address is incomplete: the part after # is missing or cut short. The link is still valid."
        }
        AddressError::Several => {
            "These are two different links. Open one of them alone; nothing was sent, and both are still valid."
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}
