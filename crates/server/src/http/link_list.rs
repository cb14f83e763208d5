//! The list of links, light enough to be asked for again and again.

use super::{
    etag,
    identity::LinksReader,
    param::{self, QueryParams},
    problem::ApiResult,
};
use crate::state::AppState;
use axum::{extract::State, response::Response};
use http::HeaderMap;
use wicketgate_domain::{PartnerId, Timestamp, link::LinkQuery};
use wicketgate_protocol::{
    FieldError,
    link::{Fields, LinkList, LinkListAnswer, LinkListPart, LinkListQuery, LinkRow, LinkStatus},
};

/// Lists links, newest first, or the latest used first where `usedSince` is given.
///
/// The answer has an `ETag`. Whoever sends it as `If-None-Match` gets 304 without a body while nothing has changed.
#[utoipa::path(
    get, path = "/api/links", tag = "links",
    params(LinkListQuery, ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the answer before")),
    responses(
        (status = 200, description = "A page of links", body = LinkListAnswer),
        (status = 304, description = "What it was at `If-None-Match`"),
    ),
    security(("key" = ["links:read"]), ("session" = []))
)]
pub(crate) async fn list_links(
    State(state): State<AppState>,
    LinksReader(principal): LinksReader,
    QueryParams(query): QueryParams<LinkListQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let fields = query.fields.as_deref().map(Fields::parse).transpose()?;
    let (limit, now) = (param::page_length(query.limit)?, state.now());
    let query = asked(&query, principal.partner(), limit + 1, now)?;
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
    let answer = match fields {
        None => LinkListAnswer::Whole(LinkList { links, next }),
        Some(fields) => LinkListAnswer::Part(LinkListPart {
            links: links.iter().map(|link| link.part(&fields)).collect(),
            next,
        }),
    };
    etag::unless_known(&headers, &answer)
}

fn asked(
    query: &LinkListQuery,
    partner: PartnerId,
    limit: u32,
    now: Timestamp,
) -> Result<LinkQuery, FieldError> {
    let used_since = query.used_since.map(|since| since.0);
    if used_since.is_some() && query.state.is_some_and(|state| state != LinkStatus::Used) {
        return Err(FieldError::new(
            "state",
            "must be used, or left out, where usedSince is given",
        ));
    }
    Ok(LinkQuery {
        partner,
        state: query.state.map(Into::into),
        chat: param::chat(partner, query.chat.as_deref(), query.chat_id.as_deref())?,
        used_since,
        after: param::query_id("after", query.after.as_deref())?,
        limit,
        now,
    })
}
