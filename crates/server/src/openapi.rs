//! The API's documentation (OpenAPI 3.1), made from the handlers.

use axum::response::{IntoResponse, Response};
use http::header;
use std::sync::OnceLock;
use utoipa::{
    OpenApi as _,
    openapi::{
        Content, OpenApi, Ref, RefOr, Response as Documented,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use wicketgate_protocol::{
    Problem,
    frame::{ClientFrame, ServerFrame},
    message::Role,
    problem::SeatState,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Wicketgate",
        description = "One-time links into end-to-end encrypted chats. Refusals are problem documents (RFC 9457).",
    ),
    components(schemas(ClientFrame, ServerFrame, Problem, Role, SeatState)),
    tags(
        (name = "links", description = "One-time links"),
        (name = "chats", description = "Chats and seats"),
        (name = "messages", description = "Messages, receipts and typing"),
        (name = "live", description = "The socket: frames are JSON texts, `ClientFrame` and `ServerFrame`"),
        (name = "account", description = "Partners, agents and their sessions"),
        (name = "keys", description = "API keys"),
    )
)]
struct Document;

/// What the handlers' own documentation is added to.
pub(crate) fn document() -> OpenApi {
    let mut document = Document::openapi();
    let components = document.components.get_or_insert_default();
    let bearer = |description: &str| {
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(description))
                .build(),
        )
    };
    let cookie = |name: &str, description: &str| {
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            name,
            description,
        )))
    };
    components.add_security_scheme(
        "session",
        cookie(
            "wg_session",
            "A sign-in session; `__Host-wg_session` over https. Or `Authorization: Bearer wgs_…`.",
        ),
    );
    components.add_security_scheme(
        "seat",
        cookie(
            "wg_seat_{chatRef}",
            "A seat, with `?as=customer`; `__Host-wg_seat_…` over https. Or `Authorization: Bearer wgc_…`.",
        ),
    );
    components.add_security_scheme("key", bearer("An API key: `wg_{id}.{secret}`."));
    for (status, description) in REFUSALS {
        let response = refusal(description).into();
        components.responses.insert(reference(status), response);
    }
    document
}

/// The whole document with what every call has in common, pretty and stable.
pub(crate) fn pretty(mut document: OpenApi) -> String {
    for (path, item) in &mut document.paths.paths {
        let has_name = path.contains('{');
        for (operation, changes) in [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.delete, true),
        ] {
            if let Some(operation) = operation {
                add_refusals(operation, has_name, changes);
            }
        }
    }
    // A document of our own types always serialises.
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The refusals that calls have by their form. Each is described once, and referred to.
const REFUSALS: [(&str, &str); 13] = [
    ("400", "`invalid_json` or `invalid_parameter`"),
    ("401", "`unauthenticated` or `wrong_credentials`"),
    ("403", "`wrong_origin`, `scope_required` or `other_partner`"),
    ("404", "`not_found` or `link_not_found`"),
    ("408", "`too_slow`"),
    ("409", "It contradicts what is stored; `code` says how"),
    ("410", "It is over; `code` says what"),
    ("413", "`too_large`"),
    ("415", "`not_json`"),
    ("422", "`invalid_field`; `field` names it"),
    (
        "429",
        "`too_many_requests`; `Retry-After` says when to come again",
    ),
    ("500", "`internal`"),
    ("503", "`unavailable`: nothing was acknowledged; try again"),
];

fn reference(status: &str) -> String {
    format!("Refusal{status}")
}

/// Adds the refusals that a call has by its form: its body, its credential, its path.
fn add_refusals(operation: &mut Operation, has_name: bool, changes: bool) {
    let takes_body = operation.request_body.is_some();
    let needs_credential = operation.security.is_some();
    let asks = operation.parameters.is_some();
    for (status, _) in REFUSALS {
        let applies = match status {
            "400" => takes_body || asks,
            "401" => takes_body || needs_credential,
            "403" => changes || needs_credential,
            "404" => takes_body || has_name,
            "408" | "413" | "415" => takes_body,
            "409" | "410" | "422" | "429" => changes,
            _ => true,
        };
        if applies && !operation.responses.responses.contains_key(status) {
            let response = RefOr::Ref(Ref::from_response_name(reference(status)));
            operation
                .responses
                .responses
                .insert(status.to_owned(), response);
        }
    }
}

fn refusal(description: &str) -> Documented {
    let mut response = Documented::new(description);
    response.content.insert(
        "application/problem+json".to_owned(),
        Content::new(Some(Ref::from_schema_name("Problem"))).into(),
    );
    response
}

/// Serves the document.
pub(crate) async fn serve() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(crate::app::openapi_json).as_str();
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}
