//! Many links in one call.

use super::{
    IDEMPOTENCY_KEY_NAME, LINK_ID_NAME, absent_partner, address, idempotency_key, keep, made,
};
use crate::{
    http::{
        headers::run_to_completion,
        identity::{CredentialText, LinksWriter},
        json::{self, BATCH, Json},
        problem::{ApiError, ApiResult},
    },
    state::AppState,
    system,
};
use axum::{
    Json as Body,
    extract::{FromRequest as _, Request, State},
};
use futures_util::future::join_all;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use std::num::NonZeroU32;
use wicketgate_domain::{
    LinkId, Timestamp,
    id::encode,
    key::Principal,
    link::{LinkDraft, LinkKind, idempotent_id_at},
};
use wicketgate_protocol::link::{
    BatchRequest, BatchResponse, BatchResult, GenerateRequest, GenerateResponse, SealedLinkRequest,
};

/// How many links are handed to the store at once: it commits what waits as one group, and others wait there too.
const AT_ONCE: usize = 250;

/// Makes many links.
///
/// Each is answered as the call that makes one would answer it, in the order asked: a link, or a problem, and neither
/// keeps another from being made. All of them count as creations. With an `Idempotency-Key` a repeated call gets the
/// same link for each place, with `repeated` and its present `state`.
#[utoipa::path(
    post, path = "/api/links/batch", tag = "links",
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible characters that name this call")),
    request_body = BatchRequest,
    responses((status = 200, description = "What became of each link", body = BatchResponse)),
    security(("session" = []), ("key" = ["links:write"]))
)]
pub(crate) async fn create_links(
    State(state): State<AppState>,
    // Only who may make links gets so large a body read.
    LinksWriter(principal): LinksWriter,
    request: Request,
) -> ApiResult<Body<BatchResponse>> {
    let headers = request.headers().clone();
    let key = idempotency_key(&headers)?;
    let credential = CredentialText::of(&state, &headers)?;
    let Json(request) = Json::<BatchRequest, BATCH>::from_request(request, &state).await?;
    let links = request.links()?;
    let count = u32::try_from(links.len()).ok().and_then(NonZeroU32::new);
    state
        .limits
        .create(principal.partner(), count.unwrap_or(NonZeroU32::MIN))?;
    let mut places = Vec::with_capacity(links.len());
    for (place, link) in links.into_iter().enumerate() {
        let id = match key {
            Some(key) => idempotent_id_at(credential.reveal(), key, place),
            None => LinkId::from_bytes(system::random()?),
        };
        places.push(Place {
            link,
            id,
            spare: system::random()?,
        });
    }
    let fingerprint = state
        .fingerprints
        .of(&*state.store, principal.partner(), state.now())
        .await?;
    let batch = Batch {
        fingerprint: encode(&fingerprint.ok_or_else(absent_partner)?),
        now: state.now(),
        principal,
        state,
    };
    let results = run_to_completion(async move { batch.make(&places).await }).await?;
    Ok(Body(BatchResponse { results }))
}

/// What one link of a batch is made of.
struct Place {
    link: Box<RawValue>,
    /// The id of a plain link. A sealed one brings its own.
    id: LinkId,
    spare: [u8; 16],
}

/// What the links of a batch have in common.
struct Batch {
    state: AppState,
    principal: Principal,
    fingerprint: String,
    now: Timestamp,
}

impl Batch {
    async fn make(&self, places: &[Place]) -> Vec<BatchResult> {
        let mut results = Vec::with_capacity(places.len());
        for group in places.chunks(AT_ONCE) {
            let made = join_all(group.iter().map(|place| self.make_one(place))).await;
            results.extend(made.into_iter().map(|made| match made {
                Ok(made) => BatchResult::Made(made),
                Err(ApiError(problem)) => BatchResult::Refused(problem),
            }));
        }
        results
    }

    async fn make_one(&self, place: &Place) -> ApiResult<GenerateResponse> {
        let (id, draft) = read(place)?;
        let is_plain = draft.kind == LinkKind::Plain;
        let name = if is_plain {
            IDEMPOTENCY_KEY_NAME
        } else {
            LINK_ID_NAME
        };
        let (state, principal) = (&self.state, &self.principal);
        let created = keep(state, principal, draft, id, name, place.spare, self.now).await?;
        let mut address = address(state, &id);
        if is_plain {
            address = format!("{address}#2.{}", self.fingerprint);
        }
        Ok(made(state, created, &id, address))
    }
}

/// Reads one link as the call reads it that makes one: a sealed link names its id.
fn read(place: &Place) -> ApiResult<(LinkId, LinkDraft)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SealedMarker {
        link_id: Option<IgnoredAny>,
    }
    let text = place.link.get().as_bytes();
    let is_sealed =
        serde_json::from_slice::<SealedMarker>(text).is_ok_and(|marker| marker.link_id.is_some());
    if is_sealed {
        Ok(json::parse::<SealedLinkRequest>(text)?.try_into()?)
    } else {
        let draft = json::parse::<GenerateRequest>(text)?.try_into()?;
        Ok((place.id, draft))
    }
}
