//! The live part: a WebSocket for both sides. The store is the truth, the socket a shortcut.
//!
//! A connection is one task without a timer of its own. It subscribes before it reads, so that nothing falls between;
//! what it can't keep up with it is told to fetch.

mod allowance;
mod connection;
mod followed;
mod incoming;
mod listener;
mod opening;
mod outgoing;
mod pace;
mod reading;
mod since;
mod work;

use crate::{
    http::{
        identity::{self, Admission},
        origin,
        param::{self, QueryParams},
        problem::ApiResult,
    },
    state::AppState,
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use connection::Connection;
use http::HeaderMap;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use pace::Paced;
use serde::Deserialize;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::server::create_response_with_body,
        protocol::{Role as End, WebSocketConfig},
    },
};
use utoipa::IntoParams;
use wicketgate_domain::ChatRef;
use wicketgate_protocol::{Code, FieldError, Problem, message::Role};

/// The longest frame, in bytes.
const LONGEST_FRAME: usize = 64 * 1024;

/// What is read of a frame that is too long, so that its sender can be told before the connection ends.
const LONGEST_READ: usize = 2 * LONGEST_FRAME;

/// The bytes that a connection sets aside for reading: what most frames need.
const READ_BUFFER: usize = 1024;

/// Frames gather up to this many bytes before the system is asked to write them.
const WRITE_BUFFER: usize = 8 * 1024;

/// What may wait in memory to be written: a full buffer, the longest frame, and answers to pings.
const LONGEST_WRITE: usize = 256 * 1024;

/// By which credential a socket goes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SocketQuery {
    /// `customer` to act by the seat's cookie; `agent` when left out.
    #[serde(rename = "as")]
    role: Option<Role>,
    /// The chat; a customer's own.
    chat: Option<String>,
}

/// Opens a socket. Frames are JSON texts of at most 64 KiB: `ClientFrame` one way, `ServerFrame` the other.
#[utoipa::path(
    get, path = "/api/socket", tag = "messages", operation_id = "open_socket",
    params(SocketQuery),
    responses(
        (status = 101, description = "The connection is a WebSocket from here on"),
        (status = 403, description = "`wrong_origin`", body = Problem, content_type = "application/problem+json"),
        (status = 426, description = "`upgrade_required`", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("seat" = []))
)]
pub(crate) async fn upgrade(
    State(state): State<AppState>,
    headers: HeaderMap,
    QueryParams(query): QueryParams<SocketQuery>,
    mut request: Request,
) -> ApiResult<Response> {
    origin::check(&state, &headers)?;
    let admission = admission(&state, &headers, &query).await?;
    let agreed = create_response_with_body(&request, Body::empty);
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (Ok(agreed), Some(upgrade)) = (agreed, upgrade) else {
        let sentence = "This address speaks WebSocket only.";
        return Err(Problem::new(Code::UpgradeRequired, sentence).into());
    };
    tokio::spawn(async move {
        // Who leaves before the answer has nothing to be told.
        let Ok(upgraded) = upgrade.await else { return };
        let stream = Paced::new(TokioIo::new(upgraded));
        let socket = WebSocketStream::from_raw_socket(stream, End::Server, Some(config())).await;
        Connection::start(state, admission, socket).serve().await;
    });
    Ok(agreed)
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(LONGEST_WRITE)
        .max_frame_size(Some(LONGEST_READ))
        .max_message_size(Some(LONGEST_READ))
}

async fn admission(
    state: &AppState,
    headers: &HeaderMap,
    query: &SocketQuery,
) -> Result<Admission, Problem> {
    let chat: Option<ChatRef> = param::query_id("chat", query.chat.as_deref())?;
    match (chat, query.role.unwrap_or_default()) {
        (Some(chat), role) => identity::admission(state, headers, role, chat).await,
        (None, Role::Agent) => identity::agent(state, headers).await.map(Into::into),
        (None, Role::Customer) => {
            Err(FieldError::new("chat", "must name the customer's chat").into())
        }
    }
}
