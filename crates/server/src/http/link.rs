//! Links: the two calls of the contract, the sealed call, the door, one link. Their list is in `link_list`.

pub(crate) mod batch;

use super::{
    client_address::ClientAddress,
    cookie, device,
    identity::{CredentialText, LinksReader, LinksWriter, SEAT_PREFIX},
    json::{Json, NoMembers},
    param::PathId,
    problem::{ApiResult, internal},
};
use crate::{state::AppState, system};
use axum::{Json as Body, extract::State};
use http::{HeaderMap, HeaderName};
use std::num::NonZeroU32;
use wicketgate_domain::{
    LinkId, LinkRef, PartnerId, Timestamp, Token,
    id::encode,
    key::Principal,
    link::{
        self, Created, Link, LinkDraft, LinkError, LinkKind, Redemption, idempotent_id, seat_token,
    },
    partner::Partner,
};
use wicketgate_protocol::{
    Code, FieldError, Problem,
    link::{
        CredentialKind, Door, DoorRequest, GenerateRequest, GenerateResponse, LinkRow,
        SealedLinkRequest, State as WireState, ValidateRequest, ValidateResponse,
    },
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The same as people write it.
const IDEMPOTENCY_KEY_NAME: &str = "Idempotency-Key";
/// What a repeated call for a sealed link is known by.
const LINK_ID_NAME: &str = "linkId";

/// Makes a plain link.
///
/// The address is in this answer only. A repeated call with the same `Idempotency-Key` gets the same link,
/// with `repeated` and its present `state`.
#[utoipa::path(
    post, path = "/api/generate-secure-link", tag = "links",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible characters that name this call")),
    request_body = GenerateRequest,
    responses((status = 200, description = "The link", body = GenerateResponse)),
    security(("key" = ["links:write"]), ("session" = []))
)]
pub(crate) async fn generate_link(
    State(state): State<AppState>,
    LinksWriter(principal): LinksWriter,
    headers: HeaderMap,
    Json(request): Json<GenerateRequest>,
) -> ApiResult<Body<GenerateResponse>> {
    let draft = LinkDraft::try_from(request)?;
    let id = match idempotency_key(&headers)? {
        Some(key) => idempotent_id(CredentialText::of(&state, &headers)?.reveal(), key),
        None => LinkId::from_bytes(system::random()?),
    };
    let fingerprint = state
        .fingerprints
        .of(&*state.store, principal.partner(), state.now())
        .await?;
    let fingerprint = fingerprint.ok_or_else(absent_partner)?;
    let created = create(state.clone(), principal, draft, id, IDEMPOTENCY_KEY_NAME).await?;
    let address = format!("{}#2.{}", address(&state, &id), encode(&fingerprint));
    Ok(Body(made(&state, created, &id, address)))
}

/// Stores a sealed link, whose address only its maker knows.
///
/// The same bytes again get the same link, with `repeated` and its present `state`.
#[utoipa::path(
    post, path = "/api/links", tag = "links",
    request_body = SealedLinkRequest,
    responses((status = 200, description = "The link", body = GenerateResponse)),
    security(("key" = ["links:write"]), ("session" = []))
)]
pub(crate) async fn create_link(
    State(state): State<AppState>,
    LinksWriter(principal): LinksWriter,
    Json(request): Json<SealedLinkRequest>,
) -> ApiResult<Body<GenerateResponse>> {
    let (id, draft) = <(LinkId, LinkDraft)>::try_from(request)?;
    let created = create(state.clone(), principal, draft, id, LINK_ID_NAME).await?;
    let address = address(&state, &id);
    Ok(Body(made(&state, created, &id, address)))
}

/// Makes the link, or finds that it was made. `name` is what a repeated call is known by.
async fn create(
    state: AppState,
    principal: Principal,
    draft: LinkDraft,
    id: LinkId,
    name: &'static str,
) -> ApiResult<Created> {
    state.limits.create(principal.partner(), NonZeroU32::MIN)?;
    let (spare, now) = (system::random()?, state.now());
    keep(&state, &principal, draft, id, name, spare, now).await
}

