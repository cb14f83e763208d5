//! A single flipped bit anywhere in a sealed or signed thing makes it fail.

use std::sync::LazyLock;

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::{generate::NOW, scene::Scene, seeded};
use crate::{
    agent::{AgentSecret, WrapKey, WrapKind},
    ids::{MessageId, SeatNumber},
    inbox::InboxCertificate,
    kem::{EncapsulatedKey, KemPublicKey},
    keyring::{Expected, Keyring},
    link::{LinkSecret, LinkTerms},
    message::{self, MessageText, Place},
    role::Role,
    seat::{Handshake, SeatLink, SeatRoot},
    transcript::{Transcript, Witness},
    vault::{self, Vault},
};

/// Everything sealed once, for flipping bits in copies.
struct Sealed {
    scene: Scene,
    wrap_key: WrapKey,
    wrapped: Vec<u8>,
    keyring: Vec<u8>,
    vault_of_key: Vec<u8>,
    place: Place,
    message: Vec<u8>,
}

static SEALED: LazyLock<Sealed> = LazyLock::new(|| {
    let mut scene = Scene::new(60);
    let mut rng = seeded(61);
    let wrap_key = WrapKey::new(WrapKind::Password, Zeroizing::new([3; 32]));
    let place = Place {
        chat_ref: scene.chat_ref,
        seat: SeatNumber::new(1),
        role: Role::Customer,
        message: MessageId::generate(NOW, &mut rng),
    };
    let witness = Witness {
        number: 3,
        transcript: Transcript::from_bytes([4; 32]),
    };
    let text = MessageText::parse("hello").unwrap();
    let vault = scene.opened_vault();
    Sealed {
        wrapped: scene.secret.wrap(&wrap_key, scene.agent, &mut rng),
        keyring: scene.keyring.seal(scene.agent, &mut scene.rng).unwrap(),
        vault_of_key: vault::seal_with_api_key(
            vault.link_id,
            &vault.secret,
            &vault.label,
            &scene.inbox,
            &mut rng,
        ),
        message: message::seal(&scene.redemption.root, &place, &witness, &text, &mut rng),
        scene,
        wrap_key,
        place,
    }
});

fn flip(bytes: &[u8], bit: prop::sample::Index) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    let bit = bit.index(8 * bytes.len());
    flipped[bit / 8] ^= 1 << (bit % 8);
    flipped
}

fn cut(bytes: &[u8], length: prop::sample::Index) -> &[u8] {
    &bytes[..length.index(bytes.len())]
}

proptest! {
    #[test]
    fn in_a_wrapped_secret(bit: prop::sample::Index) {
        let Sealed { scene, wrap_key, wrapped, .. } = &*SEALED;
        prop_assert!(AgentSecret::unwrap(wrapped, wrap_key, scene.agent).is_ok());
        for bytes in [&flip(wrapped, bit), cut(wrapped, bit)] {
            prop_assert!(AgentSecret::unwrap(bytes, wrap_key, scene.agent).is_err());
        }
    }

    #[test]
    fn in_a_keyring(bit: prop::sample::Index) {
        let Sealed { scene, keyring, .. } = &*SEALED;
        let expected = Expected {
            partner: scene.partner,
            agent: scene.agent,
            generation: scene.keyring.generation(),
            seen: None,
        };
        for bytes in [&flip(keyring, bit), cut(keyring, bit)] {
            prop_assert!(Keyring::open(bytes, &scene.secret, &expected).is_err());
        }
    }

    #[test]
    fn in_a_blob_or_its_secret(bit: prop::sample::Index) {
        let scene = &SEALED.scene;
        let (link_id, secret, blob) = (scene.link.terms.link_id(), &scene.link.secret, &scene.link.blob);
        for bytes in [&flip(blob, bit), cut(blob, bit)] {
            prop_assert!(LinkTerms::open(link_id, secret, bytes).is_err());
        }
        let other = LinkSecret::try_from(flip(secret.expose(), bit).as_slice()).unwrap();
        prop_assert!(LinkTerms::open(link_id, &other, blob).is_err());
    }

    #[test]
    fn in_a_vault(bit: prop::sample::Index) {
        let Sealed { scene, vault_of_key, .. } = &*SEALED;
        let link = scene.link.terms.link_id().hash();
        for vault in [&scene.vault, vault_of_key] {
            prop_assert!(Vault::open(vault, &link, &scene.keyring).is_ok());
            for bytes in [&flip(vault, bit), cut(vault, bit)] {
                prop_assert!(Vault::open(bytes, &link, &scene.keyring).is_err());
            }
        }
    }

    #[test]
    fn in_a_message(bit: prop::sample::Index) {
        let Sealed { scene, place, message, .. } = &*SEALED;
        let root = &scene.redemption.root;
        for bytes in [&flip(message, bit), cut(message, bit)] {
            prop_assert!(message::open(root, place, bytes).is_err());
        }
    }

    #[test]
    fn in_a_handshake(bit: prop::sample::Index) {
        let scene = &SEALED.scene;
        let handshake = &scene.redemption.handshake;
        let enc = EncapsulatedKey::try_from(flip(handshake.enc.as_bytes(), bit).as_slice()).unwrap();
        let vault = scene.opened_vault();
        let handshake = Handshake { enc, ..handshake.clone() };
        let root = SeatRoot::receive(&scene.keyring, SeatLink::Sealed(&vault), &scene.chat_ref, &handshake);
        // X25519 ignores the highest bit of a point, but the KEM hashes the bytes as they came.
        prop_assert!(root != Ok(SeatRoot::from_bytes(*scene.redemption.root.expose())));
    }

    #[test]
    fn in_a_certificate(bit: prop::sample::Index) {
        let scene = &SEALED.scene;
        let identity = scene.keyring.identity();
        let honest = scene.keyring.newest_epoch().unwrap().certificate();
        let signature = flip(honest.signature.as_bytes(), bit).as_slice().try_into().unwrap();
        let certificate = InboxCertificate { signature, ..honest.clone() };
        prop_assert!(certificate.verify(scene.partner, &identity, NOW).is_err());
        if let Ok(public_key) = KemPublicKey::try_from(flip(&honest.public_key.to_bytes(), bit).as_slice()) {
            let certificate = InboxCertificate { public_key, ..honest };
            prop_assert!(certificate.verify(scene.partner, &identity, NOW).is_err());
        }
    }
}
