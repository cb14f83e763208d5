//! The whole route table: every call of the API, every page and file.

use crate::{
    http::{
        chat, compress, head, headers, health, key, known, link, link_list, message, origin, page,
        partner, proxy, session, signin,
    },
    openapi, socket,
    state::AppState,
};
use ::http::header;
use axum::{
    Router,
    extract::State,
    middleware,
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every call of the API, with its documentation.
fn api() -> (Router<AppState>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::document())
        .routes(routes!(link::generate_link))
        .routes(routes!(link::validate_link))
        .routes(routes!(link_list::list_links, link::create_link))
        .routes(routes!(link::batch::create_links))
        .routes(routes!(link::look_at_door))
        .routes(routes!(link::show_link))
        .routes(routes!(link::revoke_link))
        .routes(routes!(chat::list_chats))
        .routes(routes!(chat::show_chat))
        .routes(routes!(chat::list_seats))
        .routes(routes!(chat::show_seat))
        .routes(routes!(chat::ask_for_link))
        .routes(routes!(chat::end_chat))
        .routes(routes!(message::list_messages, message::send_message))
        .routes(routes!(message::mark_seen))
        .routes(routes!(message::say_typing))
        .routes(routes!(partner::setup_state, partner::set_up))
        .routes(routes!(signin::start_sign_in))
        .routes(routes!(signin::sign_in))
        .routes(routes!(signin::start_recovery))
        .routes(routes!(signin::finish_recovery))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::list_sessions))
        .routes(routes!(session::end_session))
        .routes(routes!(partner::show_me))
        .routes(routes!(partner::change_password))
        .routes(routes!(partner::change_recovery))
        .routes(routes!(partner::replace_keyring))
        .routes(routes!(partner::show_partner))
        .routes(routes!(key::list_keys, key::create_key))
        .routes(routes!(key::revoke_key))
        .routes(routes!(socket::upgrade))
        .split_for_parts()
}

/// Every page and file.
fn pages(state: AppState) -> Router<AppState> {
    Router::new()
        .route("/", get(page::home))
        .route("/setup", get(page::desk))
        .route("/signin", get(page::desk))
        .route("/partners", get(page::home))
        .route("/partners/qrcodes", get(page::desk))
        .route("/partners/chats", get(page::desk))
        .route("/partners/chats/{chatRef}", get(page::desk))
        .route("/partners/settings", get(page::desk))
        .route("/secure/chat/{*link}", get(page::door))
        .route("/chat/{chatRef}", get(page::chat))
        .route("/problems/{code}", get(page::problem))
        .route("/assets/{*path}", get(page::asset))
        .route("/favicon.svg", get(page::favicon))
        .route("/favicon.ico", get(page::favicon))
        .route("/robots.txt", get(page::robots))
        .layer(middleware::from_fn(compress::texts))
        .layer(middleware::from_fn_with_state(state, page::at_public_name))
}

/// The whole server as a service.
pub fn router(state: AppState) -> Router {
    let (api, document) = api();
    let known = known::Known::of(&document);
    let api = api
        .route(
            "/api/openapi.json",
            get(serve_openapi).layer(middleware::from_fn(compress::texts)),
        )
        .layer(middleware::from_fn_with_state(known, known::guard));
    Router::new()
        .merge(pages(state.clone()))
        .merge(api)
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(page::nothing)
        .method_not_allowed_fallback(headers::method_not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), origin::guard))
        .layer(middleware::from_fn(head::guard))
        .layer(middleware::from_fn_with_state(state.clone(), proxy::notice))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            headers::security_headers,
        ))
        .with_state(state)
}

/// The API's documentation (OpenAPI 3.1), pretty and stable, with a line feed at its end.
#[must_use]
pub fn openapi_json() -> String {
    openapi::pretty(api().1, None)
}

/// Serves the API's documentation, with the address by which the world calls this server.
async fn serve_openapi(State(state): State<AppState>) -> Response {
    let text = state.document.get_or_init(|| {
        let address = state.settings.public_url.to_string();
        Bytes::from(openapi::pretty(api().1, Some(&address)))
    });
    ([(header::CONTENT_TYPE, "application/json")], text.clone()).into_response()
}
