//! Makes this implementation's vectors from a seeded generator.

mod chats;

use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use zeroize::Zeroizing;

use super::{
    seeded,
    vectors::{
        AgentWrapVector, CertificateVector, ChatRefVector, FingerprintVector, IdentityVector, Kdf,
        KeyringVector, ParsedAgent, ParsedEpoch, ParsedKeyring, ParsedSuccession, PasswordVector,
        RecoveryVector, Vectors,
    },
};
use crate::{
    agent::{AgentSecret, AgentSeed, WrapKey, WrapKind},
    encoding::encode,
    identity::IdentitySeed,
    ids::{AgentId, ChatRef, Epoch, PartnerId},
    inbox::{InboxCertificate, InboxSeed, TrustedInbox},
    kdf,
    keyring::Keyring,
    password::{Password, PasswordSalt},
    recovery::RecoveryCode,
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
        link: chats::links(&mut seeded(10)),
        vault: chats::vaults(&mut seeded(11)),
        redeem: chats::redeems(&mut seeded(12)),
        message: chats::messages(&mut seeded(13)),
        transcript: chats::transcripts(&mut seeded(14)),
        words: chats::words_vectors(&mut seeded(15)),
        api_key: chats::api_keys(&mut seeded(16)),
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

fn inbox(partner: PartnerId, seed: &InboxSeed, rng: &mut ChaCha20Rng) -> TrustedInbox {
    let identity = IdentitySeed::generate(rng);
    InboxCertificate::issue(partner, &identity, Epoch::new(3), seed.public_key(), NOW)
        .verify(partner, &identity.public_key(), NOW)
        .unwrap()
}

fn kdf_vectors(rng: &mut ChaCha20Rng) -> Vec<Kdf> {
    [
        ("desk", 0),
        ("message", 17),
        ("words", 0),
        ("recovery-auth", 100),
    ]
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
            FingerprintVector {
                public_key: key.to_string(),
                out: key.fingerprint().to_string(),
            }
        })
        .into()
}

fn identities(rng: &mut ChaCha20Rng) -> Vec<IdentityVector> {
    [(); 2]
        .map(|()| {
            let seed = IdentitySeed::generate(rng);
            IdentityVector {
                seed: encode(seed.expose()),
                public_key: seed.public_key().to_string(),
            }
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
    [
        ("correct horse battery", 600_000),
        ("cafe\u{301} \u{fb01}n \u{2126}hm \u{1f511}", 600_001),
    ]
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
            let (secret, agent) = (
                AgentSecret {
                    seed: AgentSeed::generate(rng),
                    first_identity,
                },
                agent(rng),
            );
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

fn keyring_vector(
    keyring: &Keyring,
    agent: AgentId,
    seed: &AgentSeed,
    rng: &mut ChaCha20Rng,
) -> KeyringVector {
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
