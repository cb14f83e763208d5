//! Makes this implementation's vectors from a seeded generator.

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use zeroize::Zeroizing;

use super::{
    seeded,
    vectors::{
        AgentWrapVector, ApiKeyVector, CertificateVector, ChatRefVector, FingerprintVector, IdentityVector, Kdf,
        KeyringVector, LinkVector, MessageVector, ParsedAgent, ParsedEpoch, ParsedKeyring, ParsedSuccession,
        PasswordVector, RecoveryVector, RedeemVector, TranscriptStep, TranscriptVector, VaultVector, Vectors,
        WordsVector,
    },
};
use crate::{
    agent::{AgentSecret, AgentSeed, WrapKey, WrapKind},
    api_key::ApiKey,
    encoding::encode,
    identity::{Fingerprint, IdentityPublicKey, IdentitySeed},
    ids::{AgentId, ChatRef, Epoch, LinkId, MessageId, PartnerId, SeatNumber},
    inbox::{InboxCertificate, InboxSeed, TrustedInbox},
    kdf,
    keyring::Keyring,
    link::SealedLink,
    message::{self, Place, Role},
    password::{Password, PasswordSalt},
    recovery::RecoveryCode,
    seat::{Redemption, SeatRoot},
    transcript::{Transcript, Witness},
    vault::{self, Label},
    words,
};

/// The time of all vectors: 2027-01-15 08:00:00 UTC.
pub(crate) const NOW: u64 = 1_800_000_000;

/// Everything, in the order of the file. Each part has its own generator, so that a new part changes no other.
pub(crate) fn generate() -> Vectors {
    Vectors {
        kdf: kdf_vectors(&mut seeded(1)),
        chat_ref: chat_refs(&mut seeded(2)),
        fingerprint: fingerprints(&mut seeded(3)),
        identity: identities(&mut seeded(4)),
        certificate: certificates(&mut seeded(5)),
        password: passwords(&mut seeded(6)),
        recovery: recoveries(&mut seeded(7)),
        agent_wrap: agent_wraps(&mut seeded(8)),
        keyring: keyrings(&mut seeded(9)),
        link: links(&mut seeded(10)),
        vault: vaults(&mut seeded(11)),
        redeem: redeems(&mut seeded(12)),
        message: messages(&mut seeded(13)),
        transcript: transcripts(&mut seeded(14)),
        words: words_vectors(&mut seeded(15)),
        api_key: api_keys(&mut seeded(16)),
    }
}

fn bytes<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn partner(rng: &mut ChaCha20Rng) -> PartnerId {
    PartnerId::from_uuid(uuid::Builder::from_random_bytes(bytes(rng)).into_uuid())
}

fn agent(rng: &mut ChaCha20Rng) -> AgentId {
    AgentId::from_uuid(uuid::Builder::from_random_bytes(bytes(rng)).into_uuid())
}

fn message_id(rng: &mut ChaCha20Rng) -> MessageId {
    MessageId::generate(NOW * 1000, rng)
}

fn inbox(partner: PartnerId, seed: &InboxSeed, rng: &mut ChaCha20Rng) -> TrustedInbox {
    let identity = IdentitySeed::generate(rng);
    InboxCertificate::issue(partner, &identity, Epoch::new(3), seed.public_key(), NOW)
        .verify(partner, &identity.public_key(), NOW)
        .unwrap()
}

fn kdf_vectors(rng: &mut ChaCha20Rng) -> Vec<Kdf> {
    [("desk", 0), ("message", 17), ("words", 0), ("recovery-auth", 100)]
        .map(|(purpose, length)| {
            let (secret, context): ([u8; 32], [u8; 100]) = (bytes(rng), bytes(rng));
            let context = &context[..length];
            Kdf {
                secret: encode(&secret),
                purpose: purpose.to_owned(),
                context: encode(context),
                out: encode(kdf::derive(&secret, purpose, &[context]).as_slice()),
            }
        })
        .into()
}

fn chat_refs(rng: &mut ChaCha20Rng) -> Vec<ChatRefVector> {
    ["order-4711", "", "ü/Ω 🙂"]
        .map(|chat_id| {
            let partner = partner(rng);
            ChatRefVector {
                partner_id: partner.to_string(),
                chat_id: chat_id.to_owned(),
                out: ChatRef::derive(partner, chat_id).to_string(),
            }
        })
        .into()
}

fn fingerprints(rng: &mut ChaCha20Rng) -> Vec<FingerprintVector> {
    [(); 2]
        .map(|()| {
            let key = IdentitySeed::generate(rng).public_key();
            FingerprintVector { public_key: key.to_string(), out: key.fingerprint().to_string() }
        })
        .into()
}

