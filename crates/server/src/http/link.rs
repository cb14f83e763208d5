//! Links: the two calls of the contract, the sealed call, the door, the list.

pub(crate) mod batch;

use super::{
    cookie, device,
    headers::finish,
    identity::{CredentialText, LinkCaller, SEAT_PREFIX},
    json::Json,
    limit::ClientAddress,
    param::{self, Asked, Named},
    problem::{Answer, internal},
};
use crate::{app::AppState, edge, fingerprints, live};
use axum::{Json as Body, extract::State};
use http::{HeaderMap, HeaderName};
use std::num::NonZeroU32;
use wicketgate_domain::{
    LinkId, LinkRef, PartnerId, Token,
    id::encode,
    key::{Caller, Scope},
    link::{
        self, Link, LinkDraft, LinkError, LinkKind, LinkQuery, LinkState, Redemption,
        idempotent_id, seat_token,
    },
    partner::Partner,
};
use wicketgate_protocol::{
    FieldError, Problem,
    link::{
        CredentialKind, Door, DoorRequest, GenerateRequest, GenerateResponse, LinkList,
        LinkListQuery, LinkRow, SealedLinkRequest, State as WireState, ValidateRequest,
        ValidateResponse,
    },
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Makes a plain link.
///
/// The address is in this answer only. A repeated call with the same `Idempotency-Key` gets the first answer.
#[utoipa::path(
    post, path = "/api/generate-secure-link", tag = "links",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible characters that name this call")),
    request_body = GenerateRequest,
    responses((status = 200, description = "The link", body = GenerateResponse)),
    security(("session" = []), ("key" = ["links:write"]))
)]
pub(crate) async fn generate_link(
    State(state): State<AppState>,
    LinkCaller(caller): LinkCaller,
    headers: HeaderMap,
    Json(request): Json<GenerateRequest>,
) -> Answer<Body<GenerateResponse>> {
    let draft = LinkDraft::try_from(request)?;
    let id = match idempotency_key(&headers)? {
        Some(key) => idempotent_id(CredentialText::of(&state, &headers)?.reveal(), key),
        None => LinkId::from_bytes(edge::random()?),
    };
    let fingerprint = fingerprints::of(&state, caller.partner()).await?;
    let fingerprint = fingerprint.ok_or_else(absent_partner)?;
    let link = create(state.clone(), caller, draft, id).await?;
    let address = format!("{}#2.{}", address(&state, &id), encode(&fingerprint));
    Ok(Body(made(&link, &id, address)))
}

/// Stores a sealed link, whose address only its maker knows.
///
/// The same bytes again get the same answer.
#[utoipa::path(
    post, path = "/api/links", tag = "links",
    request_body = SealedLinkRequest,
    responses((status = 200, description = "The link", body = GenerateResponse)),
    security(("session" = []), ("key" = ["links:write"]))
)]
pub(crate) async fn create_link(
    State(state): State<AppState>,
    LinkCaller(caller): LinkCaller,
    Json(request): Json<SealedLinkRequest>,
) -> Answer<Body<GenerateResponse>> {
    let (id, draft) = <(LinkId, LinkDraft)>::try_from(request)?;
    let link = create(state.clone(), caller, draft, id).await?;
    Ok(Body(made(&link, &id, address(&state, &id))))
}

async fn create(state: AppState, caller: Caller, draft: LinkDraft, id: LinkId) -> Answer<Link> {
    state.limits.create(caller.partner(), NonZeroU32::MIN)?;
    let (spare, now) = (edge::random()?, state.now());
    let link = finish(async move {
        let link = link::create(&*state.store, &caller, draft, id, spare, now).await?;
        live::link_changed(&state, link.clone());
        Ok::<_, LinkError>(link)
    })
    .await??;
    Ok(link)
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, FieldError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|key| (1..=200).contains(&key.len()))
        .map(Some)
        .ok_or_else(|| FieldError::new("Idempotency-Key", "must be 1 to 200 visible characters"))
}

async fn partner_of(state: &AppState, partner: PartnerId) -> Answer<Partner> {
    let found = state.store.partner(partner).await?;
    found.ok_or_else(|| absent_partner().into())
}

fn absent_partner() -> Problem {
    internal(&"a credential's partner does not exist")
}

fn address(state: &AppState, id: &LinkId) -> String {
    format!("{}/secure/chat/{}", state.settings.public_url, id.reveal())
}

