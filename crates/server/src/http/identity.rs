//! Who is calling: by a sign-in session, an API key or a seat; by a cookie or a bearer token.

use super::{cookie, problem::ApiError};
use crate::{credentials::Known, state::AppState};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::{HeaderMap, header, request::Parts};
use std::sync::Arc;
use wicketgate_domain::{
    ChatRef, Hash, Token,
    chat::Participant,
    event::Credential,
    key::{ApiKeyText, Principal, Scope},
    link::LinkError,
    seat::SeatHolder,
    session::Session,
    store_error::StoreError,
};
use wicketgate_protocol::{
    Code, Problem,
    message::{Role, RoleQuery},
};

/// What stands before a session's token in `Authorization`.
pub(crate) const SESSION_PREFIX: &str = "wgs_";
/// What stands before a seat's token in `Authorization`.
pub(crate) const SEAT_PREFIX: &str = "wgc_";

/// A bearer token, by its kind.
enum Bearer {
    Session(Token),
    Seat(Token),
    Key(ApiKeyText),
}

/// Whether the request presents a bearer token, whatever it is worth. Then no cookie counts.
pub(crate) fn has_bearer(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
}

/// The bearer token of the request, if there is an `Authorization` at all.
fn bearer(headers: &HeaderMap) -> Result<Option<Bearer>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, token)| read_bearer(token.trim()))
        .map(Some)
        .ok_or_else(|| unauthenticated("This credential is not of a kind that is known here."))
}

fn read_bearer(text: &str) -> Option<Bearer> {
    if let Some(token) = text.strip_prefix(SESSION_PREFIX) {
        return Token::parse(token).ok().map(Bearer::Session);
    }
    if let Some(token) = text.strip_prefix(SEAT_PREFIX) {
        return Token::parse(token).ok().map(Bearer::Seat);
    }
    ApiKeyText::parse(text).map(Bearer::Key)
}

fn unauthenticated(sentence: &'static str) -> Problem {
    Problem::new(Code::Unauthenticated, sentence)
}

const SIGN_IN: &str = "Sign in, or send an API key.";
const ENDED: &str = "This credential is no longer good.";
const NO_SEAT: &str = "This browser holds no seat in this chat.";

/// The live session with that token.
///
/// # Errors
/// [`StoreError`] when the store can't say.
pub(crate) async fn session_by(
    state: &AppState,
    token_hash: Hash,
) -> Result<Option<Arc<Session>>, StoreError> {
    let now = state.now();
    if let Some(Known::Session(session)) = state.credentials.recall(&token_hash, now) {
        return Ok(Some(session));
    }
    let began = state.credentials.began();
    let Some(session) = state.store.session(token_hash, now).await?.map(Arc::new) else {
        return Ok(None);
    };
    let known = Known::Session(Arc::clone(&session));
    state.credentials.remember(began, token_hash, now, known);
    Ok(Some(session))
}

/// The holder of the seat with that token. A closed seat still has one.
///
/// # Errors
/// [`StoreError`] when the store can't say.
pub(crate) async fn seat_by(
    state: &AppState,
    token_hash: Hash,
) -> Result<Option<Arc<SeatHolder>>, StoreError> {
    let now = state.now();
    if let Some(Known::Seat(holder)) = state.credentials.recall(&token_hash, now) {
        return Ok(Some(holder));
    }
    let began = state.credentials.began();
    let found = state.store.seat_holder(token_hash, now).await?;
    let Some(holder) = found.map(Arc::new) else {
        return Ok(None);
    };
    let known = Known::Seat(Arc::clone(&holder));
    state.credentials.remember(began, token_hash, now, known);
    Ok(Some(holder))
}

async fn key_by(state: &AppState, key: &ApiKeyText) -> Result<Option<Principal>, StoreError> {
    let now = state.now();
    let hash = key.secret_hash();
    if let Some(Known::Key(known)) = state.credentials.recall(&hash, now)
        && known.0 == key.id()
    {
        return Ok(Some(known.1.clone()));
    }
    let began = state.credentials.began();
    let Some(row) = state.store.key_caller(key.id(), hash, now).await? else {
        return Ok(None);
    };
    let principal = Principal::Key {
        partner: row.partner,
        key: row.key_ref,
        scopes: row.scopes,
    };
    let known = Known::Key(Arc::new((row.id, principal.clone())));
    state.credentials.remember(began, hash, now, known);
    Ok(Some(principal))
}

