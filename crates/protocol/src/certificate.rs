//! Certificates of inbox keys on the wire.

use crate::wire::{
    Base64, FieldError, exact,
    length::{Bytes64, Bytes1216},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::partner as domain;

/// An inbox key with the identity's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certificate {
    /// The inbox epoch.
    pub epoch: u32,
    /// Seconds since 1970 from which on it may be used.
    #[serde(deserialize_with = "exact")]
    pub not_before: u64,
    /// Seconds since 1970 until which it may be used.
    #[serde(deserialize_with = "exact")]
    pub not_after: u64,
    /// The X-Wing public key: 1216 bytes.
    #[schema(value_type = Bytes1216)]
    pub public_key: Base64,
    /// The Ed25519 signature: 64 bytes.
    #[schema(value_type = Bytes64)]
    pub signature: Base64,
}

impl From<domain::Certificate> for Certificate {
    fn from(certificate: domain::Certificate) -> Self {
        Self {
            epoch: certificate.epoch,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            public_key: certificate.public_key.into(),
            signature: certificate.signature.as_slice().into(),
        }
    }
}

impl TryFrom<Certificate> for domain::Certificate {
    type Error = FieldError;

    fn try_from(certificate: Certificate) -> Result<Self, FieldError> {
        if certificate.not_before >= certificate.not_after
            || i64::try_from(certificate.not_after).is_err()
        {
            return Err(FieldError::new(
                "certificate.notAfter",
                "must be a time after notBefore",
            ));
        }
        Ok(Self {
            epoch: certificate.epoch,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            public_key: certificate.public_key.within(
                "certificate.publicKey",
                Self::PUBLIC_KEY_LENGTH..=Self::PUBLIC_KEY_LENGTH,
            )?,
            signature: certificate.signature.exactly("certificate.signature")?,
        })
    }
}
