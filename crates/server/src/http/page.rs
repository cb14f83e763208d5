//! The pages: their first HTML, their files, their policy. Nothing here changes anything.

use super::{
    client_address::ClientAddress,
    headers,
    html::{self, Page},
    link,
    words::{Spoken, Words},
};
use crate::{coding::Coding, settings::PublicUrl, state::AppState};
use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use maud::Markup;
use serde_json::json;
use wicketgate_domain::ChatRef;
use wicketgate_protocol::{Code, link::State as LinkState};

/// How many characters a link's id has.
const LINK_ID_LENGTH: usize = 22;

const FAVICON: &str = include_str!("favicon.svg");
const ROBOTS: &str = "User-agent: *\nDisallow: /\n";
const PERMISSIONS: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(self)";

/// What pages may load and do.
fn policy(url: &PublicUrl) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         connect-src 'self' {}; worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self'; require-trusted-types-for 'script'; trusted-types wicketgate",
        url.socket_origin()
    );
    // An address that was parsed holds only characters that a header takes.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn page_policy(state: &AppState) -> HeaderValue {
    let policy = || policy(&state.settings.public_url);
    state.page_policy.get_or_init(policy).clone()
}

fn answer(state: &AppState, status: StatusCode, page: &Page<'_>) -> Response {
    let mut response = (status, page.render()).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.insert(name, value);
    };
    set(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    set(header::CONTENT_SECURITY_POLICY, page_policy(state));
    set(
        header::VARY,
        HeaderValue::from_static("accept-encoding, accept-language"),
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    set(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    );
    set(
        HeaderName::from_static("x-robots-tag"),
        HeaderValue::from_static("noindex, nofollow"),
    );
    response
}

/// A page that only says something.
fn saying(
    state: &AppState,
    words: &Words,
    status: StatusCode,
    title: &str,
    body: Markup,
) -> Response {
    let page = Page {
        words,
        title,
        entry: &state.assets.customer,
        runs: false,
        boot: None,
        body,
    };
    answer(state, status, &page)
}

fn unavailable(state: &AppState, words: &Words) -> Response {
    let own = &words.own;
    let body = html::notice(words, &own.unavailable, &own.unavailable_reason);
    let status = StatusCode::SERVICE_UNAVAILABLE;
    saying(state, words, status, &own.unavailable, body)
}

/// Sends a page's visitor from another name of this machine to the public one, where the cookies are.
pub(crate) async fn at_public_name(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let url = &state.settings.public_url;
    let elsewhere = matches!(*request.method(), Method::GET | Method::HEAD)
        && request
            .headers()
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .is_some_and(|host| url.is_other_loopback_name(host));
    if elsewhere {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        return Redirect::temporary(&format!("{url}{path}")).into_response();
    }
    next.run(request).await
}

/// The start: to set-up, or to the desk.
pub(crate) async fn home(State(state): State<AppState>, Spoken(words): Spoken) -> Response {
    match state.is_set_up().await {
        Ok(true) => Redirect::temporary("/partners/qrcodes").into_response(),
        Ok(false) => Redirect::temporary("/setup").into_response(),
        Err(_) => unavailable(&state, words),
    }
}

/// Every page of the desk.
pub(crate) async fn desk(State(state): State<AppState>, Spoken(words): Spoken) -> Response {
    let Ok(set_up) = state.is_set_up().await else {
        return unavailable(&state, words);
    };
    let page = Page {
        words,
        title: "Wicketgate",
        entry: &state.assets.desk,
        runs: true,
        boot: Some(html::data(&json!({ "setupDone": set_up }))),
        body: html::desk(words, set_up),
    };
    answer(&state, StatusCode::OK, &page)
}

/// A link's door: who invites, and the button; or why the link no longer opens its chat.
pub(crate) async fn door(
    State(state): State<AppState>,
    Spoken(words): Spoken,
    ClientAddress(from): ClientAddress,
    rest: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Response {
    // What is no text behind the id can't be decoded, and does not matter.
    let rest = rest.as_ref().map_or_else(
        |_| uri.path().trim_start_matches("/secure/chat/"),
        |Path(rest)| rest,
    );
    let link_id = link_id(rest);
    let Ok(door) = link::door(&state, link_id).await else {
        return unavailable(&state, words);
    };
    let status = match door.state {
        LinkState::Valid => StatusCode::OK,
        LinkState::Used | LinkState::Expired | LinkState::Revoked => StatusCode::GONE,
        LinkState::NotFound => StatusCode::NOT_FOUND,
    };
    // A guess counts here as it does where links are redeemed; whoever has a link is never held up. What can be no id is
    // no guess: the page's script may find the link in it.
    if door.state == LinkState::NotFound
        && !link_id.is_empty()
        && let Err(refused) = state.limits.miss(from, link_id)
    {
        return too_many(&state, words, refused.retry_after.unwrap_or(1));
    }
    let page = Page {
        words,
        title: &html::door_title(words, &door),
        entry: &state.assets.customer,
        runs: true,
        boot: Some(html::data(&json!({ "door": &door, "linkId": link_id }))),
        body: html::door(words, &door),
    };
    answer(&state, status, &page)
}

fn too_many(state: &AppState, words: &Words, wait: u64) -> Response {
    let own = &words.own;
    let body = html::notice(words, &own.too_many, &own.too_many_reason);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut response = saying(state, words, status, &own.too_many, body);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait));
    response
}

