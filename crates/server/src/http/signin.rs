//! Signing in, by password and by recovery code. Nothing tells a wrong password from an unknown e-mail.

use super::{
    client_address::ClientAddress,
    json::Json,
    partner,
    problem::{ApiResult, internal},
    session,
};
use crate::{devices::Familiar, passwords::Place, peer::Client, state::AppState};
use axum::{Json as Body, extract::State};
use http::HeaderMap;
use wicketgate_domain::{
    Hash,
    partner::{Account, ExpectedVerifier, FEWEST_ROUNDS, PartnerError, RecoveryEntry},
    store_error::StoreError,
    text::Email,
};
use wicketgate_protocol::{
    FieldError,
    partner::{Me, RecoveryFinish, RecoveryStart, RecoveryWrap, SignIn, SignInStart, Stretching},
};

fn email(text: &str) -> Result<Email, FieldError> {
    Email::parse(text).map_err(|error| FieldError::new("email", error))
}

/// The account of that e-mail. Looking takes the same time whether there is one.
async fn account_by(state: &AppState, email: &Email) -> Result<Option<Account>, StoreError> {
    let lookup = state.store.account_by_email(email);
    state.lookup_time.even(lookup).await
}

/// How the password of this e-mail is stretched. For an unknown e-mail the answer looks the same.
#[utoipa::path(
    post, path = "/api/signin/start", tag = "account",
    request_body = SignInStart,
    responses((status = 200, description = "How the password is stretched", body = Stretching)),
)]
pub(crate) async fn start_sign_in(
    State(state): State<AppState>,
    Json(request): Json<SignInStart>,
) -> ApiResult<Body<Stretching>> {
    let email = email(&request.email)?;
    let of_nobody = state.passwords.salt_of_nobody(&email)?;
    let account = account_by(&state, &email).await?;
    let (salt, rounds) = account.map_or((of_nobody, FEWEST_ROUNDS), |account| {
        (account.agent.password.salt, account.agent.password.rounds)
    });
    Ok(Body(Stretching {
        salt: salt.as_slice().into(),
        rounds,
    }))
}

/// Signs in with a password.
#[utoipa::path(
    post, path = "/api/signin", tag = "account",
    request_body = SignIn,
    responses((status = 200, description = "The account; the session is a cookie unless `credential` says otherwise", body = Me)),
)]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    Json(request): Json<SignIn>,
) -> ApiResult<(HeaderMap, Body<Me>)> {
    let email = email(&request.email)?;
    let auth = request.auth.exactly("auth")?;
    let familiar = session::familiar(&state, &email, &headers);
    state.limits.sign_in(from, &email, familiar)?;
    let account = account_by(&state, &email).await?;
    let verifier = account
        .as_ref()
        .map(|account| account.agent.password.verifier.as_str());
    let place = familiar.into();
    let right = state.passwords.matches(auth, verifier, place).await?;
    let account = account.filter(|_| right);
    let account = account.ok_or(PartnerError::WrongCredentials)?;
    state.limits.signed_in(from, &email);
    session::open(&state, account, &headers, request.credential).await
}

/// Asks for what the recovery code opens.
#[utoipa::path(
    post, path = "/api/recovery/start", tag = "account",
    request_body = RecoveryStart,
    responses((status = 200, description = "The agent's seed, sealed under the code", body = RecoveryWrap)),
)]
pub(crate) async fn start_recovery(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    Json(request): Json<RecoveryStart>,
) -> ApiResult<Body<RecoveryWrap>> {
    let auth: [u8; 32] = request.auth.exactly("auth")?;
    let email = email(&request.email)?;
    let client = (from, session::familiar(&state, &email, &headers));
    let account = by_recovery_code(&state, &email, Hash::of(&auth), client).await?;
    Ok(Body(RecoveryWrap {
        agent_id: account.agent.id.to_string(),
        wrap: account.agent.recovery.wrap.into(),
    }))
}

/// The account that the code recovers. Only a wrong one counts, so that no guesser holds up who has the right one.
async fn by_recovery_code(
    state: &AppState,
    email: &Email,
    code: Hash,
    (from, familiar): (Client, Option<Familiar>),
) -> ApiResult<Account> {
    let account = account_by(state, email).await?;
    if let Some(account) = account.filter(|account| account.agent.recovery.verifier == code) {
        return Ok(account);
    }
    state.limits.wrong_recovery(from, email, familiar)?;
    Err(PartnerError::WrongRecoveryCode.into())
}

/// Sets a new password and a new recovery code in one step, ends every session, and signs in.
#[utoipa::path(
    post, path = "/api/recovery/finish", tag = "account",
    request_body = RecoveryFinish,
    responses((status = 200, description = "The account; the session is a cookie unless `credential` says otherwise", body = Me)),
)]
pub(crate) async fn finish_recovery(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    Json(request): Json<RecoveryFinish>,
) -> ApiResult<(HeaderMap, Body<Me>)> {
    let auth: [u8; 32] = request.auth.exactly("auth")?;
    let (email, code) = (email(&request.email)?, Hash::of(&auth));
    let new_auth = request.password.auth.exactly("password.auth")?;
    let mut password = request.password.into_entry(String::new())?;
    let recovery = RecoveryEntry::try_from(request.recovery)?;
    let client = (from, session::familiar(&state, &email, &headers));
    let account = by_recovery_code(&state, &email, code, client).await?;
    let agent = account.agent.id;
    // Whoever has the code is no stranger, from wherever they call.
    password.verifier = state.passwords.verifier(new_auth, Place::Kept).await?;
    let expected = ExpectedVerifier::Recovery(code);
    partner::replace_credentials(
        &state,
        agent,
        expected,
        Some(password),
        Some(recovery),
        None,
    )
    .await?;
    state.limits.signed_in(from, &email);
    let account = state.store.account(agent).await?;
    let account = account.ok_or_else(|| internal(&"an account is missing"))?;
    session::open(&state, account, &headers, request.credential).await
}
