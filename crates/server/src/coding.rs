//! The codings by which a text takes fewer bytes: Brotli and gzip.

use brotli::enc::{BrotliEncoderParams, backward_references::BrotliEncoderMode};
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, header};
use std::io::Write as _;

/// Brotli's effort, of 11: a page is made anew for each visitor.
const QUALITY: i32 = 5;
/// The window's size as a power of two: 16 KiB holds any page, and little memory is asked for.
const WINDOW: i32 = 14;
/// gzip's effort, of 9.
const LEVEL: u32 = 6;

/// What a text can be shortened by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// The one that takes the fewest bytes of those that the request takes.
    pub(crate) fn of(request: &HeaderMap) -> Option<Self> {
        let taken = |wanted: &[&str]| {
            codings(request).any(|(name, taken)| {
                taken
                    && wanted
                        .iter()
                        .any(|wanted| name.eq_ignore_ascii_case(wanted))
            })
        };
        if taken(&["br"]) {
            Some(Self::Brotli)
        } else {
            taken(&["gzip", "x-gzip"]).then_some(Self::Gzip)
        }
    }

    /// Its name in `Content-Encoding`.
    pub(crate) fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        })
    }

    /// How the copy of a file is named.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }

    /// The text in this coding, where it is shorter so.
    pub(crate) fn shorten(self, text: &[u8]) -> Option<Vec<u8>> {
        let mut shorter = Vec::with_capacity(text.len() / 2);
        match self {
            Self::Brotli => {
                let parameters = BrotliEncoderParams {
                    quality: QUALITY,
                    lgwin: WINDOW,
                    size_hint: text.len(),
                    mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
                    ..BrotliEncoderParams::default()
                };
                brotli::BrotliCompress(&mut &*text, &mut shorter, &parameters).ok()?;
            }
            Self::Gzip => {
                let mut encoder = GzEncoder::new(&mut shorter, Compression::new(LEVEL));
                encoder.write_all(text).ok()?;
                encoder.finish().ok()?;
            }
        }
        Some(shorter).filter(|shorter| shorter.len() < text.len())
    }
}

/// What `Accept-Encoding` names, and whether it is taken or refused.
fn codings(headers: &HeaderMap) -> impl Iterator<Item = (&str, bool)> {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|weight| {
                weight
                    .split_once('=')
                    .is_some_and(|(_, weight)| weight.trim().parse() == Ok(0.0))
            });
            (name, !refused)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_several_gets_the_shortest() {
        for (value, coding) in [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli)),
            ("br;q=0.5, gzip", Some(Coding::Brotli)),
            ("gzip, br;q=0", Some(Coding::Gzip)),
            ("gzip, BR; Q=0.00", Some(Coding::Gzip)),
            ("GZIP;q=0.1", Some(Coding::Gzip)),
            ("x-gzip", Some(Coding::Gzip)),
            ("gzip;q=0", None),
            ("identity", None),
            ("brotli, gzipped", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(Coding::of(&headers), coding, "{value}");
        }
        assert_eq!(Coding::of(&HeaderMap::new()), None);
    }

    #[test]
    fn what_would_only_grow_stays_as_it_is() {
        for coding in [Coding::Brotli, Coding::Gzip] {
            assert_eq!(coding.shorten(b"x"), None);
            assert!(coding.shorten(&[b'x'; 1_000]).is_some());
        }
    }
}