fn made(link: &Link, id: &LinkId, secure_url: String) -> GenerateResponse {
    GenerateResponse {
        success: true,
        link_id: id.reveal(),
        secure_url,
        expires_at: link.expires_at.into(),
        link_ref: link.link_ref.to_string(),
        chat_id: link.chat_id.to_string(),
        chat_ref: link.chat.to_string(),
    }
}

/// Redeems a link: its holder gets the seat.
///
/// The same claim again gets the same success. `{linkId}` alone redeems a plain link.
#[utoipa::path(
    post, path = "/api/validate-secure-link", tag = "links",
    request_body = ValidateRequest,
    responses(
        (status = 200, description = "The seat", body = ValidateResponse),
        (status = 403, description = "`proof_required`: the part after # is missing; the link stays valid", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`link_not_found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`other_hello`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`link_used`, `link_expired` or `link_revoked`", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("key" = ["links:write"]))
)]
pub(crate) async fn validate_link(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    caller: Option<LinkCaller>,
    headers: HeaderMap,
    Json(request): Json<ValidateRequest>,
) -> Answer<(HeaderMap, Body<ValidateResponse>)> {
    let now = state.now();
    let Ok(id) = LinkId::parse(&request.link_id) else {
        state.limits.miss(from, &request.link_id)?;
        return Err(LinkError::NotFound.into());
    };
    let claim = secret(request.claim.as_ref(), "claim")?;
    let token = match &claim {
        Some(claim) => seat_token(claim),
        None => Token::from_bytes(edge::random()?),
    };
    let bearer = caller
        .map(|caller| caller.0)
        .filter(|caller| caller.require(Scope::LinksWrite).is_ok());
    let redemption = Redemption {
        id_hash: id.hash(),
        claim_hash: claim.as_ref().map(Token::hash),
        proof_hash: secret(request.proof.as_ref(), "proof")?
            .as_ref()
            .map(Token::hash),
        bearer: bearer.as_ref().map(Caller::partner),
        hello: request.hello.map(TryInto::try_into).transpose()?,
        token_hash: token.hash(),
        device: device::of(&headers),
        now,
    };
    let shared = state.clone();
    let redeemed = finish(async move { live::redeem(&shared, redemption).await }).await?;
    if let Err(LinkError::NotFound | LinkError::ProofRequired) = redeemed {
        state.limits.miss(from, &request.link_id)?;
    }
    let seat = redeemed?.seat;
    let mut response = HeaderMap::new();
    let token = match request.credential.unwrap_or_default() {
        CredentialKind::Bearer => Some(format!("{SEAT_PREFIX}{}", token.reveal())),
        CredentialKind::Cookie => {
            cookie::set_seat(&state, &headers, seat.chat, &token, now, &mut response);
            None
        }
    };
    let answer = ValidateResponse {
        success: true,
        chat_id: seat.chat_id.to_string(),
        partner_id: seat.partner.to_string(),
        chat_ref: seat.chat.to_string(),
        seat: seat.number.0,
        first_seq: seat.first_seq,
        token,
    };
    Ok((response, Body(answer)))
}

fn secret(
    bytes: Option<&wicketgate_protocol::Base64>,
    field: &'static str,
) -> Result<Option<Token>, FieldError> {
    bytes
        .map(|bytes| bytes.exactly(field).map(Token::from_bytes))
        .transpose()
}

/// Looks at a link without changing anything.
#[utoipa::path(
    post, path = "/api/links/door", tag = "links",
    request_body = DoorRequest,
    responses((status = 200, description = "What a visitor may know, also of a link that does not exist", body = Door)),
)]
pub(crate) async fn look_at_door(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    Json(request): Json<DoorRequest>,
) -> Answer<Body<Door>> {
    let door = door(&state, &request.link_id).await?;
    if door.state == WireState::NotFound {
        state.limits.miss(from, &request.link_id)?;
    }
    Ok(Body(door))
}

/// What the visitor of a link may know before the button is pressed.
pub(crate) async fn door(state: &AppState, link_id: &str) -> Answer<Door> {
    let Ok(id) = LinkId::parse(link_id) else {
        return Ok(Door::NOT_FOUND);
    };
    let Some(link) = state.store.link_at_door(id.hash()).await? else {
        return Ok(Door::NOT_FOUND);
    };
    let partner = partner_of(state, link.partner).await?;
    let known = Door {
        state: link.state(state.now()).into(),
        kind: Some((&link.kind).into()),
        partner_id: Some(link.partner.to_string()),
        partner_name: Some(partner.name.to_string()),
        ..Door::NOT_FOUND
    };
    if known.state != WireState::Valid {
        return Ok(known);
    }
    let valid = Door {
        chat_ref: Some(link.chat.to_string()),
        expires_at: Some(link.expires_at.into()),
        ..known
    };
    Ok(match link.kind {
        LinkKind::Sealed(sealed) => Door {
            blob: Some(sealed.blob.into()),
            ..valid
        },
        LinkKind::Plain => Door {
            identity: Some(partner.identity.as_slice().into()),
            certificate: Some(partner.certificate.into()),
            ..valid
        },
    })
}

/// Lists links, newest first.
#[utoipa::path(
    get, path = "/api/links", tag = "links",
    params(LinkListQuery),
    responses((status = 200, description = "A page of links", body = LinkList)),
    security(("session" = []), ("key" = ["links:read"]))
)]
pub(crate) async fn list_links(
    State(state): State<AppState>,
    LinkCaller(caller): LinkCaller,
    Asked(query): Asked<LinkListQuery>,
) -> Answer<Body<LinkList>> {
    caller
        .require(Scope::LinksRead)
        .map_err(LinkError::ScopeRequired)?;
    let limit = param::page_length(query.limit)?;
    let now = state.now();
    let state_asked = match query.state {
        None => None,
        Some(WireState::Valid) => Some(LinkState::Valid),
        Some(WireState::Used) => Some(LinkState::Used),
        Some(WireState::Expired) => Some(LinkState::Expired),
        Some(WireState::Revoked) => Some(LinkState::Revoked),
        Some(WireState::NotFound) => {
            return Err(param::invalid("state must be valid, used, expired or revoked.").into());
        }
    };
    let query = LinkQuery {
        partner: caller.partner(),
        state: state_asked,
        chat: param::named(query.chat.as_deref(), "chat must be a chatRef.")?,
        after: param::named(query.after.as_deref(), "after must be a `next`.")?,
        limit: limit + 1,
        now,
    };
    let links = state.store.links(query).await?;
    let more = links.len() > limit as usize;
    let links: Vec<_> = links
        .iter()
        .take(limit as usize)
        .map(|link| LinkRow::at(link, now))
        .collect();
    let next = links
        .last()
        .filter(|_| more)
        .map(|link| link.link_ref.clone());
    Ok(Body(LinkList { links, next }))
}

/// Shows one link.
#[utoipa::path(
    get, path = "/api/links/{ref}", tag = "links",
    params(("ref" = String, Path, description = "The public name of the link's row")),
    responses((status = 200, description = "The link", body = LinkRow)),
    security(("session" = []), ("key" = ["links:read"]))
)]
pub(crate) async fn show_link(
    State(state): State<AppState>,
    LinkCaller(caller): LinkCaller,
    Named(link): Named<LinkRef>,
) -> Answer<Body<LinkRow>> {
    caller
        .require(Scope::LinksRead)
        .map_err(LinkError::ScopeRequired)?;
    let link = state.store.link(caller.partner(), link).await?;
    let link = link.ok_or(LinkError::NotFound)?;
    Ok(Body(LinkRow::at(&link, state.now())))
}

/// Ends a valid link.
#[utoipa::path(
    post, path = "/api/links/{ref}/revoke", tag = "links",
    params(("ref" = String, Path, description = "The public name of the link's row")),
    responses(
        (status = 200, description = "The link as it now stands", body = LinkRow),
        (status = 409, description = "`link_no_longer_valid`, with its state", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("key" = ["links:write"]))
)]
pub(crate) async fn revoke_link(
    State(state): State<AppState>,
    LinkCaller(caller): LinkCaller,
    Named(link): Named<LinkRef>,
) -> Answer<Body<LinkRow>> {
    caller
        .require(Scope::LinksWrite)
        .map_err(LinkError::ScopeRequired)?;
    let (shared, partner) = (state.clone(), caller.partner());
    let link = finish(async move { live::revoke_link(&shared, partner, link).await }).await??;
    Ok(Body(LinkRow::at(&link, state.now())))
}
