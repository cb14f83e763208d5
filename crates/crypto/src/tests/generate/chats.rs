//! The vectors of links, seats and messages.

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;

use super::{NOW, bytes, inbox, partner};
use crate::{
    api_key::ApiKey,
    encoding::encode,
    identity::{Fingerprint, IdentityPublicKey, IdentitySeed},
    ids::{ChatRef, LinkId, MessageId, SeatNumber},
    inbox::InboxSeed,
    link::SealedLink,
    message::{self, Place},
    role::Role,
    seat::{Redemption, SeatRoot},
    tests::vectors::{
        ApiKeyVector, LinkVector, MessageVector, RedeemVector, TranscriptStep, TranscriptVector,
        VaultVector, WordsVector,
    },
    transcript::{Transcript, Witness},
    vault::{self, Label},
    words,
};

pub(super) fn links(rng: &mut ChaCha20Rng) -> Vec<LinkVector> {
    ["order-4711", "Tisch 4 – Straße"]
        .map(|chat_id| {
            let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
            let (inbox, chat_ref) = (
                inbox(partner, &seed, rng),
                ChatRef::derive(partner, chat_id),
            );
            let link = SealedLink::create(LinkId::generate(rng), chat_ref, &inbox, rng);
            LinkVector {
                link_id: link.terms.link_id().to_string(),
                partner_id: partner.to_string(),
                chat_id: chat_id.to_owned(),
                chat_ref: chat_ref.to_string(),
                r: encode(link.terms.randomness()),
                epoch: inbox.epoch().number(),
                inbox_public: inbox.public_key().to_string(),
                identity_public: inbox.identity().to_string(),
                fixed: encode(&link.terms.encode()),
                f: encode(link.secret.expose()),
                blob: encode(&link.blob),
                proof: encode(link.secret.proof().expose()),
                proof_hash: link.proof_hash.to_string(),
                fragment: link
                    .address("https://chat.example")
                    .fragment()
                    .to_text()
                    .to_string(),
            }
        })
        .into()
}

pub(super) fn vaults(rng: &mut ChaCha20Rng) -> Vec<VaultVector> {
    let mut made = Vec::new();
    for label in ["", "Tisch 4 – Straße"] {
        let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
        let (inbox, chat_ref) = (
            inbox(partner, &seed, rng),
            ChatRef::derive(partner, "order-4711"),
        );
        let link = SealedLink::create(LinkId::generate(rng), chat_ref, &inbox, rng);
        let (link_id, parsed) = (*link.terms.link_id(), Label::parse(label).unwrap());
        let desk = IdentitySeed::generate(rng).desk_key();
        let by_agent = vault::seal_as_agent(link_id, &link.secret, &parsed, &desk, rng);
        let by_api_key = vault::seal_with_api_key(link_id, &link.secret, &parsed, &inbox, rng);
        let common = |kind, out: &[u8]| VaultVector {
            kind,
            link_id: link_id.to_string(),
            f: encode(link.secret.expose()),
            label: label.to_owned(),
            desk_key: None,
            nonce: None,
            epoch: None,
            inbox_seed: None,
            out: encode(out),
        };
        made.push(VaultVector {
            desk_key: Some(encode(desk.expose())),
            nonce: Some(encode(&by_agent[2..14])),
            ..common(1, &by_agent)
        });
        made.push(VaultVector {
            epoch: Some(inbox.epoch().number()),
            inbox_seed: Some(encode(seed.expose())),
            ..common(2, &by_api_key)
        });
    }
    made
}

pub(super) fn redeems(rng: &mut ChaCha20Rng) -> Vec<RedeemVector> {
    let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
    let (inbox, chat_ref) = (
        inbox(partner, &seed, rng),
        ChatRef::derive(partner, "order-4711"),
    );
    let link = SealedLink::create(LinkId::generate(rng), chat_ref, &inbox, rng);
    let plain_id = LinkId::generate(rng);
    let sealed = Redemption::sealed(&link.terms, rng);
    let plain = Redemption::plain(&plain_id, &chat_ref, &inbox, rng);
    let vector = |kind: &str, link_id: &LinkId, f, redemption: &Redemption| RedeemVector {
        kind: kind.to_owned(),
        chat_ref: chat_ref.to_string(),
        link_id: link_id.to_string(),
        f,
        inbox_seed: encode(seed.expose()),
        inbox_public: seed.public_key().to_string(),
        enc: redemption.handshake.enc.to_string(),
        root: encode(redemption.root.expose()),
    };
    vec![
        vector(
            "sealed",
            link.terms.link_id(),
            Some(encode(link.secret.expose())),
            &sealed,
        ),
        vector("plain", &plain_id, None, &plain),
    ]
}

