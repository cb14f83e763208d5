//! What mail programs, messengers and people do to a text, undone step by step.

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// The text without what shows nothing, and with `#` where HTML wrote it as a number.
pub(super) fn shown(text: &str) -> Zeroizing<String> {
    let shown: Zeroizing<String> = Zeroizing::new(
        text.chars()
            .filter(|c| !wicketgate_text::is_ignorable(*c))
            .collect(),
    );
    ["&#35;", "&#x23;", "&#X23;"]
        .iter()
        .fold(shown, |text, written| {
            Zeroizing::new(text.replace(written, "#"))
        })
}

/// One layer of escapes taken off; nothing when there is none.
pub(super) fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let decoded = Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
    // In a path, a browser sends these to the server like any other letter.
    let plain = Zeroizing::new(
        decoded
            .replace("&num;", "#")
            .replace(['\u{ff03}', '\u{fe5f}'], "#"),
    );
    let plain = shown(&plain);
    (plain.as_str() != text).then_some(plain)
}

/// How many lines an address may have been wrapped into.
const MOST_LINES: usize = 16;

/// The text as it may have been before its lines were wrapped, with ever more of them joined from the one on in which an
/// address begins: without indentation, marks of quotation, and the `=` of quoted-printable (RFC 2045, section 6.7).
pub(super) fn joined(text: &str) -> Vec<Zeroizing<String>> {
    let unified = Zeroizing::new(text.replace("\r\n", "\n").replace('\r', "\n"));
    let small = Zeroizing::new(unified.to_ascii_lowercase());
    let start = small.find("http").unwrap_or_default();
    let (mut whole, mut rest) = (Zeroizing::new(String::new()), &unified[start..]);
    let mut shapes = Vec::new();
    while let Some((line, more)) = rest.split_once('\n').filter(|_| shapes.len() < MOST_LINES) {
        let line = line.trim_end();
        whole.push_str(line.strip_suffix('=').unwrap_or(line));
        rest = more.trim_start_matches(|c: char| c == '>' || (c.is_whitespace() && c != '\n'));
        shapes.push(Zeroizing::new(format!("{}{rest}", whole.as_str())));
    }
    shapes
}

/// The addresses that security gateways wrote into addresses of their own, in other escapes than `%`.
pub(super) fn unwrapped(text: &str) -> Vec<Zeroizing<String>> {
    [unwrapped_v2(text), unwrapped_v3(text)]
        .into_iter()
        .flatten()
        .collect()
}

/// `…/v2/url?u=https-3A__host_path-23…&d=…`: `-` for `%` and `_` for `/`, as Proofpoint's second version writes it.
fn unwrapped_v2(text: &str) -> Option<Zeroizing<String>> {
    let (_, after) = text.split_once("/v2/url?")?;
    let (_, value) = after.split_once("u=")?;
    let end = value.find(|c: char| c == '&' || c.is_whitespace());
    let value = &value[..end.unwrap_or(value.len())];
    let escaped = Zeroizing::new(value.replace('-', "%").replace('_', "/"));
    decoded(&escaped)
}

/// `…/v3/__https://host/path*…__;Iw!!…`: `*` for each character that stands, in base64, behind the `;`.
fn unwrapped_v3(text: &str) -> Option<Zeroizing<String>> {
    let (_, after) = text.split_once("/v3/__")?;
    let (address, rest) = after.split_once("__;")?;
    let (replaced, _) = rest.split_once("!!")?;
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let replaced = GeneralPurpose::new(&URL_SAFE, lenient)
        .decode(replaced)
        .ok()?;
    let replaced = String::from_utf8(replaced).ok()?;
    let mut next = replaced.chars();
    Some(Zeroizing::new(
        address
            .chars()
            .map(|c| {
                if c == '*' {
                    next.next().unwrap_or(c)
                } else {
                    c
                }
            })
            .collect(),
    ))
}
