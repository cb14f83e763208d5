//! What the server computes is what the clients compute: held against the vectors that both implementations share.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use std::path::Path;
use wicketgate_domain::{
    ChatRef, Cid, Hash, LinkId, PartnerId, Token,
    id::encode,
    key::ApiKeyText,
    message::{plausible_body, transcript_next, transcript_start},
    seat::{Handshake, SeatNumber},
    side::Side,
};

/// The vectors of that kind, from both files.
fn vectors(kind: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crypto/vectors");
    let of_file = |name| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        file[kind].as_array().unwrap().clone()
    };
    let all: Vec<Value> = ["rust.json", "web.json"]
        .into_iter()
        .flat_map(of_file)
        .collect();
    assert!(all.len() > 1, "both files have vectors of {kind}");
    all
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text(vector, field)).unwrap()
}

fn hash(vector: &Value, field: &str) -> Hash {
    Hash::from_bytes(bytes(vector, field).try_into().unwrap())
}

#[test]
fn a_chat_has_the_name_that_the_clients_give_it() {
    for kind in ["chatRef", "link"] {
        for vector in vectors(kind) {
            let partner: PartnerId = text(&vector, "partnerId").parse().unwrap();
            let named = ChatRef::of(partner, text(&vector, "chatId"));
            let field = if kind == "link" { "chatRef" } else { "out" };
            assert_eq!(named.to_string(), text(&vector, field));
            let parsed: ChatRef = text(&vector, field).parse().unwrap();
            assert_eq!(parsed, named);
        }
    }
}

#[test]
fn a_transcript_is_the_one_that_the_clients_compute() {
    for vector in vectors("transcript") {
        let chat: ChatRef = text(&vector, "chatRef").parse().unwrap();
        let seat = SeatNumber(u32::try_from(vector["seat"].as_u64().unwrap()).unwrap());
        let enc = bytes(&vector, "enc");
        assert_eq!(enc.len(), Handshake::ENC_LENGTH);
        let mut transcript = transcript_start(chat, seat, &enc);
        assert_eq!(transcript, hash(&vector, "start"));
        let messages = vector["messages"].as_array().unwrap();
        assert!(!messages.is_empty());
        for message in messages {
            let role = u8::try_from(message["role"].as_u64().unwrap()).unwrap();
            let cid: Cid = text(message, "cid").parse().unwrap();
            let body = bytes(message, "body");
            assert!(plausible_body(&body), "what a client seals is taken");
            transcript = transcript_next(
                transcript,
                message["n"].as_u64().unwrap(),
                Side::from_role(role).unwrap(),
                cid,
                &body,
            );
            assert_eq!(transcript, hash(message, "out"));
        }
    }
}

#[test]
fn a_proof_has_the_hash_that_the_clients_send() {
    for vector in vectors("link") {
        let proof = Token::parse(text(&vector, "proof")).unwrap();
        assert_eq!(proof.hash(), hash(&vector, "proofHash"));
        assert_eq!(proof.reveal(), text(&vector, "proof"));
        let id = LinkId::parse(text(&vector, "linkId")).unwrap();
        assert_eq!(id.reveal(), text(&vector, "linkId"));
    }
}

#[test]
fn an_api_key_is_read_as_the_clients_write_it() {
    for vector in vectors("apiKey") {
        let written = text(&vector, "text");
        let key = ApiKeyText::parse(written).unwrap();
        assert_eq!(key.id(), text(&vector, "id"));
        assert_eq!(key.secret_hash(), Hash::of(&bytes(&vector, "secret")));
        // A client may have put the partner's fingerprint behind it, which the server never gets to see again.
        assert!(written.starts_with(&key.reveal()));
        let of_server = [b"wg_".as_slice(), text(&vector, "id").as_bytes(), b"."].concat();
        assert!(key.reveal().as_bytes().starts_with(&of_server));
        assert!(key.reveal().ends_with(&encode(&bytes(&vector, "secret"))));
    }
}