/// Stores a link.
async fn keep(
    state: &AppState,
    principal: &Principal,
    draft: LinkDraft,
    id: LinkId,
    name: &'static str,
    spare: [u8; 16],
    now: Timestamp,
) -> ApiResult<Created> {
    match link::create(&*state.store, principal, draft, id, spare, now).await {
        Err(LinkError::OtherContent) => {
            let sentence =
                format!("The same {name} came before with another content; use a new one.");
            Err(Problem::new(Code::OtherContent, sentence)
                .about(name)
                .into())
        }
        Err(error) => Err(error.into()),
        Ok(created) => Ok(created),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, FieldError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|key| {
            (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        })
        .map(Some)
        .ok_or_else(|| FieldError::new(IDEMPOTENCY_KEY_NAME, "must be 1 to 200 visible characters"))
}

async fn partner_of(state: &AppState, partner: PartnerId) -> ApiResult<Partner> {
    let found = state.store.partner(partner).await?;
    found.ok_or_else(|| absent_partner().into())
}

fn absent_partner() -> Problem {
    internal(&"a credential's partner does not exist")
}

fn address(state: &AppState, id: &LinkId) -> String {
    format!("{}/secure/chat/{}", state.settings.public_url, id.reveal())
}

fn made(
    state: &AppState,
    Created { link, repeated }: Created,
    id: &LinkId,
    secure_url: String,
) -> GenerateResponse {
    GenerateResponse {
        success: true,
        link_id: id.reveal(),
        secure_url,
        expires_at: link.expires_at.into(),
        link_ref: link.link_ref.to_string(),
        chat_id: link.chat_id.to_string(),
        chat_ref: link.chat.to_string(),
        state: link.state(state.now()).into(),
        repeated,
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
        (status = 409, description = "`handshake_mismatch`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`link_used`, `link_expired` or `link_revoked`", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("key" = ["links:write"]))
)]
pub(crate) async fn validate_link(
    State(state): State<AppState>,
    ClientAddress(from): ClientAddress,
    bearer: Option<LinksWriter>,
    headers: HeaderMap,
    Json(request): Json<ValidateRequest>,
) -> ApiResult<(HeaderMap, Body<ValidateResponse>)> {
    let now = state.now();
    let Ok(id) = LinkId::parse(&request.link_id) else {
        state.limits.miss(from, &request.link_id)?;
        return Err(LinkError::NotFound.into());
    };
    let claim = secret(request.claim.as_ref(), "claim")?;
    let token = match &claim {
        Some(claim) => seat_token(claim),
        None => Token::from_bytes(system::random()?),
    };
    let redemption = Redemption {
        id_hash: id.hash(),
        claim_hash: claim.as_ref().map(Token::hash),
        proof_hash: secret(request.proof.as_ref(), "proof")?
            .as_ref()
            .map(Token::hash),
        bearer: bearer.map(|LinksWriter(principal)| principal.partner()),
        handshake: request.handshake.map(TryInto::try_into).transpose()?,
        token_hash: token.hash(),
        device: device::of(&headers),
        now,
    };
    let redeemed = state.store.redeem_link(redemption).await;
    if let Err(LinkError::NotFound | LinkError::ProofRequired) = redeemed {
        state.limits.miss(from, &request.link_id)?;
    }
    let seat = redeemed?.seat;
    let mut response = HeaderMap::new();
    let token = match request.credential {
        Some(CredentialKind::Bearer) => Some(format!("{SEAT_PREFIX}{}", token.reveal())),
        Some(CredentialKind::Cookie) => {
            cookie::set_seat(&state, &headers, seat.chat, &token, now, &mut response);
            None
        }
        // A program that keeps cookies would be taken for a page from then on.
        None => None,
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
) -> ApiResult<Body<Door>> {
    let door = door(&state, &request.link_id).await?;
    if door.state == WireState::NotFound {
        state.limits.miss(from, &request.link_id)?;
    }
    Ok(Body(door))
}

/// What the visitor of a link may know before the button is pressed.
pub(crate) async fn door(state: &AppState, link_id: &str) -> ApiResult<Door> {
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

/// Shows one link.
#[utoipa::path(
    get, path = "/api/links/{ref}", tag = "links",
    params(("ref" = String, Path, description = "The link's `ref`, or its `linkId`")),
    responses((status = 200, description = "The link", body = LinkRow)),
    security(("key" = ["links:read"]), ("session" = []))
)]
pub(crate) async fn show_link(
    State(state): State<AppState>,
    LinksReader(principal): LinksReader,
    PathId(name): PathId<LinkRef>,
) -> ApiResult<Body<LinkRow>> {
    let link = find_link(&state, principal.partner(), name).await?;
    Ok(Body(LinkRow::at(&link, state.now())))
}

/// The partner's link of that public name, or of that id: both are sixteen bytes, and whoever made a link has both.
async fn find_link(state: &AppState, partner: PartnerId, name: LinkRef) -> ApiResult<Link> {
    if let Some(link) = state.store.link(partner, name).await? {
        return Ok(link);
    }
    let id = LinkId::from_bytes(*name.as_bytes());
    let link = state.store.link_at_door(id.hash()).await?;
    link.filter(|link| link.partner == partner)
        .ok_or_else(|| LinkError::NotFound.into())
}

/// Ends a valid link. Ending it again gets the first answer.
#[utoipa::path(
    post, path = "/api/links/{ref}/revoke", tag = "links",
    params(("ref" = String, Path, description = "The link's `ref`, or its `linkId`")),
    responses(
        (status = 200, description = "The link as it now stands", body = LinkRow),
        (status = 409, description = "`link_no_longer_valid`, with its state", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["links:write"]), ("session" = []))
)]
pub(crate) async fn revoke_link(
    State(state): State<AppState>,
    LinksWriter(principal): LinksWriter,
    PathId(name): PathId<LinkRef>,
    _: NoMembers,
) -> ApiResult<Body<LinkRow>> {
    let (partner, by) = (principal.partner(), principal.actor());
    let link = find_link(&state, partner, name).await?.link_ref;
    let link = state
        .store
        .revoke_link(partner, link, by, state.now())
        .await?;
    Ok(Body(LinkRow::at(&link, state.now())))
}
