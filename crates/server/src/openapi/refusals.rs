//! The refusals that calls have by their form. Each is described once, and referred to.

use super::details::header;
use utoipa::openapi::{
    Content, Ref, RefOr, Response,
    path::Operation,
    schema::{ObjectBuilder, Type},
};

/// Every status of a refusal, and its codes.
pub(super) const ALL: [(&str, &str); 13] = [
    ("400", "`invalid_json`"),
    ("401", "`unauthenticated` or `wrong_credentials`"),
    (
        "403",
        "`wrong_origin`, `scope_required`, `other_partner` or `setup_closed`",
    ),
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

/// The name of a status's description.
pub(super) fn name(status: &str) -> String {
    format!("ApiError{status}")
}

/// What is said of that status.
pub(super) fn response(status: &str, description: &str) -> Response {
    let mut response = Response::new(description);
    response.content.insert(
        "application/problem+json".to_owned(),
        Content::new(Some(Ref::from_schema_name("Problem"))).into(),
    );
    let text = || ObjectBuilder::new().schema_type(Type::String);
    match status {
        "401" => {
            let scheme = header(
                "How to present a credential",
                text().enum_values(Some(["Bearer"])),
            );
            response
                .headers
                .insert("WWW-Authenticate".to_owned(), scheme);
        }
        "429" | "503" => {
            let seconds = ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(0));
            let after = header("Seconds after which the same call may succeed", seconds);
            response.headers.insert("Retry-After".to_owned(), after);
        }
        _ => {}
    }
    super::details::add_request_id(&mut response);
    response
}

/// Adds the refusals that a call has by its form: its body, its credential, its path.
pub(super) fn add(operation: &mut Operation, has_name: bool, changes: bool) {
    let takes_body = operation.request_body.is_some();
    let needs_credential = operation.security.is_some();
    for (status, _) in ALL {
        let applies = match status {
            "400" | "408" | "409" | "410" | "413" | "429" => changes,
            "401" => takes_body || needs_credential,
            "403" => changes || needs_credential,
            "404" => takes_body || has_name,
            "415" => takes_body,
            _ => true,
        };
        let responses = &mut operation.responses.responses;
        if applies && !responses.contains_key(status) {
            let response = RefOr::Ref(Ref::from_response_name(name(status)));
            responses.insert(status.to_owned(), response);
        }
    }
}