/// The id at the start of what follows `/secure/chat/`: messengers write `%23` for `#` and append parameters.
fn link_id(rest: &str) -> &str {
    match rest.split_at_checked(LINK_ID_LENGTH) {
        Some((id, more)) if id.chars().all(is_of_an_id) && !more.starts_with(is_of_an_id) => id,
        _ => "",
    }
}

fn is_of_an_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// A customer's chat.
pub(crate) async fn chat(
    State(state): State<AppState>,
    Spoken(words): Spoken,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let named = |Path(name): Path<String>| name.parse::<ChatRef>().ok();
    let Some(chat) = name.ok().and_then(named) else {
        return missing(&state, words);
    };
    let page = Page {
        words,
        title: &words.pages.title_plain,
        entry: &state.assets.customer,
        runs: true,
        boot: Some(html::data(&json!({ "chatRef": chat.to_string() }))),
        body: html::chat(words),
    };
    answer(&state, StatusCode::OK, &page)
}

/// What a problem means and what helps.
pub(crate) async fn problem(
    State(state): State<AppState>,
    Spoken(words): Spoken,
    name: Result<Path<String>, PathRejection>,
) -> Response {
    let named = |Path(name): Path<String>| Code::ALL.iter().find(|code| code.name() == name);
    let Some(code) = name.ok().and_then(named) else {
        return missing(&state, words);
    };
    // What a program meets is explained in the words of the interface, which are English.
    let (english, body) = (Words::english(), html::problem(*code));
    saying(&state, english, StatusCode::OK, code.name(), body)
}

/// Whatever has no route: a problem under `/api`, a page elsewhere.
pub(crate) async fn nothing(
    State(state): State<AppState>,
    Spoken(words): Spoken,
    method: Method,
    uri: Uri,
) -> Response {
    if uri.path() == "/api" || uri.path().starts_with("/api/") {
        return headers::not_found();
    }
    if matches!(method, Method::GET | Method::HEAD)
        && let Some(path) = tidy(uri.path())
    {
        let query = uri.query().map(|query| format!("?{query}"));
        return Redirect::permanent(&(path + &query.unwrap_or_default())).into_response();
    }
    missing(&state, words)
}

/// The path without slashes that stand for nothing, where there are any: people type them, and proxies that join
/// addresses make them. It begins with one slash, so it leads nowhere else.
fn tidy(path: &str) -> Option<String> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    let tidy = parts.fold(String::new(), |tidy, part| tidy + "/" + part);
    (!tidy.is_empty() && tidy != path).then_some(tidy)
}

fn missing(state: &AppState, words: &Words) -> Response {
    let own = &words.own;
    let body = html::notice(words, &own.missing, &own.missing_reason);
    saying(state, words, StatusCode::NOT_FOUND, &own.missing, body)
}

/// What a person reads whose request could not be read: in English, for nothing is known of them.
pub(crate) fn unreadable(state: &AppState, status: StatusCode) -> Response {
    let (heading, reason) = match status {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            "This request is too large",
            "Your browser sent more along than this server reads. Most often these are cookies that other pages of this \
             address have left. Delete the cookies of this site in the settings of your browser, then try again. If a \
             chat was open in it, ask for a new link to that chat.",
        ),
        _ => (
            "This request can't be read",
            "What arrived here is nothing that a browser sends. Please try again.",
        ),
    };
    let words = Words::english();
    let body = html::notice(words, heading, reason);
    saying(state, words, status, heading, body)
}

/// A file of the pages. Its name holds its hash, so it is good for ever.
pub(crate) async fn asset(
    State(state): State<AppState>,
    Spoken(words): Spoken,
    path: Result<Path<String>, PathRejection>,
    request: HeaderMap,
) -> Response {
    let Ok(Path(path)) = path else {
        return missing(&state, words);
    };
    let Some(asset) = state
        .assets
        .find(&format!("assets/{path}"), Coding::of(&request))
    else {
        return missing(&state, words);
    };
    let mut response = asset.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // A worker goes by the policy of its own file; with any other file it would only be carried along.
    if path.contains(".worker-") {
        headers.insert(header::CONTENT_SECURITY_POLICY, page_policy(&state));
    }
    if let Some(coding) = asset.coding {
        headers.insert(header::CONTENT_ENCODING, coding.name());
    }
    response
}

/// The sign in the tab.
pub(crate) async fn favicon() -> Response {
    fixed("image/svg+xml", FAVICON)
}

/// What crawlers may fetch: nothing.
pub(crate) async fn robots() -> Response {
    fixed("text/plain; charset=utf-8", ROBOTS)
}

fn fixed(content_type: &'static str, text: &'static str) -> Response {
    (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        text,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_that_stand_for_nothing_go() {
        for (path, expected) in [
            ("/signin/", Some("/signin")),
            ("//partners///qrcodes", Some("/partners/qrcodes")),
            ("//evil.example/", Some("/evil.example")),
            ("/signin", None),
            ("//", None),
            ("/", None),
        ] {
            assert_eq!(tidy(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn messengers_may_append_what_they_like() {
        let id = "AAAAAAAAAAAAAAAAAAAAAA";
        for rest in ["", "#2.x", "%232.x", "&utm_source=x", "?a=b", "/", ")", "."] {
            assert_eq!(link_id(&format!("{id}{rest}")), id, "{rest}");
        }
        for wrong in [
            "",
            "short",
            "AAAAAAAAAAAAAAAAAAAAAAB",
            "ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ",
        ] {
            assert_eq!(link_id(wrong), "", "{wrong}");
        }
    }
}
