//! A small memory of partners' fingerprints, so that making a plain link costs no read.

use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};
use wicketgate_domain::{PartnerId, Store, StoreError, Timestamp};

const GOOD_FOR_MILLIS: i64 = 1_000;
const MOST: usize = 4_096;

/// The first sixteen bytes of the hash of an identity key.
pub(crate) type Fingerprint = [u8; 16];

/// The memory.
#[derive(Default)]
pub(crate) struct Fingerprints(Mutex<HashMap<PartnerId, (Timestamp, Fingerprint)>>);

/// As `docs/encryption.md` has it.
fn fingerprint(identity: &[u8; 32]) -> Fingerprint {
    let hash = Sha256::new()
        .chain_update(b"wicketgate/1 identity\0")
        .chain_update(identity)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes
}

impl Fingerprints {
    /// The fingerprint of a partner's identity, as it was within the last second; `None` without such a partner.
    ///
    /// # Errors
    /// [`StoreError`] when the store can't say.
    pub(crate) async fn of(
        &self,
        store: &dyn Store,
        partner: PartnerId,
        now: Timestamp,
    ) -> Result<Option<Fingerprint>, StoreError> {
        if let Some(known) = self.recall(partner, now) {
            return Ok(Some(known));
        }
        let Some(row) = store.partner(partner).await? else {
            return Ok(None);
        };
        let fingerprint = fingerprint(&row.identity);
        self.remember(partner, now, fingerprint);
        Ok(Some(fingerprint))
    }

    fn recall(&self, partner: PartnerId, now: Timestamp) -> Option<Fingerprint> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, fingerprint) = known.get(&partner)?;
        let age = now.millis().saturating_sub(at.millis());
        (0..GOOD_FOR_MILLIS).contains(&age).then_some(*fingerprint)
    }

    fn remember(&self, partner: PartnerId, now: Timestamp, fingerprint: Fingerprint) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(partner, (now, fingerprint));
    }
}

impl fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprints")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wicketgate_domain::id::{decode, encode};

    #[test]
    fn a_fingerprint_is_that_of_the_clients() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crypto/vectors/");
        for file in ["rust.json", "web.json"] {
            let text = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
            let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
            let vectors = vectors["fingerprint"].as_array().unwrap();
            assert!(!vectors.is_empty());
            for vector in vectors {
                let identity = decode(vector["publicKey"].as_str().unwrap()).unwrap();
                let out = vector["out"].as_str().unwrap();
                assert_eq!(encode(&fingerprint(&identity)), out, "{file}");
            }
        }
    }

    #[test]
    fn a_fingerprint_is_remembered_for_a_second_and_memory_is_bounded() {
        let fingerprints = Fingerprints::default();
        let ada = PartnerId::from_bytes([1; 16]);
        let at = Timestamp::from_millis;
        fingerprints.remember(ada, at(5_000), [7; 16]);
        assert_eq!(fingerprints.recall(ada, at(5_999)), Some([7; 16]));
        assert_eq!(fingerprints.recall(ada, at(6_000)), None);
        assert_eq!(fingerprints.recall(ada, at(4_999)), None);
        for number in 0..10_000_u32 {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            fingerprints.remember(PartnerId::from_bytes(id), at(0), [0; 16]);
        }
        assert!(fingerprints.0.lock().unwrap().len() <= MOST);
    }
}
