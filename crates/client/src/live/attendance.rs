//! Which chats an agent attends, and what follows from how they stand: the engine is told by [`Command`]s.

use std::collections::BTreeSet;

use wicketgate_crypto::{cursor::Cursor, ids::ChatRef};
use wicketgate_protocol::{chat::ChatRow, message::Side, problem::Code};

use super::{Attention, conversation::Conversation, memory::Cursors};
use crate::{
    agent_session::AgentSession,
    error::Error,
    trust::{parsed, same_chat},
};

/// What the engine is to do about how a chat stands.
#[derive(Debug)]
pub(super) enum Command {
    /// Nothing: it is not attended, or is no more.
    Nothing,
    /// Attend it from now on.
    Join(Box<Conversation>),
    /// Go on with it, as the row says unless an older one does.
    Follow,
    /// End it: it takes nothing more.
    Close,
    /// Say that it has ended, and leave: it is the only one, and had ended before it was attended.
    Leave,
    /// Say why it can't be attended.
    Complain(Error),
}

/// A signed-in agent and what they attend.
#[derive(Debug)]
pub(super) struct Attendance {
    pub(super) session: AgentSession,
    chat_id: Option<String>,
    history: u64,
    /// A program's own cursors; a person's are the partner's.
    cursors: Option<Cursors>,
    /// Chats that are over, so that a late frame does not bring them back.
    over: BTreeSet<String>,
    is_gathered: bool,
}

impl Attendance {
    pub(super) fn new(session: AgentSession, attention: Attention) -> Result<Self, Error> {
        let Attention {
            chat_id,
            history,
            memory,
        } = attention;
        let cursors = match memory {
            Some((name, memory)) => Some(Cursors::load(
                memory,
                session.agent(),
                name,
                session.keyring.desk_key(),
            )?),
            None => None,
        };
        Ok(Self {
            session,
            chat_id: chat_id.as_deref().map(wicketgate_text::line),
            history,
            cursors,
            over: BTreeSet::new(),
            is_gathered: false,
        })
    }

    /// The chats as they stand now.
    pub(super) async fn rows(&mut self) -> Result<Vec<ChatRow>, Error> {
        if let Some(cursors) = &mut self.cursors
            && cursors.is_new()
        {
            let mut stand = Vec::new();
            for row in self.session.chats().await? {
                stand.push((parsed("chat", &row.chat_ref)?, row.partner.read));
            }
            cursors.begin(&stand)?;
        }
        match &self.chat_id {
            None => self.session.chats().await,
            Some(chat_id) => {
                let chat_ref = ChatRef::derive(self.session.partner, chat_id);
                Ok(vec![self.session.chat(&chat_ref).await?])
            }
        }
    }

    /// Whether a chat is among those that are attended.
    pub(super) fn wants(&self, chat_id: &str) -> bool {
        self.chat_id
            .as_deref()
            .is_none_or(|wanted| wanted == chat_id)
    }

    /// The partner's own name for the only chat; none where all are attended.
    pub(super) fn only(&self) -> Option<&str> {
        self.chat_id.as_deref()
    }

    /// The reference of the chat with that name.
    pub(super) fn chat_ref(&self, chat_id: &str) -> String {
        ChatRef::derive(self.session.partner, chat_id).to_string()
    }

    /// Whether the chats were found.
    pub(super) const fn is_gathered(&self) -> bool {
        self.is_gathered
    }

    /// The chats were found. Whether that is to be told: once, where all of them are attended.
    pub(super) fn gathered(&mut self) -> bool {
        !std::mem::replace(&mut self.is_gathered, true) && self.chat_id.is_none()
    }

    /// Why the chats were not found, in words about the one that was named.
    pub(super) fn not_found(&self, error: Error) -> Error {
        match &self.chat_id {
            Some(chat_id) if error.code() == Some(Code::NotFound) => {
                Error::Invalid(format!("There is no chat named `{chat_id}`."))
            }
            _ => error,
        }
    }

    /// Takes in how a chat stands. `is_joined` says whether the engine attends it already.
    pub(super) fn update(&mut self, row: &ChatRow, is_joined: bool) -> Command {
        if row.ended_at.is_some() {
            self.over.insert(row.chat_ref.clone());
            return match (is_joined, &self.chat_id) {
                (true, _) => Command::Close,
                (false, Some(_)) => Command::Leave,
                (false, None) => Command::Nothing,
            };
        }
        if is_joined {
            return Command::Follow;
        }
        if self.over.contains(&row.chat_ref) {
            return Command::Nothing;
        }
        match self.conversation(row) {
            Ok(chat) => Command::Join(Box::new(chat)),
            Err(error) => Command::Complain(error),
        }
    }

    /// Keeps how far a program came in a chat.
    ///
    /// # Errors
    /// Where its memory can't be written.
    pub(super) fn keep(&mut self, chat: &Conversation) -> Result<(), Error> {
        let Some(cursors) = &mut self.cursors else {
            return Ok(());
        };
        let (seat, cursor) = chat.cursor();
        cursors.keep(chat.chat_ref, seat, cursor)
    }

