//! From the wire to keys: every value that a server hands out is parsed here, and trusted only after its check.

use std::str::FromStr;

use wicketgate_crypto::{
    identity::IdentityPublicKey,
    ids::{ChatRef, Epoch, PartnerId},
    inbox::{InboxCertificate, TrustedInbox},
    kem::EncapsulatedKey,
    role::Role,
    seat::Handshake,
};
use wicketgate_protocol::{Base64, link, message::Side, partner};

use crate::{error::Error, system};

/// Reads one of our text forms (ids, references) from an answer.
pub(crate) fn parsed<T: FromStr>(name: &'static str, text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|_| Error::Strange(format!("its {name} is malformed")))
}

/// Reads a value of fixed length from an answer.
pub(crate) fn bytes<T: for<'a> TryFrom<&'a [u8]>>(
    name: &'static str,
    bytes: &Base64,
) -> Result<T, Error> {
    T::try_from(bytes.0.as_slice()).map_err(|_| Error::Strange(format!("its {name} is malformed")))
}

/// Checks an inbox certificate by the identity that was pinned.
pub(crate) fn inbox(
    certificate: &partner::Certificate,
    partner: PartnerId,
    identity: &IdentityPublicKey,
) -> Result<TrustedInbox, Error> {
    let certificate = InboxCertificate {
        epoch: Epoch::new(certificate.epoch),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        public_key: bytes("inbox key", &certificate.public_key)?,
        signature: bytes("signature", &certificate.signature)?,
    };
    certificate
        .verify(partner, identity, system::now_seconds())
        .map_err(|_| {
            Error::Untrusted(
                "the inbox key is not one that the partner certified, or it is out of date",
            )
        })
}

/// A certificate as it goes over the wire.
pub(crate) fn to_wire(certificate: &InboxCertificate) -> partner::Certificate {
    partner::Certificate {
        epoch: certificate.epoch.number(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        public_key: certificate.public_key.to_bytes().as_slice().into(),
        signature: certificate.signature.as_bytes().as_slice().into(),
    }
}

/// A chat belongs to the partner and the name that the server says only if its reference is their hash.
pub(crate) fn same_chat(
    chat_ref: &ChatRef,
    partner: PartnerId,
    chat_id: &str,
) -> Result<(), Error> {
    if ChatRef::derive(partner, chat_id) == *chat_ref {
        Ok(())
    } else {
        Err(Error::Untrusted(
            "the link leads to another chat than the server says",
        ))
    }
}

/// A seat's handshake.
pub(crate) fn handshake(handshake: &link::Handshake) -> Result<Handshake, Error> {
    let enc: EncapsulatedKey = bytes("handshake", &handshake.enc)?;
    Ok(Handshake {
        epoch: Epoch::new(handshake.epoch),
        enc,
    })
}

/// The side of a message, as it goes into keys.
pub(crate) const fn role(side: Side) -> Role {
    match side {
        Side::Customer => Role::Customer,
        Side::Partner => Role::Partner,
    }
}
