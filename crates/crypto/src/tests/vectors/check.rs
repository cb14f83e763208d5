//! Recomputes or opens everything in a vector file.

use zeroize::Zeroizing;

use super::shape::{
    AgentWrapVector, ApiKeyVector, CertificateVector, KeyringVector, LinkVector, MessageVector,
    ParsedKeyring, RedeemVector, TranscriptVector, VaultVector, Vectors,
};
use crate::{
    aead,
    agent::{AgentSecret, AgentSeed, WrapKey, WrapKind},
    api_key::ApiKey,
    encoding::{decode, encode},
    identity::{DeskKey, IdentityPublicKey, IdentitySeed},
    ids::{AgentId, ChatRef, Epoch, LinkId, MessageId, PartnerId, SeatNumber},
    inbox::{InboxCertificate, InboxSeed},
    kdf, kem,
    keyring::{Expected, Keyring},
    link::{Fragment, LinkSecret, LinkTerms},
    message::{self, Place},
    password::Password,
    recovery::RecoveryCode,
    role::Role,
    seat::SeatRoot,
    transcript::{Chain, Transcript, Witness},
    words,
};

fn bytes(text: &str) -> Vec<u8> {
    decode(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    bytes(text)
        .try_into()
        .unwrap_or_else(|_| panic!("{text}: not {N} bytes"))
}

fn parse<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn role(byte: u8) -> Role {
    match byte {
        0 => Role::Customer,
        1 => Role::Partner,
        other => panic!("role {other}"),
    }
}

impl Vectors {
    /// Fails if anything in the file is missing or differs from what this implementation makes of it.
    pub(crate) fn check(&self) {
        self.check_derivations();
        self.check_agents();
        each(&self.certificate, CertificateVector::check);
        each(&self.agent_wrap, AgentWrapVector::check);
        each(&self.keyring, KeyringVector::check);
        each(&self.link, LinkVector::check);
        each(&self.vault, VaultVector::check);
        each(&self.redeem, RedeemVector::check);
        each(&self.message, MessageVector::check);
        each(&self.transcript, TranscriptVector::check);
        each(&self.api_key, ApiKeyVector::check);
    }

    fn check_derivations(&self) {
        each(&self.kdf, |it| {
            let out = kdf::derive(&bytes(&it.secret), &it.purpose, &[&bytes(&it.context)]);
            assert_eq!(encode(out.as_slice()), it.out);
        });
        each(&self.chat_ref, |it| {
            assert_eq!(
                ChatRef::derive(parse(&it.partner_id), &it.chat_id).to_string(),
                it.out
            );
        });
        each(&self.fingerprint, |it| {
            assert_eq!(
                parse::<IdentityPublicKey>(&it.public_key)
                    .fingerprint()
                    .to_string(),
                it.out
            );
        });
        each(&self.identity, |it| {
            assert_eq!(
                IdentitySeed::from_bytes(array(&it.seed))
                    .public_key()
                    .to_string(),
                it.public_key
            );
        });
        each(&self.words, |it| {
            assert_eq!(
                words::words(&SeatRoot::from_bytes(array(&it.root))).as_slice(),
                it.words
            );
        });
    }

    fn check_agents(&self) {
        each(&self.password, |it| {
            let keys = Password::entered(&it.password)
                .stretch(&parse(&it.salt), it.rounds)
                .unwrap();
            assert_eq!(encode(keys.auth.expose()), it.auth);
            assert_eq!(encode(keys.wrap.expose()), it.wrap);
        });
        each(&self.recovery, |it| {
            let code = RecoveryCode::parse(&it.code).unwrap();
            assert_eq!(code.to_text().as_str(), it.code);
            assert_eq!(encode(code.keys().auth.expose()), it.auth);
            assert_eq!(encode(code.keys().wrap.expose()), it.wrap);
        });
    }
}

fn each<T>(items: &[T], check: impl Fn(&T)) {
    assert!(!items.is_empty(), "no {}", std::any::type_name::<T>());
    items.iter().for_each(check);
}

impl CertificateVector {
    fn check(&self) {
        let partner = parse(&self.partner_id);
        let identity = IdentitySeed::from_bytes(array(&self.identity_seed));
        let certificate = InboxCertificate {
            epoch: Epoch::new(self.epoch),
            not_before: self.not_before,
            not_after: self.not_after,
            public_key: parse(&self.public_key),
            signature: parse(&self.signature),
        };
        certificate
            .verify(partner, &identity.public_key(), self.not_before)
            .unwrap();
        certificate
            .verify(partner, &identity.public_key(), self.not_after)
            .unwrap();
    }
}

impl AgentWrapVector {
    fn check(&self) {
        let kind = if self.kdf_id == 1 {
            WrapKind::Password
        } else {
            WrapKind::Recovery
        };
        let key = WrapKey::new(kind, Zeroizing::new(array(&self.key)));
        let out = bytes(&self.out);
        let secret = AgentSecret::unwrap(&out, &key, parse(&self.agent_id)).unwrap();
        assert_eq!(encode(secret.seed.expose()), self.seed);
        assert_eq!(secret.first_identity.to_string(), self.identity);
        assert_eq!(
            (out[1], encode(&out[2..14])),
            (self.kdf_id, self.nonce.clone())
        );
    }
}

impl KeyringVector {
    fn check(&self) {
        let (partner, agent): (PartnerId, AgentId) =
            (parse(&self.partner_id), parse(&self.agent_id));
        let keyring = Keyring::decode(partner, &bytes(&self.plain)).unwrap();
        assert_eq!(ParsedKeyring::of(&keyring), self.parsed);
        assert_eq!(encode(&keyring.encode()), self.plain);
        let first_identity = *keyring.first_identity();
        let secret = AgentSecret {
            seed: AgentSeed::from_bytes(array(&self.agent_seed)),
            first_identity,
        };
        let expected = Expected {
            partner,
            agent,
            generation: keyring.generation(),
            seen: None,
        };
        assert_eq!(
            Keyring::open(&bytes(&self.sealed), &secret, &expected).unwrap(),
            keyring
        );
    }
}

impl LinkVector {
    fn check(&self) {
        let chat_ref = ChatRef::derive(parse(&self.partner_id), &self.chat_id);
        assert_eq!(chat_ref.to_string(), self.chat_ref);
        let (link_id, secret) = (parse(&self.link_id), LinkSecret::from_bytes(array(&self.f)));
        let terms = LinkTerms::open(&link_id, &secret, &bytes(&self.blob)).unwrap();
        assert_eq!(terms.link_id(), &link_id);
        assert_eq!(terms.chat_ref(), &chat_ref);
        assert_eq!(encode(terms.randomness()), self.r);
        assert_eq!(terms.epoch().number(), self.epoch);
        assert_eq!(terms.inbox().to_string(), self.inbox_public);
        assert_eq!(terms.identity().to_string(), self.identity_public);
        assert_eq!(encode(&terms.encode()), self.fixed);
        assert_eq!(terms.secret(), secret);
        assert_eq!(encode(&terms.seal(&secret)), self.blob);
        assert_eq!(encode(secret.proof().expose()), self.proof);
        assert_eq!(secret.proof().hash().to_string(), self.proof_hash);
        assert_eq!(Fragment::Sealed(secret).to_text().as_str(), self.fragment);
        assert!(matches!(
            Fragment::parse(&self.fragment),
            Ok(Fragment::Sealed(_))
        ));
    }
}

impl VaultVector {
    fn check(&self) {
        let link_id: LinkId = parse(&self.link_id);
        let out = bytes(&self.out);
        let aad = link_id.hash();
        let plain = if self.kind == 1 {
            let desk = DeskKey::from_bytes(array(self.desk_key.as_ref().unwrap()));
            assert_eq!(self.nonce.as_ref(), Some(&encode(&out[2..14])));
            aead::open(desk.expose(), &out[2..], aad.as_bytes()).unwrap()
        } else {
            let seed = InboxSeed::from_bytes(array(self.inbox_seed.as_ref().unwrap()));
            assert_eq!(
                Some(out[2..6].to_vec()),
                self.epoch.map(|epoch| epoch.to_be_bytes().to_vec())
            );
            kem::open(
                seed.expose(),
                b"wicketgate/1 vault",
                &out[6..],
                aad.as_bytes(),
            )
            .unwrap()
        };
        assert_eq!(out[..2], [1, self.kind]);
        let expected = [
            link_id.as_bytes(),
            bytes(&self.f).as_slice(),
            self.label.as_bytes(),
        ]
        .concat();
        assert_eq!(plain.as_slice(), expected);
    }
}

impl RedeemVector {
    fn check(&self) {
        let (chat_ref, link_id, enc) = (
            parse(&self.chat_ref),
            parse(&self.link_id),
            parse(&self.enc),
        );
        let seed = InboxSeed::from_bytes(array(&self.inbox_seed));
        let inbox = seed.public_key();
        assert_eq!(inbox.to_string(), self.inbox_public);
        let root = match (self.kind.as_str(), &self.f) {
            ("sealed", Some(f)) => {
                let secret = LinkSecret::from_bytes(array(f));
                SeatRoot::receive_sealed(seed.expose(), &secret, &link_id, &chat_ref, &enc)
            }
            ("plain", None) => {
                SeatRoot::receive_plain(seed.expose(), &inbox, &link_id.hash(), &chat_ref, &enc)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(encode(root.unwrap().expose()), self.root);
    }
}

impl MessageVector {
    fn check(&self) {
        let root = SeatRoot::from_bytes(array(&self.root));
        let (chat_ref, seat) = (parse(&self.chat_ref), SeatNumber::new(self.seat));
        let place = Place {
            chat_ref,
            seat,
            role: role(self.role),
            message: parse(&self.cid),
        };
        let body = bytes(&self.body);
        assert_eq!(encode(message::key(&root, &place).as_slice()), self.key);
        assert_eq!(encode(&body[..12]), self.nonce);
        let (witness, json) = message::open_json(&root, &place, &body).unwrap();
        assert_eq!(
            witness,
            Witness {
                number: self.n,
                transcript: parse(&self.transcript)
            }
        );
        assert_eq!(std::str::from_utf8(&json).unwrap(), self.json);
        message::open(&root, &place, &body).unwrap();
    }
}

impl TranscriptVector {
    fn check(&self) {
        let (chat_ref, enc, seat) = (
            parse(&self.chat_ref),
            parse(&self.enc),
            SeatNumber::new(self.seat),
        );
        assert_eq!(
            Transcript::start(&chat_ref, seat, &enc).to_string(),
            self.start
        );
        let first = self.messages.first().map_or(1, |message| message.n);
        let mut chain = Chain::start(&chat_ref, seat, &enc, first);
        for it in &self.messages {
            let cid: MessageId = parse(&it.cid);
            let transcript = chain
                .append(it.n, role(it.role), cid, &bytes(&it.body))
                .unwrap();
            assert_eq!(transcript.to_string(), it.out);
        }
    }
}

impl ApiKeyVector {
    fn check(&self) {
        let key = ApiKey::parse(&self.text).unwrap();
        assert_eq!(key.to_text().as_str(), self.text);
        assert_eq!(
            (key.id(), key.secret()),
            (self.id.as_str(), self.secret.as_str())
        );
        assert_eq!(key.fingerprint().map(ToString::to_string), self.fingerprint);
    }
}
