//! API keys as text, and the secrets that are made of others.

use wicketgate_domain::{
    Hash, LinkId, Token,
    key::ApiKeyText,
    link::{idempotent_id, idempotent_id_at, seat_token},
};

fn written() -> ApiKeyText {
    ApiKeyText::from_bytes([1; 9], [2; 24])
}

#[test]
fn a_key_reads_back_as_it_is_shown() {
    let shown = written().reveal();
    for text in [
        shown.clone(),
        format!("{shown}.fingerprint"),
        format!("{shown}.a.b"),
    ] {
        let read = ApiKeyText::parse(&text).unwrap();
        assert_eq!(read.id(), written().id(), "{text}");
        assert_eq!(read.secret_hash(), Hash::of(&[2; 24]), "{text}");
        assert_eq!(read.reveal(), shown, "{text}");
    }
}

#[test]
fn what_is_no_key_is_none() {
    let shown = written().reveal();
    let (id, secret) = shown.strip_prefix("wg_").unwrap().split_once('.').unwrap();
    for wrong in [
        String::new(),
        "wg_".into(),
        format!("wg_{id}"),
        format!("wg_{id}."),
        format!("wg_.{secret}"),
        format!("{id}.{secret}"),
        format!("WG_{id}.{secret}"),
        format!(" wg_{id}.{secret}"),
        format!("wg_{id}.{secret}="),
        format!("wg_{id}.{}", &secret[1..]),
        format!("wg_{}.{secret}", &id[1..]),
        format!("wg_{id}A.{secret}"),
        format!("wg_{id}.{secret}A"),
        format!("wg_{}.{secret}", id.replace(&id[..1], "+")),
    ] {
        assert!(ApiKeyText::parse(&wrong).is_none(), "{wrong}");
    }
}

#[test]
fn a_secret_does_not_print() {
    let printed = format!("{:?}", written());
    assert_eq!(printed, format!("ApiKeyText({}, redacted)", written().id()));
}

#[test]
fn an_idempotency_key_names_one_link_for_whoever_holds_the_credential() {
    let id = idempotent_id(b"credential", "order 1");
    assert_eq!(idempotent_id(b"credential", "order 1"), id);
    let others = [
        idempotent_id(b"another", "order 1"),
        idempotent_id(b"credential", "order 2"),
        idempotent_id(b"", "order 1"),
        idempotent_id(b"credentia", "lorder 1"),
        idempotent_id_at(b"credential", "order 1", 0),
        idempotent_id_at(b"credential", "order 1", 1),
    ];
    for (place, other) in others.iter().enumerate() {
        assert_ne!(*other, id, "{place}");
        assert!(!others[place + 1..].contains(other), "{place}");
    }
    let again = idempotent_id_at(b"credential", "order 1", 1);
    assert_eq!(again, others[5]);
}

#[test]
fn what_is_made_of_secrets_stays_the_same_from_version_to_version() {
    let credential = Hash::of(b"credential");
    let parts = [
        b"wicketgate/1 idempotency\0",
        &credential.as_bytes()[..],
        b"order 1",
    ];
    let made = Hash::of(&parts.concat());
    let id = idempotent_id(b"credential", "order 1");
    assert_eq!(
        id,
        LinkId::from_bytes(made.as_bytes()[..16].try_into().unwrap())
    );
    let parts = [&b"wicketgate/1 seat token\0"[..], &[1; 32]];
    let token = seat_token(&Token::from_bytes([1; 32]));
    assert_eq!(token.reveal_bytes(), Hash::of(&parts.concat()).as_bytes());
}

#[test]
fn the_token_of_a_seat_follows_from_the_claim_and_tells_nothing_of_it() {
    let claim = Token::from_bytes([1; 32]);
    let token = seat_token(&claim);
    assert_eq!(token.reveal(), seat_token(&claim).reveal());
    assert_ne!(token.reveal(), claim.reveal());
    assert_ne!(token.hash(), claim.hash());
    assert_ne!(token.reveal_bytes(), claim.hash().as_bytes());
    let other = seat_token(&Token::from_bytes([2; 32]));
    assert_ne!(token.reveal(), other.reveal());
}

#[test]
fn a_token_has_one_spelling() {
    let token = Token::from_bytes([7; 32]);
    let text = token.reveal();
    assert_eq!(text.len(), 43);
    assert_eq!(Token::parse(&text).unwrap().reveal_bytes(), &[7; 32]);
    for wrong in [
        "",
        &text[1..],
        &format!("{text}="),
        &format!("{text}A"),
        &format!("{}+", &text[1..]),
    ] {
        assert!(Token::parse(wrong).is_err(), "{wrong}");
    }
    let id = LinkId::from_bytes([7; 16]);
    assert_eq!(id.hash(), Hash::of(&[7; 16]), "what is stored of an id");
}
