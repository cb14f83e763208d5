//! Every parser of foreign bytes or text answers, whatever it is given.

use proptest::prelude::*;

use super::{scene::Scene, seeded};
use crate::{
    aead,
    agent::{AgentSecret, WrapKey, WrapKind},
    api_key::ApiKey,
    ids::{AgentId, LinkHash, PartnerId},
    inbox::InboxCertificate,
    keyring::Keyring,
    link::{Fragment, LinkAddress, LinkSecret, LinkTerms},
    message,
    password::Password,
    recovery::RecoveryCode,
    role::Role,
    seat::Handshake,
    vault::Vault,
};

proptest! {
    #[test]
    fn any_text(text in ".{0,120}") {
        let _ = (ApiKey::parse(&text), RecoveryCode::parse(&text), Password::entered(&text));
        let _ = (LinkAddress::parse(&text), Fragment::parse(&text));
        let _ = serde_json::from_str::<InboxCertificate>(&text).is_ok();
        let _ = serde_json::from_str::<Handshake>(&text).is_ok();
    }

    #[test]
    fn text_that_is_almost_a_link(
        before in "(https?://)?[a-z.:\\[\\]@é ]{0,12}",
        id in "[A-Za-z0-9_-]{20,24}",
        mark in "(#|%23|%2523|%|\\?a=b)?",
        fragment in "[123é]?\\.?[A-Za-z0-9_-]{0,45}[&?é]?.{0,4}",
    ) {
        let text = format!("{before}/secure/chat/{id}{mark}{fragment}");
        if let Ok(address) = LinkAddress::parse(&text) {
            let again = LinkAddress::parse(&address.to_url()).unwrap();
            prop_assert_eq!((again.public_url(), again.link_id()), (address.public_url(), address.link_id()));
            prop_assert_eq!(again.fragment(), address.fragment());
        }
    }

    #[test]
    fn text_that_is_almost_an_api_key(text in "wg_[A-Za-z0-9_.é-]{40,75}") {
        if let Ok(key) = ApiKey::parse(&text) {
            prop_assert!(*key.to_text() == text);
        }
    }

    #[test]
    fn any_recovery_code(bytes: [u8; 20]) {
        let code = RecoveryCode::from_bytes(bytes);
        prop_assert_eq!(RecoveryCode::parse(&code.to_text().to_lowercase()), Ok(code));
    }

    #[test]
    fn any_bytes(mut bytes in prop::collection::vec(any::<u8>(), 0..3000), kind in 0..3_u8) {
        if bytes.len() > 1 {
            bytes[..2].copy_from_slice(&[1, kind]);
        }
        let scene = Scene::new(80);
        let key = WrapKey::new(WrapKind::Password, zeroize::Zeroizing::new([0; 32]));
        prop_assert!(AgentSecret::unwrap(&bytes, &key, AgentId::from_bytes([0; 16])).is_err());
        prop_assert!(Vault::open(&bytes, &LinkHash::from_bytes([0; 32]), &scene.keyring).is_err());
        prop_assert!(LinkTerms::open(scene.link.terms.link_id(), &scene.link.secret, &bytes).is_err());
        prop_assert!(Keyring::decode(PartnerId::from_bytes([0; 16]), &bytes).is_err());
    }

    #[test]
    fn a_keyring_with_any_byte_changed(place: prop::sample::Index, byte: u8) {
        let keyring = Scene::new(81).keyring;
        let mut bytes = keyring.encode().to_vec();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(parsed) = Keyring::decode(keyring.partner(), &bytes) {
            prop_assert!(*parsed.encode() == bytes);
        }
        prop_assert!(Keyring::decode(keyring.partner(), &bytes[..place]).is_err());
        bytes.push(byte);
        prop_assert!(Keyring::decode(keyring.partner(), &bytes).is_err());
    }

    #[test]
    fn any_content_of_a_message(plain in prop::collection::vec(any::<u8>(), 0..400), block: bool) {
        let mut scene = Scene::new(82);
        let place = scene.place(Role::Customer);
        let root = &scene.redemption.root;
        let mut plain = plain;
        if block {
            plain.push(0x80);
            plain.resize(plain.len().next_multiple_of(128), 0);
            plain[0] = 1;
        }
        let body = aead::seal(&message::key(root, &place), &plain, b"", &mut seeded(83));
        let _ = message::open(root, &place, &body);
        let json = message::seal_json(root, &place, &message_witness(), &plain, &mut seeded(84));
        let _ = message::open(root, &place, &json);
    }

    #[test]
    fn any_terms_of_a_link(plain in prop::collection::vec(any::<u8>(), 1300..1330)) {
        // Whoever makes a link chooses its terms, so they are foreign even when the hash is right.
        let id = crate::ids::LinkId::from_bytes([1; 16]);
        let secret = LinkSecret::from_bytes(crate::kdf::labelled_hash("link", &[&plain]));
        let key = crate::kdf::derive(secret.expose(), "blob", &[]);
        let mut blob = vec![1];
        blob.extend(aead::seal_detached(&key, &[0; 12], &plain, id.as_bytes()));
        prop_assert!(LinkTerms::open(&id, &secret, &blob).is_err());
    }
}

fn message_witness() -> crate::transcript::Witness {
    crate::transcript::Witness {
        number: 0,
        transcript: crate::transcript::Transcript::from_bytes([0; 32]),
    }
}