fn identities(rng: &mut ChaCha20Rng) -> Vec<IdentityVector> {
    [(); 2]
        .map(|()| {
            let seed = IdentitySeed::generate(rng);
            IdentityVector { seed: encode(seed.expose()), public_key: seed.public_key().to_string() }
        })
        .into()
}

fn certificates(rng: &mut ChaCha20Rng) -> Vec<CertificateVector> {
    [1, 0x0102_0304]
        .map(|epoch| {
            let (partner, identity) = (partner(rng), IdentitySeed::generate(rng));
            let key = InboxSeed::generate(rng).public_key();
            let issued = InboxCertificate::issue(partner, &identity, Epoch::new(epoch), key, NOW);
            CertificateVector {
                partner_id: partner.to_string(),
                identity_seed: encode(identity.expose()),
                epoch,
                not_before: issued.not_before,
                not_after: issued.not_after,
                public_key: issued.public_key.to_string(),
                signature: issued.signature.to_string(),
            }
        })
        .into()
}

fn passwords(rng: &mut ChaCha20Rng) -> Vec<PasswordVector> {
    [("correct horse battery", 600_000), ("cafe\u{301} \u{fb01}n \u{2126}hm \u{1f511}", 600_001)]
        .map(|(password, rounds)| {
            let salt = PasswordSalt::generate(rng);
            let keys = Password::entered(password).stretch(&salt, rounds).unwrap();
            PasswordVector {
                password: password.to_owned(),
                salt: salt.to_string(),
                rounds,
                auth: encode(keys.auth.expose()),
                wrap: encode(keys.wrap.expose()),
            }
        })
        .into()
}

fn recoveries(rng: &mut ChaCha20Rng) -> Vec<RecoveryVector> {
    [(); 2]
        .map(|()| {
            let code = RecoveryCode::generate(rng);
            let keys = code.keys();
            RecoveryVector {
                code: code.to_text().to_string(),
                auth: encode(keys.auth.expose()),
                wrap: encode(keys.wrap.expose()),
            }
        })
        .into()
}

fn agent_wraps(rng: &mut ChaCha20Rng) -> Vec<AgentWrapVector> {
    [WrapKind::Password, WrapKind::Recovery]
        .map(|kind| {
            let key = WrapKey::new(kind, Zeroizing::new(bytes(rng)));
            let first_identity = IdentitySeed::generate(rng).public_key();
            let (secret, agent) = (AgentSecret { seed: AgentSeed::generate(rng), first_identity }, agent(rng));
            let out = secret.wrap(&key, agent, rng);
            AgentWrapVector {
                kdf_id: kind.byte(),
                key: encode(key.expose()),
                agent_id: agent.to_string(),
                nonce: encode(&out[2..14]),
                seed: encode(secret.seed.expose()),
                identity: first_identity.to_string(),
                out: encode(&out),
            }
        })
        .into()
}

fn keyrings(rng: &mut ChaCha20Rng) -> Vec<KeyringVector> {
    let (partner, first, second) = (partner(rng), agent(rng), agent(rng));
    let (first_seed, second_seed) = (AgentSeed::generate(rng), AgentSeed::generate(rng));
    let mut keyring = Keyring::found(partner, first_seed.roster_entry(first), NOW, rng);
    let founded = keyring_vector(&keyring, first, &first_seed, rng);
    keyring.add_agent(second_seed.roster_entry(second)).unwrap();
    let grown = keyring_vector(&keyring, second, &second_seed, rng);
    keyring.remove_agent(first, NOW + 1000, rng).unwrap();
    let succeeded = keyring_vector(&keyring, second, &second_seed, rng);
    vec![founded, grown, succeeded]
}

fn keyring_vector(keyring: &Keyring, agent: AgentId, seed: &AgentSeed, rng: &mut ChaCha20Rng) -> KeyringVector {
    KeyringVector {
        partner_id: keyring.partner().to_string(),
        agent_id: agent.to_string(),
        agent_seed: encode(seed.expose()),
        plain: encode(&keyring.encode()),
        sealed: encode(&keyring.seal(agent, rng).unwrap()),
        parsed: ParsedKeyring::of(keyring),
    }
}

