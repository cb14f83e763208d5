//! How a client says who it is.

use utoipa::openapi::{
    path::Operation,
    security::{
        ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
    },
};

/// Every way, by its name in the document.
pub(super) fn schemes() -> [(&'static str, SecurityScheme); 5] {
    [
        (
            "key",
            bearer(
                "An API key, `wg_{id}.{secret}`; a third part, which names the partner's identity for its holder, may stay on it.\n\nWhat it may do are its scopes:\n\n- `links:write`: make links and revoke them; open own sealed links without the proof from their address\n- `links:read`: list links and show one\n- `links:existing`: beside `links:write`, make links to chats that have had a customer already, so that whoever opens one takes the customer's place there\n\nThe list beside a call names the scopes that it takes; without them it is 403 `scope_required`. A key that is named without scopes gets the first two.",
            ),
        ),
        (
            "session",
            cookie(
                "wg_session",
                "A sign-in session, as pages have it; `__Host-wg_session` over https. Changing calls then need this server's `Origin`.",
            ),
        ),
        (
            "sessionToken",
            bearer(
                "A sign-in session, as programs have it: `wgs_…`, from a sign-in with `credential: \"bearer\"`.",
            ),
        ),
        (
            "seat",
            cookie(
                "wg_seat_{chatRef}",
                "A customer's seat, as pages have it, with `as=customer`; `__Host-wg_seat_…` over https. Changing calls then need this server's `Origin`.",
            ),
        ),
        (
            "seatToken",
            bearer(
                "A customer's seat, as programs have it: `wgc_…`, from a redemption with `credential: \"bearer\"`.",
            ),
        ),
    ]
}

fn bearer(description: &str) -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(description));
    SecurityScheme::Http(scheme.build())
}

fn cookie(name: &str, description: &str) -> SecurityScheme {
    SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        name,
        description,
    )))
}

/// Whatever a page does by its cookie a program may do by a bearer. A call for everybody says so.
pub(super) fn add_bearers(operation: &mut Operation) {
    let Some(ways) = &mut operation.security else {
        operation.security = Some(Vec::new());
        return;
    };
    for (cookie, bearer) in [("session", "sessionToken"), ("seat", "seatToken")] {
        let cookie = SecurityRequirement::new(cookie, [""; 0]);
        if ways.contains(&cookie) {
            ways.push(SecurityRequirement::new(bearer, [""; 0]));
        }
    }
}
