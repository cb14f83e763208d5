//! API keys: make, list, revoke.

use super::{
    identity::SignedIn,
    json::{Json, NoMembers},
    param::PathId,
    problem::ApiResult,
};
use crate::{state::AppState, system};
use axum::{Json as Body, extract::State};
use wicketgate_domain::{
    Actor, KeyRef,
    key::{ApiKey, ApiKeyText, Scope},
    text::KeyName,
};
use wicketgate_protocol::{
    Problem,
    key::{KeyList, KeyRequest, KeyResponse, KeyRow},
};

/// Lists the partner's API keys, newest first.
#[utoipa::path(
    get, path = "/api/keys", tag = "keys",
    responses((status = 200, description = "The keys", body = KeyList)),
    security(("session" = []))
)]
pub(crate) async fn list_keys(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
) -> ApiResult<Body<KeyList>> {
    let keys = state.store.keys(agent.session.partner).await?;
    let keys = keys.iter().map(Into::into).collect();
    Ok(Body(KeyList { keys }))
}

/// Makes an API key. It is shown in this answer only.
#[utoipa::path(
    post, path = "/api/keys", tag = "keys",
    request_body = KeyRequest,
    responses(
        (status = 200, description = "The key", body = KeyResponse),
        (status = 409, description = "`too_many_keys`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []))
)]
pub(crate) async fn create_key(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    Json(request): Json<KeyRequest>,
) -> ApiResult<Body<KeyResponse>> {
    let (name, scopes) = <(KeyName, Vec<Scope>)>::try_from(request)?;
    let text = ApiKeyText::from_bytes(system::random()?, system::random()?);
    let row = ApiKey {
        key_ref: KeyRef::from_bytes(system::random()?),
        id: text.id().to_owned(),
        partner: agent.session.partner,
        name,
        scopes,
        created_at: state.now(),
        used_at: None,
        revoked_at: None,
    };
    let by = Actor::Agent(agent.session.agent);
    state
        .store
        .create_key(row.clone(), text.secret_hash(), by)
        .await?;
    Ok(Body(KeyResponse {
        success: true,
        key: text.reveal(),
        row: (&row).into(),
    }))
}

/// Revokes an API key.
#[utoipa::path(
    post, path = "/api/keys/{ref}/revoke", tag = "keys",
    params(("ref" = String, Path, description = "The public name of the key")),
    responses((status = 200, description = "The key as it now stands", body = KeyRow)),
    security(("session" = []))
)]
pub(crate) async fn revoke_key(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    PathId(key): PathId<KeyRef>,
    _: NoMembers,
) -> ApiResult<Body<KeyRow>> {
    let partner = agent.session.partner;
    let by = Actor::Agent(agent.session.agent);
    let row = state
        .store
        .revoke_key(partner, key, by, state.now())
        .await?;
    Ok(Body((&row).into()))
}
