//! Messages, receipts and typing over plain HTTP.

use super::{
    identity::InChat,
    json::Json,
    param::{self, QueryParams},
    problem::ApiResult,
    wait,
};
use crate::{state::AppState, typing};
use axum::{Json as Body, extract::State};
use std::time::Duration;
use wicketgate_domain::message::Range;
use wicketgate_protocol::{
    FieldError, Problem,
    chat::Cursors,
    message::{
        MessageList, MessageQuery, RoleQuery, SeenRequest, SendRequest, SendResponse, TypingRequest,
    },
    partner::Done,
};

/// Reads messages of a chat. With `wait` the answer comes when there is one above `after`, or when the time is up; an
/// empty one comes sooner when the other side reads, comes or goes, so that the caller may ask how the chat stands.
#[utoipa::path(
    get, path = "/api/chats/{chatRef}/messages", tag = "messages",
    params(("chatRef" = String, Path, description = "The public name of the chat"), MessageQuery),
    responses((status = 200, description = "The messages, in order", body = MessageList)),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn list_messages(
    State(state): State<AppState>,
    InChat { chat, admission }: InChat,
    QueryParams(query): QueryParams<MessageQuery>,
) -> ApiResult<Body<MessageList>> {
    let limit = param::page_length(query.limit)?;
    let range = range(&query)?;
    let wait = wait_time(query.wait)?;
    let page = if let (Some(wait), Range::After(_)) = (wait, range) {
        wait::page(&state, &admission, chat, range, limit, wait).await?
    } else {
        let messages = state.store.messages(&admission.who, chat, range, limit);
        messages.await?
    };
    Ok(Body(MessageList::for_side(&page, admission.who.side())))
}

fn range(query: &MessageQuery) -> Result<Range, FieldError> {
    match (query.after, query.before) {
        (Some(_), Some(_)) => Err(FieldError::new("before", "can't be given beside after")),
        (Some(after), None) => param::number("after", after).map(Range::After),
        (None, Some(before)) => param::number("before", before).map(Range::Before),
        (None, None) => Ok(Range::Before(u64::MAX)),
    }
}

fn wait_time(seconds: Option<u32>) -> Result<Option<Duration>, FieldError> {
    let wait = seconds.map(|seconds| Duration::from_secs(seconds.into()));
    if wait.is_some_and(|wait| wait > wait::LONGEST_WAIT) {
        return Err(FieldError::new("wait", "must be 0 to 25"));
    }
    Ok(wait)
}

/// Sends a message. The answer comes when it is durable; the same `cid` with the same body gets the same answer.
#[utoipa::path(
    post, path = "/api/chats/{chatRef}/messages", tag = "messages",
    params(("chatRef" = String, Path, description = "The public name of the chat"), RoleQuery),
    request_body = SendRequest,
    responses(
        (status = 200, description = "The message is durable", body = SendResponse),
        (status = 409, description = "`other_content` or `no_seat`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`seat_closed` or `chat_ended`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn send_message(
    State(state): State<AppState>,
    InChat { chat, admission }: InChat,
    Json(request): Json<SendRequest>,
) -> ApiResult<Body<SendResponse>> {
    let message = request.into_message(chat, state.now())?;
    let sent = state.store.send(&admission.who, message).await?;
    Ok(Body(SendResponse {
        success: true,
        cid: sent.message.cid.to_string(),
        seq: sent.message.seq,
        at: sent.message.at.into(),
    }))
}

/// Moves the own cursors forward; answers where they now stand.
#[utoipa::path(
    post, path = "/api/chats/{chatRef}/seen", tag = "messages",
    params(("chatRef" = String, Path, description = "The public name of the chat"), RoleQuery),
    request_body = SeenRequest,
    responses(
        (status = 200, description = "Where the cursors now stand", body = Cursors),
        (status = 410, description = "`seat_closed`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn mark_seen(
    State(state): State<AppState>,
    InChat { chat, admission }: InChat,
    Json(request): Json<SeenRequest>,
) -> ApiResult<Body<Cursors>> {
    let cursors = state
        .store
        .mark_seen(&admission.who, chat, request.into(), state.now())
        .await?;
    Ok(Body(cursors.into()))
}

/// Says that the caller is typing, or has stopped.
#[utoipa::path(
    post, path = "/api/chats/{chatRef}/typing", tag = "messages",
    params(("chatRef" = String, Path, description = "The public name of the chat"), RoleQuery),
    request_body = TypingRequest,
    responses(
        (status = 200, description = "The other side is told", body = Done),
        (status = 410, description = "`seat_closed`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn say_typing(
    State(state): State<AppState>,
    InChat { chat, admission }: InChat,
    Json(request): Json<TypingRequest>,
) -> ApiResult<Body<Done>> {
    typing::tell(&state, &admission.who, chat, request.typing).await?;
    Ok(Body(Done::YES))
}
