//! The API's documentation (OpenAPI 3.1), made from the handlers.

mod details;
mod refusals;
mod security;

use utoipa::{
    OpenApi as _,
    openapi::{OpenApi, ServerBuilder},
};
use wicketgate_protocol::{
    Problem,
    frame::{ClientFrame, ServerFrame},
    link::LinkStatus,
    message::Role,
    problem::SeatClosed,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Wicketgate",
        description = "One-time links into end-to-end encrypted chats.\n\nRequests are strict: a member or parameter that a call does not name is refused with 422, which names it. Refusals are problem documents (RFC 9457): `code` is for programs, `error` a sentence for people. Instants are RFC 3339 in UTC with three digits after the second; bytes are base64url without padding.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    components(schemas(ClientFrame, ServerFrame, Problem, Role, SeatClosed, LinkStatus)),
    tags(
        (name = "links", description = "One-time links"),
        (name = "chats", description = "Chats and seats"),
        (name = "messages", description = "Messages, receipts, typing, and the socket: its frames are JSON texts, `ClientFrame` and `ServerFrame`"),
        (name = "account", description = "Partners, agents and their sessions"),
        (name = "keys", description = "API keys"),
    )
)]
struct Document;

/// What the handlers' own documentation is added to.
pub(crate) fn document() -> OpenApi {
    let mut document = Document::openapi();
    let components = document.components.get_or_insert_default();
    for (name, scheme) in security::schemes() {
        components.add_security_scheme(name, scheme);
    }
    for (status, description) in refusals::ALL {
        let response = refusals::response(status, description).into();
        let name = refusals::name(status);
        components.responses.insert(name, response);
    }
    document
}

/// The whole document with what every call has in common, pretty and stable, of a server of that address.
pub(crate) fn pretty(mut document: OpenApi, address: Option<&str>) -> String {
    let described = "The server that this document came from";
    document.servers = Some(vec![
        ServerBuilder::new()
            .url(address.unwrap_or("/"))
            .description(Some(described))
            .build(),
    ]);
    for (path, item) in &mut document.paths.paths {
        for (operation, changes) in [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.delete, true),
        ] {
            if let Some(operation) = operation {
                refusals::add(operation, path.contains('{'), changes);
                security::add_bearers(operation);
                details::complete(operation);
            }
        }
    }
    if let Some(components) = &mut document.components {
        details::limit(components);
    }
    // A document of our own types always serialises.
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
