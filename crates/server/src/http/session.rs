//! Sessions: opening, listing and ending them.

use super::{
    cookie, device,
    identity::{SESSION_PREFIX, SignedIn, has_bearer},
    json::NoMembers,
    param::{InPath as _, PathId},
    problem::ApiResult,
};
use crate::{
    devices::Familiar,
    state::AppState,
    system::{self, NoRandomness},
};
use axum::{Json as Body, extract::State};
use http::HeaderMap;
use wicketgate_domain::{SessionRef, Token, partner::Account, session::Session, text::Email};
use wicketgate_protocol::{
    link::CredentialKind,
    partner::{Done, Me},
    session::{SessionList, SessionRow},
};

/// Opens a session for an agent who has just shown who they are.
pub(crate) async fn open(
    state: &AppState,
    account: Account,
    request: &HeaderMap,
    credential: CredentialKind,
) -> ApiResult<(HeaderMap, Body<Me>)> {
    let now = state.now();
    let token = Token::from_bytes(system::random()?);
    let session_ref = SessionRef::from_bytes(system::random()?);
    let session = Session {
        session_ref,
        partner: account.partner.id,
        agent: account.agent.id,
        created_at: now,
        used_at: now,
        device: device::of(request),
    };
    state.store.create_session(session, token.hash()).await?;
    let mut headers = HeaderMap::new();
    let text = match credential {
        CredentialKind::Bearer => Some(format!("{SESSION_PREFIX}{}", token.reveal())),
        CredentialKind::Cookie => {
            cookie::set_session(state, &token, &mut headers);
            remember(state, &account.agent.email, request, &mut headers)?;
            None
        }
    };
    let me = Me::of(account, text).with_warnings(state.warnings());
    Ok((headers, Body(me)))
}

/// Has the account know this browser again.
fn remember(
    state: &AppState,
    account: &Email,
    request: &HeaderMap,
    answer: &mut HeaderMap,
) -> Result<(), NoRandomness> {
    let now = state.now();
    // A browser that is known stays the same one, with the tries that it has left.
    let number = match familiar(state, account, request) {
        Some(Familiar::Browser(number)) => number,
        Some(Familiar::Session(_)) | None => system::random()?,
    };
    let token = state.devices.token(account, now, number);
    let of_others = cookie::devices(&state.settings.public_url, request)
        .filter(|other| state.devices.recognise(other, account, now).is_none());
    cookie::set_device(state, &token, of_others, answer);
    Ok(())
}

/// Whether this browser is known to the account, whoever uses it.
pub(crate) fn familiar(state: &AppState, account: &Email, request: &HeaderMap) -> Option<Familiar> {
    cookie::devices(&state.settings.public_url, request)
        .find_map(|token| state.devices.recognise(token, account, state.now()))
}

/// Ends the session that the call presents.
#[utoipa::path(
    post, path = "/api/signout", tag = "account",
    responses((status = 200, description = "The session has ended", body = Done)),
    security(("session" = []))
)]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    request: HeaderMap,
    _: NoMembers,
) -> ApiResult<(HeaderMap, Body<Done>)> {
    let mut headers = HeaderMap::new();
    // A cookie beside a bearer is another session's.
    if !has_bearer(&request) {
        cookie::clear_session(&state, &mut headers);
    }
    let session = agent.session;
    state
        .store
        .end_session(session.agent, session.session_ref, state.now())
        .await?;
    Ok((headers, Body(Done::YES)))
}

/// Lists the caller's live sessions, newest first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "account",
    responses((status = 200, description = "The sessions", body = SessionList)),
    security(("session" = []))
)]
pub(crate) async fn list_sessions(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
) -> ApiResult<Body<SessionList>> {
    let sessions = state
        .store
        .sessions(agent.session.agent, state.now())
        .await?;
    let sessions = sessions
        .iter()
        .map(|session| SessionRow::seen_from(session, agent.session.session_ref))
        .collect();
    Ok(Body(SessionList { sessions }))
}

/// Ends one of the caller's sessions.
#[utoipa::path(
    post, path = "/api/sessions/{ref}/end", tag = "account",
    params(("ref" = String, Path, description = "The public name of the session")),
    responses((status = 200, description = "The session has ended", body = Done)),
    security(("session" = []))
)]
pub(crate) async fn end_session(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    PathId(ended): PathId<SessionRef>,
    _: NoMembers,
) -> ApiResult<Body<Done>> {
    let session = agent.session;
    let was = state
        .store
        .end_session(session.agent, ended, state.now())
        .await?;
    if was {
        return Ok(Body(Done::YES));
    }
    Err(SessionRef::absent().into())
}
