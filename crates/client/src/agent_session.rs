//! A signed-in agent with the partner's opened keyring.

use wicketgate_crypto::{
    agent::AgentSecret,
    api_key::ApiKey,
    ids::{AgentId, ChatRef, Generation, PartnerId},
    keyring::{Expected, Keyring},
    password::{Password, PasswordSalt},
};
use wicketgate_protocol::{
    chat::{ChatList, ChatRow, SeatList, SeatRow},
    key::{KeyRequest, KeyResponse},
    link::CredentialKind,
    partner::{Done, KeyringCopy, KeyringRequest, Me, SignIn, SignInStart, Stretching},
    problem::Code,
};
use zeroize::Zeroizing;

use crate::{
    error::Error,
    server::{Bearer, Server, escaped},
    system,
    trust::{self, bytes, parsed},
};

/// A signed-in agent. The keyring is in memory only and is wiped when this is dropped.
#[derive(Debug)]
pub struct AgentSession {
    pub(crate) server: Server,
    pub(crate) bearer: Bearer,
    pub(crate) partner: PartnerId,
    pub(crate) keyring: Keyring,
    agent: AgentId,
    name: String,
}

impl AgentSession {
    /// Signs an agent in and opens the partner's keyring. The password stays here: the server gets a value derived from
    /// it, and one that asks for fewer than 600 000 rounds gets nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] with `wrong_credentials`, or whatever keeps the keys from being accepted.
    pub async fn sign_in(server: &Server, email: &str, password: &Password) -> Result<Self, Error> {
        let start = SignInStart {
            email: email.to_owned(),
        };
        let stretching: Stretching = server.post("/api/signin/start", None, &start).await?;
        let salt: PasswordSalt = bytes("salt", &stretching.salt)?;
        let keys = password.stretch(&salt, stretching.rounds)?;
        let sign_in = SignIn {
            email: email.to_owned(),
            auth: keys.auth.expose().as_slice().into(),
            credential: CredentialKind::Bearer,
        };
        let me: Me = server.post("/api/signin", None, &sign_in).await?;
        let agent = parsed("agent", &me.agent_id)?;
        let secret = AgentSecret::unwrap(&me.wrap.0, &keys.wrap, agent)?;
        let expected = Expected {
            partner: parsed("partner", &me.partner_id)?,
            agent,
            generation: Generation::new(me.generation),
            seen: None,
        };
        let keyring = Keyring::open(&me.keyring.0, &secret, &expected)?;
        Self::from_parts(server.clone(), me, keyring)
    }

    pub(crate) fn from_parts(server: Server, me: Me, keyring: Keyring) -> Result<Self, Error> {
        let token = me
            .token
            .ok_or_else(|| Error::Strange("it holds no session".into()))?;
        Ok(Self {
            server,
            bearer: Bearer::new(Zeroizing::new(token)),
            partner: parsed("partner", &me.partner_id)?,
            agent: parsed("agent", &me.agent_id)?,
            name: me.partner_name,
            keyring,
        })
    }

    /// The organisation's id.
    #[must_use]
    pub fn partner_id(&self) -> String {
        self.partner.to_string()
    }

    /// The organisation's name.
    #[must_use]
    pub fn partner_name(&self) -> &str {
        &self.name
    }

    /// Whose keys these are.
    #[must_use]
    pub fn agent_id(&self) -> String {
        self.agent.to_string()
    }

    pub(crate) const fn agent(&self) -> AgentId {
        self.agent
    }

    /// Makes an API key with these scopes (`links:write`, `links:read`, `links:existing`), pinned to the partner's
    /// identity: a client that is given the key refuses any other.
    ///
    /// # Errors
    /// [`Error::Refused`] where the server won't make it.
    pub async fn make_key(&self, name: &str, scopes: &[&str]) -> Result<ApiKey, Error> {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        let request = KeyRequest {
            name: name.to_owned(),
            scopes: Some(scopes),
        };
        let made: KeyResponse = self
            .server
            .post("/api/keys", Some(&self.bearer), &request)
            .await?;
        let text = Zeroizing::new(made.key);
        Ok(ApiKey::parse(&text)?.pinned_to(self.keyring.identity().fingerprint()))
    }

    /// Renews the partner's inbox key once it is thirty days old. A colleague who did so in the same moment wins.
    ///
    /// # Errors
    /// [`Error::Refused`] where the server won't take the keyring.
    pub async fn renew_if_due(&mut self) -> Result<(), Error> {
        if !self.keyring.needs_renewal(system::now_seconds()) {
            return Ok(());
        }
        let mut rng = system::random();
        self.keyring.renew_inbox(system::now_seconds(), &mut rng)?;
        let certificate = self
            .keyring
            .newest_epoch()
            .ok_or(Error::Untrusted("the keyring has no inbox key"))?
            .certificate();
        let copies = self.keyring.seal_to_all(&mut rng).into_iter();
        let request = KeyringRequest {
            generation: self.keyring.generation().number(),
            copies: copies
                .map(|(agent, sealed)| KeyringCopy {
                    agent_id: agent.to_string(),
                    sealed: sealed.into(),
                })
                .collect(),
            certificate: trust::to_wire(&certificate),
        };
        match self
            .server
            .post::<_, Me>("/api/keyring", Some(&self.bearer), &request)
            .await
        {
            Err(error) if error.code() == Some(Code::OtherGeneration) => Ok(()),
            result => result.map(drop),
        }
    }

    /// Ends the session.
    ///
    /// # Errors
    /// [`Error::Unreachable`] and the like; the session then ends by itself in time.
    pub async fn sign_out(self) -> Result<(), Error> {
        self.end_session().await
    }

    pub(crate) async fn end_session(&self) -> Result<(), Error> {
        let nothing = serde_json::Map::new();
        self.server
            .post::<_, Done>("/api/signout", Some(&self.bearer), &nothing)
            .await
            .map(drop)
    }

    /// Every chat that has not ended, the most recently active first.
    pub(crate) async fn chats(&self) -> Result<Vec<ChatRow>, Error> {
        let (mut chats, mut path) = (Vec::new(), "/api/chats?limit=200".to_owned());
        loop {
            let page: ChatList = self.server.get(&path, Some(&self.bearer)).await?;
            chats.extend(
                page.chats
                    .into_iter()
                    .filter(|chat| chat.ended_at.is_none()),
            );
            match page.next {
                Some(next) => path = format!("/api/chats?limit=200&after={}", escaped(&next)),
                None => return Ok(chats),
            }
        }
    }

    /// One chat.
    pub(crate) async fn chat(&self, chat_ref: &ChatRef) -> Result<ChatRow, Error> {
        let path = format!("/api/chats/{chat_ref}");
        let row: ChatRow = self.server.get(&path, Some(&self.bearer)).await?;
        // Another chat's row may well be genuine, and what is meant for this chat would go there.
        if row.chat_ref == chat_ref.to_string() {
            Ok(row)
        } else {
            Err(Error::Untrusted(
                "the server shows another chat than the one that was asked for",
            ))
        }
    }

    /// Every seat that a chat has had.
    pub(crate) async fn seats(&self, chat_ref: &ChatRef) -> Result<Vec<SeatRow>, Error> {
        let path = format!("/api/chats/{chat_ref}/seats");
        self.server
            .get::<SeatList>(&path, Some(&self.bearer))
            .await
            .map(|list| list.seats)
    }
}
