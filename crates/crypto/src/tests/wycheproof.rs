//! Project Wycheproof's vectors for the primitives below the protocol.

use hkdf::Hkdf;
use ml_kem::{
    FromSeed, MlKem768,
    kem::{Decapsulate, KeyExport, TryKeyInit},
    ml_kem_768,
};
use sha2::Sha256;
use wycheproof::{TestResult, aead, eddsa, hkdf as wycheproof_hkdf, mlkem, xdh};

use crate::{
    aead::{open_detached, seal_detached},
    identity::{IdentityPublicKey, Signature},
};

#[test]
fn aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let groups = set.test_groups.iter();
    let mut checked = 0;
    for group in
        groups.filter(|group| (group.key_size, group.nonce_size, group.tag_size) == (256, 96, 128))
    {
        for test in &group.tests {
            let key = test.key.as_ref().try_into().unwrap();
            let nonce = test.nonce.as_ref().try_into().unwrap();
            let sealed = [test.ct.as_ref(), test.tag.as_ref()].concat();
            let opened = open_detached(key, nonce, &sealed, &test.aad);
            if test.result == TestResult::Valid {
                assert_eq!(
                    opened.unwrap().as_slice(),
                    test.pt.as_ref(),
                    "{}",
                    test.tc_id
                );
                assert_eq!(
                    seal_detached(key, nonce, &test.pt, &test.aad),
                    sealed,
                    "{}",
                    test.tc_id
                );
            } else {
                assert!(opened.is_err(), "{}", test.tc_id);
            }
            checked += 1;
        }
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn hkdf_sha_256() {
    let set = wycheproof_hkdf::TestSet::load(wycheproof_hkdf::TestName::HkdfSha256).unwrap();
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut out = vec![0; test.size];
        let done = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut out);
        assert_eq!(
            done.is_ok() && out == test.okm.as_ref(),
            test.result == TestResult::Valid,
            "{}",
            test.tc_id
        );
        checked += 1;
    }
    assert!(checked > 60, "{checked}");
}

#[test]
fn ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut checked = 0;
    for group in &set.test_groups {
        let key = IdentityPublicKey::try_from(group.key.pk.as_ref()).unwrap();
        for test in &group.tests {
            let verified = Signature::try_from(test.sig.as_ref())
                .is_ok_and(|signature| key.verify(&test.msg, &signature).is_ok());
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let private: [u8; 32] = test.private_key.as_ref().try_into().unwrap();
        // "Acceptable" are points that some refuse; X-Wing takes them, and so the result has to be the given one.
        let Ok(public) = <[u8; 32]>::try_from(test.public_key.as_ref()) else {
            assert_ne!(test.result, TestResult::Valid, "{}", test.tc_id);
            continue;
        };
        assert_eq!(
            x25519_dalek::x25519(private, public),
            test.shared_secret.as_ref(),
            "{}",
            test.tc_id
        );
        checked += 1;
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn ml_kem_768_decapsulation() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768).unwrap();
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let seed = test
            .seed
            .as_ref()
            .and_then(|seed| seed.as_ref().try_into().ok());
        let ciphertext = test
            .ct
            .as_ref()
            .and_then(|ct| ml_kem_768::Ciphertext::try_from(ct.as_ref()).ok());
        let (Some(seed), Some(ciphertext)) = (seed, ciphertext) else {
            assert_eq!(test.result, TestResult::Invalid, "{}", test.tc_id);
            continue;
        };
        let (private, public) = MlKem768::from_seed(&seed);
        assert_eq!(
            public.to_bytes().as_slice(),
            test.encaps_key.as_ref().unwrap().as_ref(),
            "{}",
            test.tc_id
        );
        let shared = private.decapsulate(&ciphertext);
        assert_eq!(
            shared.as_slice(),
            test.shared_secret.as_ref().unwrap().as_ref(),
            "{}",
            test.tc_id
        );
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn ml_kem_768_encapsulation() {
    let set = mlkem::TestSet::load(mlkem::TestName::MlKem768Encaps).unwrap();
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = test.encaps_key.as_ref().unwrap().as_ref();
        let parsed = ml_kem_768::EncapsulationKey::new_from_slice(key);
        assert_eq!(
            parsed.is_ok(),
            test.result == TestResult::Valid,
            "{}",
            test.tc_id
        );
        if let Ok(parsed) = parsed {
            let random = test.msg.as_ref().unwrap().as_ref().try_into().unwrap();
            let (ciphertext, shared) = parsed.encapsulate_deterministic(&random);
            assert_eq!(
                ciphertext.as_slice(),
                test.ct.as_ref().unwrap().as_ref(),
                "{}",
                test.tc_id
            );
            assert_eq!(
                shared.as_slice(),
                test.shared_secret.as_ref().unwrap().as_ref(),
                "{}",
                test.tc_id
            );
        }
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}
