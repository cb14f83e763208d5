//! Well-formed values. The server looks inside none of them, so their bytes may be anything.

use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use wicketgate_domain::id::encode;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// So many equal bytes in base64url.
pub(crate) fn b64(byte: u8, length: usize) -> String {
    encode(&vec![byte; length])
}

/// A UUID that no other call gives.
pub(crate) fn uuid() -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("0192e4a0-7b1c-7def-8123-{number:012x}")
}

/// A message's name that no other call gives.
pub(crate) fn cid() -> String {
    uuid()
}

/// The handshake of an inbox epoch.
pub(crate) fn handshake(epoch: u32) -> Value {
    json!({"epoch": epoch, "enc": b64(3, 1_120)})
}

/// The shortest sealed message.
pub(crate) fn message_body(byte: u8) -> String {
    b64(byte, 12 + 128 + 16)
}

/// What the agent of a partner of that name signs in with.
pub(crate) fn email_of(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase().replace(' ', "-"))
}

/// A set-up of a partner of that name; the session comes as a bearer token.
pub(crate) fn setup_request(name: &str) -> Value {
    json!({
        "setupToken": super::SETUP,
        "partnerId": uuid(),
        "agentId": uuid(),
        "name": name,
        "email": email_of(name),
        "password": password(1),
        "recovery": {"auth": b64(2, 32), "wrap": b64(2, 81)},
        "identity": b64(4, 32),
        "agentKem": b64(5, 1_216),
        "agentSign": b64(6, 32),
        "generation": 1,
        "keyring": b64(7, 3_000),
        "certificate": certificate(1),
        "credential": "bearer",
    })
}

/// A password as clients send it.
pub(crate) fn password(byte: u8) -> Value {
    json!({"auth": b64(byte, 32), "salt": b64(byte, 16), "rounds": 600_000, "wrap": b64(byte, 81)})
}

/// An inbox key of that epoch.
pub(crate) fn certificate(epoch: u32) -> Value {
    json!({
        "epoch": epoch,
        "notBefore": 1_800_000_000_u64,
        "notAfter": 1_805_000_000_u64,
        "publicKey": b64(8, 1_216),
        "signature": b64(9, 64),
    })
}
