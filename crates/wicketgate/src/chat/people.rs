//! Events for people: who said what and when, and no more than that.

use jiff::{Timestamp, tz::TimeZone};
use wicketgate_client::{
    Customer, Desk, Invitation, SeatState, Side,
    live::{Content, Event, Incoming, MessageId, Status},
};

use super::lines::word;
use crate::print::{faint, line, neutral};

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
    newest: Option<(MessageId, Status)>,
}

impl People {
    /// As a customer of that partner.
    pub(super) fn customer(partner: &str) -> Self {
        Self::new(neutral(partner), false, false)
    }

    /// As an agent, in one chat or many.
    pub(super) fn agent(has_many: bool) -> Self {
        Self::new("customer".to_owned(), true, has_many)
    }

    const fn new(other: String, is_agent: bool, has_many: bool) -> Self {
        Self {
            other,
            is_agent,
            has_many,
            is_connected: None,
            is_other_here: None,
            newest: None,
        }
    }

    /// Shows an event.
    pub(super) fn show(&mut self, event: &Event) {
        match event {
            Event::Message(incoming) => self.message(incoming),
            Event::Status { cid, status } => self.status(*cid, *status),
            Event::Connected(is_connected) => self.connected(*is_connected),
            Event::Presence { online, .. } => self.presence(*online),
            Event::Arrived { chat_id, seat } => self.arrived(chat_id, *seat),
            Event::Ended { chat_id, reason } => self.ended(chat_id, *reason),
            Event::Problem { chat_id, error, .. } => {
                let place = chat_id
                    .as_deref()
                    .map_or_else(String::new, |chat_id| self.place(chat_id));
                line(&format!("     ! {place}{}", neutral(&error.to_string())));
            }
            _ => {}
        }
    }

    fn message(&self, incoming: &Incoming) {
        let place = self.place(&incoming.chat_id);
        if incoming.differs {
            line(&format!(
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
        line(&format!("{}  {place}{who}: {text}", clock(incoming.at)));
    }

    /// Only the newest own message's status: what is true of it is true of those before.
    fn status(&mut self, cid: MessageId, status: Status) {
        let is_newest = match self.newest {
            Some((newest, _)) if newest == cid => true,
            // Names of messages sort by time.
            Some((newest, _)) => cid > newest,
            None => true,
        };
        if is_newest {
            self.newest = Some((cid, status));
            faint(&format!("       · {}", word(status)));
        }
    }

    fn connected(&mut self, is_connected: bool) {
        match (self.is_connected.replace(is_connected), is_connected) {
            (Some(true), false) => faint(
                "       The connection is gone and is being made again. What you write waits.",
            ),
            (Some(false), true) => faint("       Connected again."),
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
            (true, _) => faint(&format!("       {other} is here.")),
            (false, true) => faint(&format!("       {other} has left.")),
            (false, false) => faint(&format!(
                "       {other} is not here right now. What you write waits."
            )),
        }
    }

    fn arrived(&self, chat_id: &str, seat: u32) {
        let place = self.place(chat_id);
        if seat == 1 {
            faint(&format!("       {place}A customer came in."));
        } else {
            faint(&format!(
                "       {place}A new customer came in, by another link (number {seat}); the earlier one is out."
            ));
        }
    }

    fn ended(&self, chat_id: &str, reason: SeatState) {
        let place = self.place(chat_id);
        match reason {
            SeatState::Ended => line(&format!("       {place}This chat has ended.")),
            SeatState::Replaced => {
                line("       This chat was opened with another link, so it is closed here.");
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
    line("Write a line and press Enter. Ctrl-D leaves, and nothing is kept here.");
    line("");
}

/// Once an agent is signed in.
pub(super) fn welcome_agent(desk: &Desk, chat: Option<&str>) {
    let name = neutral(desk.partner_name());
    if let Some(chat) = chat {
        line(&format!(
            "You are in the chat `{}` for {name}.",
            neutral(chat)
        ));
        line("Write a line and press Enter. Ctrl-D leaves.");
    } else {
        line(&format!("You attend every chat of {name}."));
        line("A line answers whoever wrote last; `@ID text` names the chat. Ctrl-D leaves.");
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
