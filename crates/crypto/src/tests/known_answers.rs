//! Published answers: RFC 9180, the X-Wing draft, RFC 8032, BIP-39, and the HPKE suite of this protocol.

use std::convert::Infallible;

use hpke::{
    Deserializable, Kem, OpModeR, PskBundle, Serializable, aead::AesGcm128, kdf::HkdfSha256,
    kem::X25519HkdfSha256, kem::XWing,
};
use rand_core::{TryCryptoRng, TryRng};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::seeded;
use crate::{identity::IdentitySeed, inbox::InboxSeed, kem};

/// Gives out the bytes it was made of.
struct Fixed(Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(bytes.len());
        bytes.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

#[derive(Deserialize)]
struct XWingVector {
    seed: String,
    eseed: String,
    ss: String,
    pk: String,
    ct: String,
}

/// Appendix C of draft-connolly-cfrg-xwing-kem, as in its repository (`spec/test-vectors.json`).
#[test]
fn x_wing_answers_as_its_draft_says() {
    let vectors: Vec<XWingVector> =
        serde_json::from_str(include_str!("../../vectors/x-wing.json")).unwrap();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let seed = InboxSeed::try_from(hex::decode(&vector.seed).unwrap().as_slice()).unwrap();
        assert_eq!(hex::encode(seed.public_key().to_bytes()), vector.pk);
        let mut rng = Fixed(hex::decode(&vector.eseed).unwrap());
        let (enc, _) = kem::export_as_sender(&seed.public_key(), None, b"", b"", &mut rng);
        assert_eq!(hex::encode(enc.as_bytes()), vector.ct);
        let private = <XWing as Kem>::PrivateKey::from_bytes(seed.expose()).unwrap();
        let encapped = <XWing as Kem>::EncappedKey::from_bytes(enc.as_bytes()).unwrap();
        assert_eq!(
            hex::encode(XWing::decap(&private, None, &encapped).unwrap().0),
            vector.ss
        );
    }
}

/// A vector of RFC 9180, from the receiver's view.
struct Rfc9180 {
    private: &'static str,
    enc: &'static str,
    psk: Option<(&'static str, &'static str)>,
    ciphertext: &'static str,
    exported: &'static str,
}

/// RFC 9180, appendix A.1.1 (base mode) and A.1.2 (PSK mode): the two modes of this protocol, with the RFC's own KEM.
#[test]
fn hpke_answers_as_its_rfc_says() {
    for vector in [
        Rfc9180 {
            private: "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
            enc: "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
            psk: None,
            ciphertext: "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
            exported: "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931",
        },
        Rfc9180 {
            private: "c5eb01eb457fe6c6f57577c5413b931550a162c71a03ac8d196babbd4e5ce0fd",
            enc: "0ad0950d9fb9588e59690b74f1237ecdf1d775cd60be2eca57af5a4b0471c91b",
            psk: Some((
                "0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82",
                "456e6e796e20447572696e206172616e204d6f726961",
            )),
            ciphertext: "e52c6fed7f758d0cf7145689f21bc1be6ec9ea097fef4e959440012f4feb73fb611b946199e681f4cfc34db8ea",
            exported: "8aff52b45a1be3a734bc7a41e20b4e055ad4c4d22104b0c20285a7c4302401cd",
        },
    ] {
        vector.check();
    }
}

impl Rfc9180 {
    fn check(&self) {
        type Suite = X25519HkdfSha256;
        let bytes = |text| hex::decode(text).unwrap();
        let psk = self.psk.map(|(secret, name)| (bytes(secret), bytes(name)));
        let mode = psk.as_ref().map_or(OpModeR::Base, |(secret, name)| {
            OpModeR::Psk(PskBundle::new(secret, name).unwrap())
        });
        let private = <Suite as Kem>::PrivateKey::from_bytes(&bytes(self.private)).unwrap();
        let enc = <Suite as Kem>::EncappedKey::from_bytes(&bytes(self.enc)).unwrap();
        let information = b"Ode on a Grecian Urn";
        let mut context = hpke::setup_receiver::<AesGcm128, HkdfSha256, Suite>(
            &mode,
            &private,
            &enc,
            information,
        )
        .unwrap();
        let plain = context.open(&bytes(self.ciphertext), b"Count-0").unwrap();
        assert_eq!(plain, b"Beauty is truth, truth beauty");
        let mut exported = [0; 32];
        context.export(b"TestContext", &mut exported).unwrap();
        assert_eq!(hex::encode(exported), self.exported);
    }
}

/// The names by which both implementations have to mean the same suite.
#[test]
fn the_suite_is_x_wing_hkdf_sha256_aes_256_gcm() {
    use hpke::{aead::Aead, kdf::Kdf};
    assert_eq!(XWing::KEM_ID, 0x647A);
    assert_eq!(HkdfSha256::KDF_ID, 0x0001);
    assert_eq!(hpke::aead::AesGcm256::AEAD_ID, 0x0002);
    assert_eq!(<XWing as Kem>::PublicKey::size(), 1216);
    assert_eq!(<XWing as Kem>::EncappedKey::size(), 1120);
}

/// RFC 8032, section 7.1, tests 1 and 2.
#[test]
fn ed25519_answers_as_its_rfc_says() {
    for (seed, public, words, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ] {
        let seed = IdentitySeed::try_from(hex::decode(seed).unwrap().as_slice()).unwrap();
        let words = hex::decode(words).unwrap();
        assert_eq!(hex::encode(seed.public_key().as_bytes()), public);
        let signed = seed.sign(&words);
        assert_eq!(hex::encode(signed.as_bytes()), signature);
        assert_eq!(seed.public_key().verify(&words, &signed), Ok(()));
    }
}

/// `english.txt` of BIP-39 has this hash.
#[test]
fn words_come_from_the_published_list() {
    let list = bip39::Language::English
        .word_list()
        .map(|word| format!("{word}\n"))
        .concat();
    let hash = hex::encode(Sha256::digest(list));
    assert_eq!(
        hash,
        "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    );
}

#[test]
fn a_message_id_is_a_version_7_uuid_of_its_time() {
    let id = crate::ids::MessageId::generate(0x0123_4567_89AB, &mut seeded(1));
    assert_eq!(id.as_uuid().get_version_num(), 7);
    assert_eq!(id.as_bytes()[..6], [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB]);
    assert_ne!(
        id,
        crate::ids::MessageId::generate(0x0123_4567_89AB, &mut seeded(2))
    );
}