/// A signed-in agent.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) session: Arc<Session>,
    pub(crate) token_hash: Hash,
}

impl Agent {
    fn principal(&self) -> Principal {
        Principal::Agent {
            partner: self.session.partner,
            agent: self.session.agent,
            session: self.session.session_ref,
        }
    }
}

/// The agent whose session the request presents.
///
/// # Errors
/// 401 without one, 403 with another kind of credential, 503 when the store can't say.
pub(crate) async fn agent(state: &AppState, headers: &HeaderMap) -> Result<Agent, Problem> {
    let token = match bearer(headers)? {
        Some(Bearer::Session(token)) => token,
        Some(Bearer::Key(_)) => {
            return Err(Problem::new(
                Code::ScopeRequired,
                "An API key can't do this; sign in.",
            ));
        }
        Some(Bearer::Seat(_)) => return Err(unauthenticated(SIGN_IN)),
        None => cookie::session(&state.settings.public_url, headers)
            .ok_or_else(|| unauthenticated(SIGN_IN))?,
    };
    agent_of(state, &token).await
}

async fn agent_of(state: &AppState, token: &Token) -> Result<Agent, Problem> {
    let token_hash = token.hash();
    let session = session_by(state, token_hash)
        .await?
        .ok_or_else(|| unauthenticated(ENDED))?;
    Ok(Agent {
        session,
        token_hash,
    })
}

/// As whom a request or a socket is admitted to a chat, and by which credential.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    pub(crate) who: Participant,
    pub(crate) credential: Credential,
    /// SHA-256 of the token, by which the credential can be looked up again.
    pub(crate) token_hash: Hash,
}

impl From<Agent> for Admission {
    fn from(agent: Agent) -> Self {
        Self {
            who: Participant::Agent {
                partner: agent.session.partner,
                agent: agent.session.agent,
            },
            credential: Credential::Session(agent.session.session_ref),
            token_hash: agent.token_hash,
        }
    }
}

/// The customer whose seat in that chat the request presents.
///
/// # Errors
/// 401 without one, 404 for a seat in another chat, 503 when the store can't say.
pub(crate) async fn customer(
    state: &AppState,
    headers: &HeaderMap,
    chat: ChatRef,
) -> Result<Admission, Problem> {
    let token = match bearer(headers)? {
        Some(Bearer::Seat(token)) => token,
        Some(Bearer::Session(_) | Bearer::Key(_)) => return Err(unauthenticated(NO_SEAT)),
        None => cookie::seat(&state.settings.public_url, headers, chat)
            .ok_or_else(|| unauthenticated(NO_SEAT))?,
    };
    customer_of(state, &token, chat).await
}

async fn customer_of(state: &AppState, token: &Token, chat: ChatRef) -> Result<Admission, Problem> {
    let token_hash = token.hash();
    let holder = seat_by(state, token_hash)
        .await?
        .ok_or_else(|| unauthenticated(NO_SEAT))?;
    if holder.chat != chat {
        return Err(Problem::new(Code::NotFound, "Chat not found"));
    }
    Ok(Admission {
        who: Participant::Customer(SeatHolder::clone(&holder)),
        credential: Credential::Seat(token_hash),
        token_hash,
    })
}

/// Whoever acts in that chat. A bearer token decides by itself; between cookies, the role does.
///
/// # Errors
/// As [`agent`] and [`customer`].
pub(crate) async fn admission(
    state: &AppState,
    headers: &HeaderMap,
    role: Role,
    chat: ChatRef,
) -> Result<Admission, Problem> {
    match (bearer(headers)?, role) {
        (Some(Bearer::Seat(token)), _) => customer_of(state, &token, chat).await,
        (None, Role::Customer) => customer(state, headers, chat).await,
        (Some(Bearer::Session(_) | Bearer::Key(_)), _) | (None, Role::Agent) => {
            agent(state, headers).await.map(Admission::from)
        }
    }
}

