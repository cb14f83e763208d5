//! The cookies: one for a sign-in session, one for each seat, one by which a browser is known again. Scripts can't read
//! any of them.

use crate::{devices, settings::PublicUrl, state::AppState};
use http::{HeaderMap, HeaderValue, header};
use wicketgate_domain::{
    ChatRef, Timestamp, Token, seat::SEAT_IDLE_DAYS, session::SESSION_LONGEST_DAYS,
};

/// How many seats a browser keeps.
const MOST_SEATS: usize = 20;
const DAY_SECONDS: u64 = 86_400;

const SESSION: &str = "wg_session";
const SEAT: &str = "wg_seat_";
const DEVICE: &str = "wg_device";

/// How many accounts a browser is remembered for.
const MOST_ACCOUNTS: usize = 4;

/// The prefix that makes browsers insist on https, the exact host and the whole path (RFC 6265bis, 4.1.3).
fn prefix(url: &PublicUrl) -> &'static str {
    if url.is_https() { "__Host-" } else { "" }
}

/// Every cookie of the request, as name and value.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// Whether the request carries a credential of ours that browsers attach by themselves.
pub(crate) fn carries_ours(headers: &HeaderMap) -> bool {
    cookies(headers).any(|(name, _)| {
        let name = name.strip_prefix("__Host-").unwrap_or(name);
        name == SESSION || name.starts_with(SEAT)
    })
}

/// The session's token.
pub(crate) fn session(url: &PublicUrl, headers: &HeaderMap) -> Option<Token> {
    cookies(headers)
        .find(|(name, _)| name.strip_prefix(prefix(url)) == Some(SESSION))
        .and_then(|(_, value)| Token::parse(value).ok())
}

/// The token of this browser's seat in that chat.
pub(crate) fn seat(url: &PublicUrl, headers: &HeaderMap, chat: ChatRef) -> Option<Token> {
    let chat = chat.to_string();
    seats(url, headers)
        .find(|(name, _, _)| *name == chat)
        .and_then(|(_, _, token)| Token::parse(token).ok())
}

/// The seats of this browser: chat, seconds since 1970 at which the cookie was made, token.
fn seats<'a>(
    url: &PublicUrl,
    headers: &'a HeaderMap,
) -> impl Iterator<Item = (&'a str, u64, &'a str)> {
    let prefix = prefix(url);
    cookies(headers).filter_map(move |(name, value)| {
        let chat = name.strip_prefix(prefix)?.strip_prefix(SEAT)?;
        let (issued, token) = value.split_once('.')?;
        Some((chat, issued.parse().ok()?, token))
    })
}

/// Hands a session to the browser.
pub(crate) fn set_session(state: &AppState, token: &Token, answer: &mut HeaderMap) {
    let days = u64::from(SESSION_LONGEST_DAYS);
    let url = &state.settings.public_url;
    append(
        answer,
        &set(url, SESSION, &token.reveal(), days * DAY_SECONDS),
    );
}

/// The tokens by which accounts know this browser again.
pub(crate) fn devices<'a>(
    url: &PublicUrl,
    headers: &'a HeaderMap,
) -> impl Iterator<Item = &'a str> {
    let prefix = prefix(url);
    cookies(headers)
        .find(move |(name, _)| name.strip_prefix(prefix) == Some(DEVICE))
        .into_iter()
        .flat_map(|(_, tokens)| tokens.split('.'))
        .take(MOST_ACCOUNTS)
}

/// Has the browser be known again, by the newest token and by others that it has.
pub(crate) fn set_device<'a>(
    state: &AppState,
    newest: &'a str,
    others: impl Iterator<Item = &'a str>,
    answer: &mut HeaderMap,
) {
    let tokens: Vec<_> = std::iter::once(newest)
        .chain(others.filter(|token| !token.is_empty() && token.bytes().all(is_of_a_token)))
        .take(MOST_ACCOUNTS)
        .collect();
    let seconds = u64::from(devices::DAYS) * DAY_SECONDS;
    let url = &state.settings.public_url;
    append(answer, &set(url, DEVICE, &tokens.join("."), seconds));
}

fn is_of_a_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Takes the session from the browser.
pub(crate) fn clear_session(state: &AppState, answer: &mut HeaderMap) {
    append(answer, &set(&state.settings.public_url, SESSION, "", 0));
}

/// Hands a seat to the browser, and takes its oldest ones beyond twenty.
pub(crate) fn set_seat(
    state: &AppState,
    request: &HeaderMap,
    chat: ChatRef,
    token: &Token,
    now: Timestamp,
    answer: &mut HeaderMap,
) {
    let url = &state.settings.public_url;
    let chat = chat.to_string();
    let issued = now.millis() / 1_000;
    let value = format!("{issued}.{}", token.reveal());
    let seconds = u64::from(SEAT_IDLE_DAYS) * DAY_SECONDS;
    append(answer, &set(url, &format!("{SEAT}{chat}"), &value, seconds));

    let mut others: Vec<_> = seats(url, request)
        .filter(|(other, _, _)| *other != chat)
        .map(|(other, issued, _)| (issued, other))
        .collect();
    others.sort_unstable();
    let beyond = (others.len() + 1).saturating_sub(MOST_SEATS);
    for (_, oldest) in others.into_iter().take(beyond) {
        append(answer, &set(url, &format!("{SEAT}{oldest}"), "", 0));
    }
}

fn set(url: &PublicUrl, name: &str, value: &str, seconds: u64) -> String {
    let secure = if url.is_https() { "; Secure" } else { "" };
    format!(
        "{}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
        prefix(url)
    )
}

fn append(answer: &mut HeaderMap, cookie: &str) {
    // Names and values are of our own alphabet, so this can't fail; a cookie that were not is better left out.
    if let Ok(mut value) = HeaderValue::from_str(cookie) {
        value.set_sensitive(true);
        answer.append(header::SET_COOKIE, value);
    }
}
