//! Partners and their agents' accounts: set-up, the own account, passwords, recovery codes, keyrings.

use super::{
    client_address::ClientAddress,
    identity::{Agent, AnyPrincipal, SignedIn},
    json::{Json, LARGE},
    problem::{ApiResult, internal},
    session,
};
use crate::{passwords::Place, settings::SetupPermit, state::AppState};
use axum::{Json as Body, extract::State};
use http::HeaderMap;
use wicketgate_domain::{
    Actor, AgentId, SessionRef,
    partner::{Account, ExpectedVerifier, NewKeyring, PartnerError, PasswordEntry, RecoveryEntry},
};
use wicketgate_protocol::{
    Base64, Problem,
    partner::{
        Done, KeyringRequest, Me, PartnerView, PasswordChange, RecoveryChange, SetupRequest,
        SetupState,
    },
};

/// Whether anyone has set this server up.
#[utoipa::path(
    get, path = "/api/setup", tag = "account",
    responses((status = 200, description = "Whether there is a partner", body = SetupState)),
)]
pub(crate) async fn setup_state(State(state): State<AppState>) -> ApiResult<Body<SetupState>> {
    let done = state.is_set_up().await?;
    Ok(Body(SetupState { done }))
}

/// Makes a partner with its first agent, and signs that agent in.
#[utoipa::path(
    post, path = "/api/setup", tag = "account",
    request_body = SetupRequest,
    responses(
        (status = 200, description = "The agent's account; the session is a cookie unless `credential` says otherwise", body = Me),
        (status = 403, description = "`setup_closed`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`email_taken` or `partner_exists`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn set_up(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    Json(request): Json<SetupRequest, LARGE>,
) -> ApiResult<(HeaderMap, Body<Me>)> {
    let only_if_first = match state.settings.setup.admits(&request.setup_token) {
        Some(SetupPermit::First) => true,
        Some(SetupPermit::Any) => false,
        // Only what was wrong counts, so that no guesser holds up who has the token.
        None => {
            state.limits.wrong_set_up(from)?;
            return Err(PartnerError::SetupClosed.into());
        }
    };
    if only_if_first && state.is_set_up().await? {
        return Err(PartnerError::SetupClosed.into());
    }
    let credential = request.credential;
    let auth = request.password.auth.exactly("password.auth")?;
    // What does not fit is refused before a password is stretched for it.
    let mut new = request.into_partner(String::new(), only_if_first, state.now())?;
    let place = Place::Kept;
    new.agent.password.verifier = state.passwords.verifier(auth, place).await?;
    let (agent, email) = (new.agent.id, new.agent.email.clone());
    state.store.create_partner(new).await?;
    state.limits.signed_in(from, &email);
    let account = state.store.account(agent).await?;
    let account = account.ok_or_else(|| internal(&"a new account is missing"))?;
    session::open(&state, account, &headers, credential).await
}

/// The signed-in agent's account, with everything that a fresh device needs.
#[utoipa::path(
    get, path = "/api/me", tag = "account",
    responses((status = 200, description = "The account", body = Me)),
    security(("session" = []))
)]
pub(crate) async fn show_me(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
) -> ApiResult<Body<Me>> {
    let me = Me::of(account_of(&state, &agent).await?, None);
    Ok(Body(me.with_warnings(state.warnings())))
}

async fn account_of(state: &AppState, agent: &Agent) -> ApiResult<Account> {
    let account = state.store.account(agent.session.agent).await?;
    account.ok_or_else(|| internal(&"a session's account does not exist").into())
}

/// Changes the password. Every other session ends.
#[utoipa::path(
    post, path = "/api/me/password", tag = "account",
    request_body = PasswordChange,
    responses((status = 200, description = "The account", body = Me)),
    security(("session" = []))
)]
pub(crate) async fn change_password(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    Json(request): Json<PasswordChange>,
) -> ApiResult<Body<Me>> {
    let auth = request.password.auth.exactly("password.auth")?;
    let mut entry = request.password.into_entry(String::new())?;
    let expected = confirmed(&state, &agent, &request.current).await?;
    entry.verifier = state.passwords.verifier(auth, Place::Kept).await?;
    let (own, keep) = (agent.session.agent, Some(agent.session.session_ref));
    replace_credentials(&state, own, expected, Some(entry), None, keep).await?;
    let me = Me::of(account_of(&state, &agent).await?, None);
    Ok(Body(me.with_warnings(state.warnings())))
}

/// Changes the recovery code. The old one is no longer good. Every other session ends.
#[utoipa::path(
    post, path = "/api/me/recovery", tag = "account",
    request_body = RecoveryChange,
    responses((status = 200, description = "The code was changed", body = Done)),
    security(("session" = []))
)]
pub(crate) async fn change_recovery(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    Json(request): Json<RecoveryChange>,
) -> ApiResult<Body<Done>> {
    let entry = RecoveryEntry::try_from(request.recovery)?;
    let expected = confirmed(&state, &agent, &request.current).await?;
    let (own, keep) = (agent.session.agent, Some(agent.session.session_ref));
    replace_credentials(&state, own, expected, None, Some(entry), keep).await?;
    Ok(Body(Done::YES))
}

/// The verifier of the password that the signed-in agent has just confirmed.
async fn confirmed(
    state: &AppState,
    agent: &Agent,
    current: &Base64,
) -> ApiResult<ExpectedVerifier> {
    let auth = current.exactly("current")?;
    let account = account_of(state, agent).await?;
    state.limits.confirm(agent.session.session_ref.into())?;
    let verifier = account.agent.password.verifier;
    let right = state
        .passwords
        .matches(auth, Some(&verifier), Place::Kept)
        .await?;
    if !right {
        return Err(PartnerError::WrongCredentials.into());
    }
    Ok(ExpectedVerifier::Password(verifier))
}

/// Replaces a password, a recovery code or both, and ends every session but the one to keep.
pub(crate) async fn replace_credentials(
    state: &AppState,
    agent: AgentId,
    expected: ExpectedVerifier,
    password: Option<PasswordEntry>,
    recovery: Option<RecoveryEntry>,
    keep: Option<SessionRef>,
) -> ApiResult<()> {
    state
        .store
        .replace_credentials(agent, expected, password, recovery, keep, state.now())
        .await?;
    Ok(())
}

/// Replaces the partner's keyring.
#[utoipa::path(
    post, path = "/api/keyring", tag = "account",
    request_body = KeyringRequest,
    responses(
        (status = 200, description = "The account", body = Me),
        (status = 409, description = "`other_generation`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub(crate) async fn replace_keyring(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    Json(request): Json<KeyringRequest, LARGE>,
) -> ApiResult<Body<Me>> {
    let keyring = NewKeyring::try_from(request)?;
    let partner = agent.session.partner;
    let by = Actor::Agent(agent.session.agent);
    state
        .store
        .replace_keyring(partner, keyring, by, state.now())
        .await?;
    let me = Me::of(account_of(&state, &agent).await?, None);
    Ok(Body(me.with_warnings(state.warnings())))
}

/// The caller's partner, with the keys that links vouch for.
#[utoipa::path(
    get, path = "/api/partner", tag = "account",
    responses((status = 200, description = "The partner", body = PartnerView)),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show_partner(
    State(state): State<AppState>,
    AnyPrincipal(principal): AnyPrincipal,
) -> ApiResult<Body<PartnerView>> {
    let partner = state.store.partner(principal.partner()).await?;
    let partner = partner.ok_or_else(|| internal(&"a credential's partner does not exist"))?;
    Ok(Body(partner.into()))
}
