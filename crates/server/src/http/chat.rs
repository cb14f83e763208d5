//! Chats: the inbox, the seats, the customer's own seat, the wish for a new link, the end.

use super::{
    etag,
    identity::{InChat, OnSeat, SignedIn},
    json::NoMembers,
    param::{self, PathId, QueryParams},
    problem::ApiResult,
};
use crate::state::AppState;
use axum::{Json as Body, extract::State, response::Response};
use http::HeaderMap;
use wicketgate_domain::{
    ChatRef, PartnerId,
    chat::{ChatError, ChatQuery, Participant},
    message::Range,
    side::Side,
};
use wicketgate_protocol::{
    Problem,
    chat::{ChatList, ChatListQuery, ChatRow, SeatList, SeatRow, SeatView},
    message::RoleQuery,
    partner::Done,
};

/// Lists chats that someone entered, the most recently active first.
#[utoipa::path(
    get, path = "/api/chats", tag = "chats",
    params(ChatListQuery, ("If-None-Match" = Option<String>, Header, description = "The `ETag` of the answer before")),
    responses(
        (status = 200, description = "A page of the inbox", body = ChatList),
        (status = 304, description = "What it was at `If-None-Match`"),
    ),
    security(("session" = []))
)]
pub(crate) async fn list_chats(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    QueryParams(query): QueryParams<ChatListQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let limit = param::page_length(query.limit)?;
    let partner = agent.session.partner;
    let chat = param::chat(partner, query.chat.as_deref(), query.chat_id.as_deref())?;
    if let Some(chat) = chat {
        return etag::unless_known(&headers, &only(&state, partner, chat).await?);
    }
    let query = ChatQuery {
        partner,
        after: param::query_id("after", query.after.as_deref())?,
        limit: limit + 1,
    };
    let chats = state.store.chats(query).await?;
    let more = chats.len() > limit as usize;
    let chats: Vec<_> = chats
        .iter()
        .take(limit as usize)
        .map(|chat| ChatRow::labelled(chat, customer_is_there(&state, chat.chat_ref)))
        .collect();
    let next = chats
        .last()
        .filter(|_| more)
        .map(|chat| chat.chat_ref.clone());
    etag::unless_known(&headers, &ChatList { chats, next })
}

/// The page of one chat: whoever asks whether a chat is there gets an answer, not a refusal.
async fn only(state: &AppState, partner: PartnerId, chat: ChatRef) -> ApiResult<ChatList> {
    let found = state.store.chat(partner, chat).await?;
    let chats = found
        .iter()
        .filter(|found| found.seats > 0)
        .map(|found| ChatRow::of(found, customer_is_there(state, chat)))
        .collect();
    Ok(ChatList { chats, next: None })
}

fn customer_is_there(state: &AppState, chat: ChatRef) -> bool {
    state.relay.is_customer_online(chat)
}

/// Shows one chat.
#[utoipa::path(
    get, path = "/api/chats/{chatRef}", tag = "chats",
    params(("chatRef" = String, Path, description = "The public name of the chat")),
    responses((status = 200, description = "The chat", body = ChatRow)),
    security(("session" = []))
)]
pub(crate) async fn show_chat(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    PathId(chat): PathId<ChatRef>,
) -> ApiResult<Body<ChatRow>> {
    let row = state.store.chat(agent.session.partner, chat).await?;
    let row = row.ok_or(ChatError::NotFound)?;
    Ok(Body(ChatRow::labelled(
        &row,
        customer_is_there(&state, chat),
    )))
}

/// Lists every seat that a chat has had, oldest first.
#[utoipa::path(
    get, path = "/api/chats/{chatRef}/seats", tag = "chats",
    params(("chatRef" = String, Path, description = "The public name of the chat")),
    responses((status = 200, description = "The seats", body = SeatList)),
    security(("session" = []))
)]
pub(crate) async fn list_seats(
    State(state): State<AppState>,
    SignedIn(agent): SignedIn,
    PathId(chat): PathId<ChatRef>,
) -> ApiResult<Body<SeatList>> {
    let partner = agent.session.partner;
    let row = state.store.chat(partner, chat).await?;
    row.ok_or(ChatError::NotFound)?;
    let seats = state.store.seats(partner, chat).await?;
    let seats = seats.iter().map(SeatRow::for_agents).collect();
    Ok(Body(SeatList { seats }))
}

/// Shows the caller's own seat, also a closed one.
#[utoipa::path(
    get, path = "/api/chats/{chatRef}/seat", tag = "chats",
    params(("chatRef" = String, Path, description = "The public name of the chat")),
    responses((status = 200, description = "The seat", body = SeatView)),
    security(("seat" = []))
)]
pub(crate) async fn show_seat(
    State(state): State<AppState>,
    OnSeat { chat, holder }: OnSeat,
) -> ApiResult<Body<SeatView>> {
    let partner_id = holder.partner;
    let row = state.store.chat(partner_id, chat).await?;
    let row = row.ok_or(ChatError::NotFound)?;
    let seats = state.store.seats(partner_id, chat).await?;
    let seat = seats.iter().find(|seat| seat.number == holder.number);
    let seat = SeatRow::for_customer(seat.ok_or(ChatError::NotFound)?);
    let partner = state.store.partner(partner_id).await?;
    let partner = partner.ok_or(ChatError::NotFound)?;
    let who = Participant::Customer(holder);
    let newest = Range::Before(u64::MAX);
    let page = state.store.messages(&who, chat, newest, 1).await?;
    Ok(Body(SeatView {
        partner_id: partner_id.to_string(),
        partner_name: partner.name.to_string(),
        chat_id: row.chat_id.to_string(),
        seat,
        partner: wicketgate_protocol::chat::Cursors {
            delivered: row.delivered,
            read: row.read,
        },
        online: state.relay.is_partner_online(partner_id),
        last_seq: page.last_seq,
        ended_at: row.ended.map(|(at, _)| at.into()),
        ended_by: row.ended.map(|(_, by)| Side::into(by)),
    }))
}

/// Asks the partner for a new link: the customer's browser has lost the keys. Asking again changes nothing.
#[utoipa::path(
    post, path = "/api/chats/{chatRef}/ask", tag = "chats",
    params(("chatRef" = String, Path, description = "The public name of the chat")),
    responses(
        (status = 200, description = "The agents see it", body = Done),
        (status = 410, description = "`seat_closed`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("seat" = []))
)]
pub(crate) async fn ask_for_link(
    State(state): State<AppState>,
    OnSeat { holder, .. }: OnSeat,
    _: NoMembers,
) -> ApiResult<Body<Done>> {
    state.store.ask_for_link(&holder, state.now()).await?;
    Ok(Body(Done::YES))
}

/// Ends a chat for good. Its seat is closed and its unused links are revoked.
#[utoipa::path(
    post, path = "/api/chats/{chatRef}/end", tag = "chats",
    params(("chatRef" = String, Path, description = "The public name of the chat"), RoleQuery),
    responses(
        (status = 200, description = "It has ended", body = Done),
        (status = 410, description = "`seat_closed`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn end_chat(
    State(state): State<AppState>,
    InChat { chat, admission }: InChat,
    _: NoMembers,
) -> ApiResult<Body<Done>> {
    state
        .store
        .end_chat(&admission.who, chat, state.now())
        .await?;
    Ok(Body(Done::YES))
}
