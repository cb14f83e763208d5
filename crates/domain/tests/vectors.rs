//! The hashes that the server computes are those of the two clients: held against the vectors that both share.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use std::path::Path;
use wicketgate_domain::{
    ChatRef, Cid, Hash, PartnerId, Token,
    id::{decode, encode},
    key::ApiKeyText,
    message::{transcript_next, transcript_start},
    seat::SeatNumber,
    side::Side,
};

/// The vectors of that kind, of both implementations.
fn vectors(kind: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crypto/vectors");
    let vectors: Vec<_> = ["rust.json", "web.json"]
        .iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(folder.join(file)).unwrap();
            let vectors: Value = serde_json::from_str(&text).unwrap();
            vectors[kind].as_array().unwrap().clone()
        })
        .collect();
    assert!(vectors.len() > 1, "there are no vectors for {kind}");
    vectors
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

fn bytes<const N: usize>(vector: &Value, name: &str) -> [u8; N] {
    decode(text(vector, name)).unwrap()
}

fn number(vector: &Value, name: &str) -> u64 {
    vector[name].as_u64().unwrap()
}

#[test]
fn a_chat_is_named_as_its_clients_name_it() {
    for vector in vectors("chatRef") {
        let partner: PartnerId = text(&vector, "partnerId").parse().unwrap();
        let chat = ChatRef::of(partner, text(&vector, "chatId"));
        assert_eq!(chat.to_string(), text(&vector, "out"));
    }
}

#[test]
fn a_transcript_is_followed_as_its_clients_follow_it() {
    for vector in vectors("transcript") {
        let chat = ChatRef::from_bytes(bytes(&vector, "chatRef"));
        let seat = SeatNumber(number(&vector, "seat").try_into().unwrap());
        let mut transcript = transcript_start(chat, seat, &bytes::<1_120>(&vector, "enc"));
        assert_eq!(encode(transcript.as_bytes()), text(&vector, "start"));
        for message in vector["messages"].as_array().unwrap() {
            let role = number(message, "role").try_into().unwrap();
            let cid: Cid = text(message, "cid").parse().unwrap();
            let body = BASE64_URL_SAFE_NO_PAD.decode(text(message, "body"));
            transcript = transcript_next(
                transcript,
                number(message, "n"),
                Side::from_role(role).unwrap(),
                cid,
                &body.unwrap(),
            );
            assert_eq!(encode(transcript.as_bytes()), text(message, "out"));
        }
    }
}

#[test]
fn a_links_proof_is_hashed_as_its_maker_hashes_it() {
    for vector in vectors("link") {
        let proof = Token::from_bytes(bytes(&vector, "proof"));
        let expected = Hash::from_bytes(bytes(&vector, "proofHash"));
        assert!(proof.hash() == expected, "{vector}");
    }
}

#[test]
fn an_api_key_is_read_as_its_clients_read_it() {
    for vector in vectors("apiKey") {
        let key = ApiKeyText::parse(text(&vector, "text")).unwrap();
        assert_eq!(key.id(), text(&vector, "id"));
        let secret: [u8; 24] = bytes(&vector, "secret");
        assert!(key.secret_hash() == Hash::of(&secret), "{vector}");
    }
}