pub(super) fn messages(rng: &mut ChaCha20Rng) -> Vec<MessageVector> {
    let texts = [
        r#"{"type":"text","text":"Hello"}"#.to_owned(),
        "{\"type\":\"text\",\"text\":\"Grüße 🙂 \\\"quoted\\\"\\n\"}".to_owned(),
        r#"{"type":"history","from":1}"#.to_owned(),
        // With 42 bytes around it this fills a block to the last byte, and the next begins one more.
        format!(r#"{{"type":"text","text":"{}"}}"#, "x".repeat(61)),
        format!(r#"{{"type":"text","text":"{}"}}"#, "x".repeat(62)),
    ];
    let roles = [Role::Customer, Role::Partner];
    let message = |(json, role): (String, Role)| {
        let root = SeatRoot::from_bytes(bytes(rng));
        let (chat_ref, seat) = (
            ChatRef::from_bytes(bytes(rng)),
            SeatNumber::new(rng.next_u32()),
        );
        let place = Place {
            chat_ref,
            seat,
            role,
            message: message_id(rng),
        };
        let number = u64::from(rng.next_u32());
        let witness = Witness {
            number,
            transcript: Transcript::from_bytes(bytes(rng)),
        };
        let body = message::seal_json(&root, &place, &witness, json.as_bytes(), rng);
        MessageVector {
            root: encode(root.expose()),
            chat_ref: chat_ref.to_string(),
            seat: seat.number(),
            role: role.byte(),
            cid: place.message.to_string(),
            n: witness.number,
            transcript: witness.transcript.to_string(),
            nonce: encode(&body[..12]),
            json,
            key: encode(message::key(&root, &place).as_slice()),
            body: encode(&body),
        }
    };
    texts
        .into_iter()
        .zip(roles.into_iter().cycle())
        .map(message)
        .collect()
}

pub(super) fn transcripts(rng: &mut ChaCha20Rng) -> Vec<TranscriptVector> {
    let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
    let (inbox, chat_ref) = (
        inbox(partner, &seed, rng),
        ChatRef::derive(partner, "order-4711"),
    );
    let handshake = Redemption::plain(&LinkId::generate(rng), &chat_ref, &inbox, rng).handshake;
    let start = Transcript::start(&chat_ref, SeatNumber::new(2), &handshake.enc);
    let mut newest = start;
    let steps = [(7, Role::Partner), (8, Role::Customer), (9, Role::Customer)].map(|(n, role)| {
        let (cid, body): (_, [u8; 156]) = (message_id(rng), bytes(rng));
        newest = newest.next(n, role, cid, &body);
        TranscriptStep {
            n,
            role: role.byte(),
            cid: cid.to_string(),
            body: encode(&body),
            out: newest.to_string(),
        }
    });
    vec![TranscriptVector {
        chat_ref: chat_ref.to_string(),
        seat: 2,
        enc: handshake.enc.to_string(),
        start: start.to_string(),
        messages: steps.into(),
    }]
}

pub(super) fn words_vectors(rng: &mut ChaCha20Rng) -> Vec<WordsVector> {
    [(); 3]
        .map(|()| {
            let root = SeatRoot::from_bytes(bytes(rng));
            WordsVector {
                root: encode(root.expose()),
                words: words::words(&root).map(str::to_owned).into(),
            }
        })
        .into()
}

pub(super) fn api_keys(rng: &mut ChaCha20Rng) -> Vec<ApiKeyVector> {
    let (id, secret): ([u8; 9], [u8; 24]) = (bytes(rng), bytes(rng));
    let (id, secret) = (encode(&id), encode(&secret));
    let fingerprint: Fingerprint = IdentityPublicKey::from_bytes(bytes(rng)).fingerprint();
    let bare = ApiKey::parse(&format!("wg_{id}.{secret}")).unwrap();
    let text = bare.to_text().to_string();
    let pinned = bare.pinned_to(fingerprint);
    vec![
        ApiKeyVector {
            text,
            id: id.clone(),
            secret: secret.clone(),
            fingerprint: None,
        },
        ApiKeyVector {
            text: pinned.to_text().to_string(),
            id,
            secret,
            fingerprint: Some(fingerprint.to_string()),
        },
    ]
}

fn message_id(rng: &mut ChaCha20Rng) -> MessageId {
    MessageId::generate(NOW * 1000, rng)
}