/// Extracts a signed-in agent.
pub(crate) struct SignedIn(pub(crate) Agent);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        Ok(Self(agent(state, &parts.headers).await?))
    }
}

/// Extracts a signed-in agent or a program with an API key, whatever it may do.
pub(crate) struct AnyPrincipal(pub(crate) Principal);

impl FromRequestParts<AppState> for AnyPrincipal {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match bearer(&parts.headers)? {
            Some(Bearer::Key(key)) => match key_by(state, &key).await? {
                Some(principal) => Ok(Self(principal)),
                None => Err(unauthenticated(ENDED).into()),
            },
            _ => Ok(Self(agent(state, &parts.headers).await?.principal())),
        }
    }
}

/// The principal of a request that has the scope.
///
/// # Errors
/// As [`agent`], and 403 without the scope.
async fn permitted(
    parts: &mut Parts,
    state: &AppState,
    scope: Scope,
) -> Result<Principal, ApiError> {
    let AnyPrincipal(principal) = AnyPrincipal::from_request_parts(parts, state).await?;
    principal.require(scope).map_err(LinkError::ScopeRequired)?;
    Ok(principal)
}

/// Extracts whoever may list links and show one.
pub(crate) struct LinksReader(pub(crate) Principal);

impl FromRequestParts<AppState> for LinksReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        permitted(parts, state, Scope::LinksRead).await.map(Self)
    }
}

/// Extracts whoever may make and revoke links.
pub(crate) struct LinksWriter(pub(crate) Principal);

impl FromRequestParts<AppState> for LinksWriter {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        permitted(parts, state, Scope::LinksWrite).await.map(Self)
    }
}

/// Of a call that is open to everybody: whoever may make links, by a bearer token. Cookies do not count, and neither
/// does a key without the scope.
impl OptionalFromRequestParts<AppState> for LinksWriter {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        let AnyPrincipal(principal) =
            <AnyPrincipal as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        Ok(principal
            .require(Scope::LinksWrite)
            .is_ok()
            .then_some(Self(principal)))
    }
}

/// What an `Idempotency-Key` is bound to: the secret that the request presents.
pub(crate) struct CredentialText(Vec<u8>);

impl CredentialText {
    /// The secret bytes.
    pub(crate) fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// The secret of a request whose principal was identified already.
    pub(crate) fn of(state: &AppState, headers: &HeaderMap) -> Result<Self, Problem> {
        let bytes = match bearer(headers)? {
            Some(Bearer::Key(key)) => key.reveal().into_bytes(),
            Some(Bearer::Session(token) | Bearer::Seat(token)) => token.reveal_bytes().to_vec(),
            None => cookie::session(&state.settings.public_url, headers)
                .map(|token| token.reveal_bytes().to_vec())
                .ok_or_else(|| unauthenticated(SIGN_IN))?,
        };
        Ok(Self(bytes))
    }
}

/// Extracts the chat that the path names and whoever acts in it, by the `as` of the query.
pub(crate) struct InChat {
    pub(crate) chat: ChatRef,
    pub(crate) admission: Admission,
}

impl FromRequestParts<AppState> for InChat {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let chat = super::param::path_id(parts, state).await?;
        let query = super::param::query::<RoleQuery>(parts)?;
        let role = query.role.unwrap_or_default();
        let admission = admission(state, &parts.headers, role, chat).await?;
        Ok(Self { chat, admission })
    }
}

/// Extracts the customer of the chat that the path names.
pub(crate) struct OnSeat {
    pub(crate) chat: ChatRef,
    pub(crate) holder: SeatHolder,
}

impl FromRequestParts<AppState> for OnSeat {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let chat = super::param::path_id(parts, state).await?;
        match customer(state, &parts.headers, chat).await?.who {
            Participant::Customer(holder) => Ok(Self { chat, holder }),
            Participant::Agent { .. } => Err(unauthenticated(NO_SEAT).into()),
        }
    }
}
