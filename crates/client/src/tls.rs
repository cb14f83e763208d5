//! Whose certificates are believed, and what is wrong with one that is not, in words.

use std::{error::Error as StdError, io, sync::OnceLock};

use reqwest::Certificate;
use rustls::{CertificateError, Error as TlsError};

use crate::error::Error;

/// Authorities that this process believes beside those of the system.
static ALSO_TRUSTED: OnceLock<Vec<Certificate>> = OnceLock::new();

/// Makes this process believe these authorities (certificates in PEM), beside those of the system, in every call and
/// every socket that comes after. To be called once, before the first.
///
/// # Errors
/// [`Error::Invalid`] if there is no certificate in it.
pub fn trust_also(pem: &[u8]) -> Result<(), Error> {
    let certificates = Certificate::from_pem_bundle(pem).unwrap_or_default();
    if certificates.is_empty() {
        return Err(Error::Invalid(
            "it holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----".into(),
        ));
    }
    // A second call would come after connections that were made without it.
    let _ = ALSO_TRUSTED.set(certificates);
    Ok(())
}

/// The authorities that were named.
pub(crate) fn also_trusted() -> &'static [Certificate] {
    ALSO_TRUSTED.get().map_or(&[], Vec::as_slice)
}

/// Why a call got no answer.
pub(crate) fn failed_call(error: &reqwest::Error) -> Error {
    if error.is_timeout() {
        return Error::Unreachable("it did not answer in time".into());
    }
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    let mut innermost: &(dyn StdError + 'static) = error;
    while let Some(error) = next {
        innermost = error;
        if let Some(error) = error.downcast_ref::<TlsError>() {
            return Error::Insecure(in_words(error));
        }
        if error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_parse)
        {
            return Error::Strange("it is not HTTP, as if the address began with https://".into());
        }
        // An error of input and output does not name what it was made of as its source, but that one's source.
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    // The innermost cause is without the address, which may hold what nobody should read.
    Error::Unreachable(innermost.to_string())
}

fn in_words(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(error) => certificate(error),
        TlsError::InvalidMessage(_) | TlsError::InappropriateMessage { .. } => {
            "what listens there does not speak TLS, as if its address began with http://".into()
        }
        other => format!("the TLS handshake failed ({other})"),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "its certificate is self-signed, or from an authority that this computer does not know; if it is your own, name the authority's certificate with --ca-file".into(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".into()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet, or this computer's clock is wrong".into()
        }
        CertificateError::NotValidForName => {
            "its certificate is for another name than the address".into()
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => format!(
            "its certificate is not for `{}`, but for {}",
            expected.to_str(),
            presented.join(", ")
        ),
        // Another authority of that name may have another kind of key.
        CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its certificate was not signed by the authority that it names".into()
        }
        CertificateError::UnsupportedSignatureAlgorithmContext { .. } => {
            "its certificate is signed in a way that this program can't check".into()
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "its certificate is not that of a server".into()
        }
        CertificateError::Other(error) if error.to_string() == "certificate had invalid extensions" => {
            "its certificate is not that of a server".into()
        }
        CertificateError::Revoked => "its certificate was revoked".into(),
        CertificateError::Other(error) if error.to_string() == "CaUsedAsEndEntity" => {
            "its certificate is that of an authority, not that of a server".into()
        }
        // What else there is, rustls names in the words of its own source.
        _ => "its certificate can't be accepted".into(),
    }
}