    /// A conversation that begins behind what was dealt with, or a little earlier.
    fn conversation(&self, row: &ChatRow) -> Result<Conversation, Error> {
        let chat_ref: ChatRef = parsed("chat", &row.chat_ref)?;
        same_chat(&chat_ref, self.session.partner, &row.chat_id)?;
        let read = row.partner.read;
        let cursor = match &self.cursors {
            Some(cursors) => cursors.of(chat_ref, read),
            None => Cursor {
                acknowledged: read,
                given: read,
            },
        };
        let newest = cursor
            .acknowledged
            .min(row.last_seq.saturating_sub(self.history));
        let mut chat =
            Conversation::new(chat_ref, row.chat_id.clone(), Side::Partner, newest, cursor);
        (chat.live_seat, chat.rev) = (row.live_seat, row.rev);
        if cursor.acknowledged > read {
            // It was dealt with, but the server was not told.
            chat.shown(cursor.acknowledged);
        }
        Ok(chat)
    }
}

#[cfg(test)]
mod tests {
    use wicketgate_crypto::{
        agent::AgentSeed,
        ids::{AgentId, PartnerId},
        keyring::Keyring,
    };
    use wicketgate_protocol::{
        Base64,
        chat::Cursors,
        partner::{Certificate, Me, Stretching},
        wire::Instant,
    };

    use super::*;
    use crate::{server::Server, system};

    /// The attendance of an agent of a new partner, of all chats or of the one with that name.
    fn attendance(chat_id: Option<&str>) -> Attendance {
        let mut rng = system::random();
        let partner = PartnerId::from_uuid(system::new_uuid());
        let agent = AgentId::from_uuid(system::new_uuid());
        let founder = AgentSeed::generate(&mut rng).roster_entry(agent);
        let keyring = Keyring::found(partner, founder, system::now_seconds(), &mut rng);
        let nothing = || Base64(Vec::new());
        let me = Me {
            partner_id: partner.to_string(),
            partner_name: "Ada".to_owned(),
            agent_id: agent.to_string(),
            email: "ada@example.org".to_owned(),
            identity: nothing(),
            wrap: nothing(),
            stretching: Stretching {
                salt: nothing(),
                rounds: 0,
            },
            generation: 1,
            keyring: nothing(),
            certificate: Certificate {
                epoch: 1,
                not_before: 0,
                not_after: 1,
                public_key: nothing(),
                signature: nothing(),
            },
            token: Some(String::new()),
            warnings: Vec::new(),
        };
        let server = Server::at("http://localhost:1").unwrap();
        let session = AgentSession::from_parts(server, me, keyring).unwrap();
        let attention = Attention {
            chat_id: chat_id.map(ToOwned::to_owned),
            ..Attention::default()
        };
        Attendance::new(session, attention).unwrap()
    }

    fn row(attendance: &Attendance, chat_id: &str) -> ChatRow {
        ChatRow {
            chat_ref: attendance.chat_ref(chat_id),
            chat_id: chat_id.to_owned(),
            created_at: instant(),
            active_at: instant(),
            last_seq: 0,
            live_seat: Some(2),
            asked_at: None,
            seats: 2,
            unread: 0,
            waiting_since: None,
            partner: Cursors::default(),
            online: false,
            rev: 3,
            ended_at: None,
            ended_by: None,
            label: None,
        }
    }

    fn instant() -> Instant {
        serde_json::from_str("\"2026-01-02T03:04:05Z\"").unwrap()
    }

    fn ended(row: ChatRow) -> ChatRow {
        ChatRow {
            ended_at: Some(instant()),
            ..row
        }
    }

    #[test]
    fn a_new_chat_is_joined_and_a_known_one_followed() {
        let mut attendance = attendance(None);
        let row = row(&attendance, "7");
        assert!(matches!(
            attendance.update(&row, false),
            Command::Join(chat) if chat.chat_id == "7" && chat.live_seat == Some(2)
        ));
        assert!(matches!(attendance.update(&row, true), Command::Follow));
    }

    #[test]
    fn a_chat_that_ended_is_closed_and_does_not_come_back() {
        let mut attendance = attendance(None);
        let row = row(&attendance, "7");
        let ended = ended(row.clone());
        assert!(matches!(attendance.update(&ended, true), Command::Close));
        assert!(matches!(attendance.update(&ended, false), Command::Nothing));
        assert!(matches!(attendance.update(&row, false), Command::Nothing));
    }

    #[test]
    fn an_agent_of_one_chat_leaves_when_it_had_ended_before() {
        let mut attendance = attendance(Some("7"));
        let row = ended(row(&attendance, "7"));
        assert!(matches!(attendance.update(&row, false), Command::Leave));
    }

    #[test]
    fn a_chat_under_another_chats_reference_is_complained_of() {
        let mut attendance = attendance(None);
        let row = ChatRow {
            chat_id: "8".to_owned(),
            ..row(&attendance, "7")
        };
        assert!(matches!(
            attendance.update(&row, false),
            Command::Complain(Error::Untrusted(_))
        ));
    }
}