impl ParsedKeyring {
    /// A keyring as the vector files spell it out.
    pub(crate) fn of(keyring: &Keyring) -> Self {
        let successions = keyring.successions().iter().map(|step| ParsedSuccession {
            identity: step.identity.to_string(),
            signature: step.signature.to_string(),
        });
        let epochs = keyring.epochs().iter().map(|epoch| ParsedEpoch {
            epoch: epoch.epoch().number(),
            not_before: epoch.not_before,
            not_after: epoch.not_after,
            seed: encode(epoch.seed().expose()),
            signature: epoch.signature.to_string(),
        });
        let roster = keyring.roster().iter().map(|entry| ParsedAgent {
            agent_id: entry.agent.to_string(),
            kem: entry.kem.to_string(),
            sign: entry.sign.to_string(),
        });
        Self {
            generation: keyring.generation().number(),
            identity_seed: encode(keyring.identity.expose()),
            first_identity: keyring.first_identity().to_string(),
            successions: successions.collect(),
            epochs: epochs.collect(),
            roster: roster.collect(),
        }
    }
}

fn links(rng: &mut ChaCha20Rng) -> Vec<LinkVector> {
    ["order-4711", "Tisch 4 – Straße"]
        .map(|chat_id| {
            let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
            let (inbox, chat_ref) = (inbox(partner, &seed, rng), ChatRef::derive(partner, chat_id));
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
                fragment: link.address("https://chat.example").fragment().to_text().to_string(),
            }
        })
        .into()
}

fn vaults(rng: &mut ChaCha20Rng) -> Vec<VaultVector> {
    let mut made = Vec::new();
    for label in ["", "Tisch 4 – Straße"] {
        let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
        let (inbox, chat_ref) = (inbox(partner, &seed, rng), ChatRef::derive(partner, "order-4711"));
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

fn redeems(rng: &mut ChaCha20Rng) -> Vec<RedeemVector> {
    let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
    let (inbox, chat_ref) = (inbox(partner, &seed, rng), ChatRef::derive(partner, "order-4711"));
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
        enc: redemption.hello.enc.to_string(),
        root: encode(redemption.root.expose()),
    };
    vec![
        vector("sealed", link.terms.link_id(), Some(encode(link.secret.expose())), &sealed),
        vector("plain", &plain_id, None, &plain),
    ]
}

fn messages(rng: &mut ChaCha20Rng) -> Vec<MessageVector> {
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
        let (chat_ref, seat) = (ChatRef::from_bytes(bytes(rng)), SeatNumber::new(rng.next_u32()));
        let place = Place { chat_ref, seat, role, message: message_id(rng) };
        let number = u64::from(rng.next_u32());
        let witness = Witness { number, transcript: Transcript::from_bytes(bytes(rng)) };
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
    texts.into_iter().zip(roles.into_iter().cycle()).map(message).collect()
}

fn transcripts(rng: &mut ChaCha20Rng) -> Vec<TranscriptVector> {
    let (partner, seed) = (partner(rng), InboxSeed::generate(rng));
    let (inbox, chat_ref) = (inbox(partner, &seed, rng), ChatRef::derive(partner, "order-4711"));
    let hello = Redemption::plain(&LinkId::generate(rng), &chat_ref, &inbox, rng).hello;
    let start = Transcript::start(&chat_ref, SeatNumber::new(2), &hello.enc);
    let mut newest = start;
    let steps = [(7, Role::Partner), (8, Role::Customer), (9, Role::Customer)].map(|(n, role)| {
        let (cid, body): (_, [u8; 156]) = (message_id(rng), bytes(rng));
        newest = newest.next(n, role, cid, &body);
        TranscriptStep { n, role: role.byte(), cid: cid.to_string(), body: encode(&body), out: newest.to_string() }
    });
    vec![TranscriptVector {
        chat_ref: chat_ref.to_string(),
        seat: 2,
        enc: hello.enc.to_string(),
        start: start.to_string(),
        messages: steps.into(),
    }]
}

fn words_vectors(rng: &mut ChaCha20Rng) -> Vec<WordsVector> {
    [(); 3]
        .map(|()| {
            let root = SeatRoot::from_bytes(bytes(rng));
            WordsVector { root: encode(root.expose()), words: words::words(&root).map(str::to_owned).into() }
        })
        .into()
}

fn api_keys(rng: &mut ChaCha20Rng) -> Vec<ApiKeyVector> {
    let (id, secret): ([u8; 9], [u8; 24]) = (bytes(rng), bytes(rng));
    let (id, secret) = (encode(&id), encode(&secret));
    let fingerprint: Fingerprint = IdentityPublicKey::from_bytes(bytes(rng)).fingerprint();
    let bare = ApiKey::parse(&format!("wg_{id}.{secret}")).unwrap();
    let text = bare.to_text().to_string();
    let pinned = bare.pinned_to(fingerprint);
    vec![
        ApiKeyVector { text, id: id.clone(), secret: secret.clone(), fingerprint: None },
        ApiKeyVector { text: pinned.to_text().to_string(), id, secret, fingerprint: Some(fingerprint.to_string()) },
    ]
}
