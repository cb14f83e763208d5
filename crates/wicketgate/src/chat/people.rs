//! Events for people: who said what and when, and no more than that.

use std::io::{self, IsTerminal as _};

use jiff::{Timestamp, tz::TimeZone};
use wicketgate_client::{
    AgentSession, Customer, Invitation, SeatClosed, Side,
    live::{Content, Event, Incoming, LinkKind, MessageId, Progress, Status, Way},
};

use super::{lines::word, screen::Screen};
use crate::print::{line, neutral};

/// How a person sees a conversation.
#[derive(Debug)]
pub(super) struct People {
    /// What the other side is called.
    other: String,
    is_agent: bool,
    /// Whether messages come from several chats, so that each names its own.
    has_many: bool,
    is_connected: Option<bool>,
    is_other_here: Option<bool>,
    newest: Option<MessageId>,
    screen: Screen,
}

impl People {
    /// As a customer of that partner.
    pub(super) fn customer(partner: &str, screen: Screen) -> Self {
        Self::new(neutral(partner), false, false, screen)
    }

    /// As an agent, in one chat or many.
    pub(super) fn agent(has_many: bool, screen: Screen) -> Self {
        Self::new("customer".to_owned(), true, has_many, screen)
    }

    const fn new(other: String, is_agent: bool, has_many: bool, screen: Screen) -> Self {
        Self {
            other,
            is_agent,
            has_many,
            is_connected: None,
            is_other_here: None,
            newest: None,
            screen,
        }
    }

    /// Whether anyone can have seen what is shown: a file has not.
    pub(super) fn are_there() -> bool {
        io::stdout().is_terminal()
    }

    /// Shows an event.
    pub(super) fn show(&mut self, event: &Event) {
        match event {
            Event::Message(incoming) => self.message(incoming),
            Event::Status(progress) => self.status(progress),
            Event::Connection(way) => self.connected(*way),
            Event::Presence { online, .. } => self.presence(*online),
            Event::Arrived {
                chat_id,
                seat,
                link,
                ..
            } => self.arrived(chat_id, *seat, *link),
            Event::Ended { chat_id, reason } => self.ended(chat_id, *reason),
            Event::Problem(trouble) => {
                let place = trouble
                    .chat_id
                    .as_deref()
                    .map_or_else(String::new, |chat_id| self.place(chat_id));
                let error = neutral(&trouble.error.to_string());
                self.screen.line(&format!("     ! {place}{error}"));
            }
            _ => {}
        }
    }

    fn message(&self, incoming: &Incoming) {
        let place = self.place(&incoming.chat_id);
        if incoming.differs {
            self.screen.line(&format!(
                "     ! {place}This history differs from what the other side saw."
            ));
        }
        let who = match (incoming.from, self.is_agent) {
            (Side::Partner, true) => "colleague",
            (Side::Customer, false) => "you",
            _ => &self.other,
        };
        let text = match &incoming.content {
            Some(Content::Text(text)) => neutral(text.as_str()),
            Some(Content::Newer) => {
                "(a newer kind of message, which this program does not know)".to_owned()
            }
            None => "(a message that does not open)".to_owned(),
        };
        self.screen
            .line(&format!("{}  {place}{who}: {text}", clock(incoming.at)));
    }

    /// Only the newest own message's status: what is true of it is true of those before.
    fn status(&mut self, progress: &Progress) {
        // Names of messages sort by time. That one waits is nothing to tell: it mostly is over at once.
        if progress.status > Status::Waiting && self.newest.is_none_or(|cid| progress.cid >= cid) {
            self.newest = Some(progress.cid);
            let place = self.place(&progress.chat_id);
            let word = word(progress.status);
            self.screen.faint(&format!("       · {place}{word}"));
        }
    }

    fn connected(&mut self, way: Option<Way>) {
        let was_connected = self.is_connected.replace(way.is_some());
        if way == Some(Way::Polling) {
            self.screen.faint(
                "       Connected by plain calls, for no socket goes through here: news may take a second longer.",
            );
            return;
        }
        match (was_connected, way.is_some()) {
            (Some(true), false) => self.screen.faint(
                "       The connection is gone and is being made again. What you write waits.",
            ),
            (Some(false), true) => self.screen.faint("       Connected again."),
            _ => {}
        }
    }

    fn presence(&mut self, online: bool) {
        if self.has_many || self.is_other_here == Some(online) {
            return;
        }
        let was_known = self.is_other_here.replace(online).is_some();
        let other = if self.is_agent {
            "The customer"
        } else {
            &self.other
        };
        match (online, was_known) {
            (true, _) => self.screen.faint(&format!("       {other} is here.")),
            (false, true) => self.screen.faint(&format!("       {other} has left.")),
            (false, false) => self.screen.faint(&format!(
                "       {other} is not here right now. What you write waits."
            )),
        }
    }

    fn arrived(&self, chat_id: &str, seat: u32, link: LinkKind) {
        let place = self.place(chat_id);
        let by = match link {
            LinkKind::Desk => "by a link from the desk",
            LinkKind::Key => "by a link that a program made",
            LinkKind::Plain => "by a plain link, which has no secret",
        };
        if seat == 1 {
            self.screen
                .faint(&format!("       {place}A customer came in, {by}."));
        } else {
            self.screen.faint(&format!(
                "       {place}A new customer came in, {by} (number {seat}); the earlier one is out."
            ));
        }
    }

    fn ended(&self, chat_id: &str, reason: SeatClosed) {
        let place = self.place(chat_id);
        match reason {
            SeatClosed::ChatEnded => self
                .screen
                .line(&format!("       {place}This chat has ended.")),
            SeatClosed::Superseded => {
                self.screen
                    .line("       This chat was opened with another link, so it is closed here.");
            }
        }
    }

    fn place(&self, chat_id: &str) -> String {
        if self.has_many {
            format!("[{}] ", neutral(chat_id))
        } else {
            String::new()
        }
    }
}

/// Before the link is used.
pub(super) fn greet_customer(invitation: &Invitation) {
    line(&format!(
        "{} invites you to a private chat.",
        neutral(invitation.partner_name())
    ));
}

/// Once the link is used.
pub(super) fn welcome_customer(customer: &Customer) {
    if customer.is_verified_by_link() {
        line("End-to-end encrypted, and the link proved whose keys they are.");
    } else {
        line("End-to-end encrypted. To be sure with whom, compare these words by voice:");
        line(&format!("  {}", customer.words().join(" ")));
    }
    line("Write a line and press Enter; /help says more. Ctrl-D leaves, and nothing is kept here.");
    line("");
}

/// Once an agent is signed in.
pub(super) fn welcome_agent(session: &AgentSession, chat: Option<&str>) {
    let name = neutral(session.partner_name());
    if let Some(chat) = chat {
        line(&format!(
            "You are in the chat `{}` for {name}.",
            neutral(chat)
        ));
        line("Write a line and press Enter; /help says more. Ctrl-D leaves.");
    } else {
        line(&format!("You attend every chat of {name}."));
        line(
            "`/to ID` names the chat that you write to, /chats lists them, /help says more. Ctrl-D leaves.",
        );
    }
    line("");
}

/// The time of day where the person is.
fn clock(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(at) => at
            .to_zoned(TimeZone::system())
            .strftime("%H:%M")
            .to_string(),
        Err(_) => "--:--".to_owned(),
    }
}
