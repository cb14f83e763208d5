//! Finds a link in a text that programs and people have bent.
//!
//! Lengths are fixed and the alphabet is known, so a link comes back out of most of what is done to it. It never becomes
//! another one: what follows a real `#` is the only truth, an escaped `#` counts where there is no other, and two
//! different secrets are refused.

use zeroize::Zeroizing;

use super::{
    address::{AddressError, Fragment, LinkAddress, PATH},
    bent,
};

/// How often an address may have been escaped.
const LAYERS: usize = 5;

/// More bytes than any address has, however it was bent. Looking takes more than twice as long for twice as many.
const LONGEST: usize = 16 * 1024;

impl LinkAddress {
    /// Finds a link in pasted text. What mail programs, messengers and gateways do to it does no harm: escapes, blanks,
    /// wrapped lines, brackets, parameters, addresses around it. It never becomes another link.
    ///
    /// # Errors
    /// Says whether the address or its fragment is wrong, or that there are two different ones.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        find(text)
    }
}

/// Finds the one link in a text.
fn find(text: &str) -> Result<LinkAddress, AddressError> {
    if text.len() > LONGEST {
        return Err(AddressError::Address);
    }
    let shown = bent::shown(text);
    let mut shapes = bent::joined(&shown);
    shapes.insert(0, shown);
    let unwrapped: Vec<_> = shapes
        .iter()
        .flat_map(|text| bent::unwrapped(text))
        .collect();
    // Whoever wrote an address into another one has seen it whole.
    let shapes = shapes.into_iter().map(|text| {
        let exposed = !text.contains('#');
        (text, exposed)
    });
    let unwrapped = unwrapped.into_iter().map(|text| (text, true));
    let mut verdict = AddressError::Address;
    for (shape, exposed) in shapes.chain(unwrapped) {
        match in_layers(shape, exposed) {
            Err(AddressError::Address) => {}
            Err(AddressError::Fragment) => verdict = AddressError::Fragment,
            settled => return settled,
        }
    }
    Err(verdict)
}

/// Takes one layer of escapes after the other off the whole text. `exposed` says that its `#` was escaped, if it has one.
fn in_layers(mut text: Zeroizing<String>, exposed: bool) -> Result<LinkAddress, AddressError> {
    let mut verdict = AddressError::Address;
    for _ in 0..LAYERS {
        let (mut found, mut is_broken): (Option<LinkAddress>, bool) = (None, false);
        for (place, _) in text.match_indices(PATH) {
            match at(&text, place, exposed) {
                Ok(other) => match &found {
                    Some(first) if !first.is_same(&other) => return Err(AddressError::Several),
                    _ => found = Some(other),
                },
                Err(Miss::Nothing) => {}
                Err(Miss::Bare) => verdict = AddressError::Fragment,
                Err(Miss::Broken) => is_broken = true,
                Err(Miss::Several) => return Err(AddressError::Several),
            }
        }
        if let Some(found) = found {
            return Ok(found);
        }
        // There is a `#`: what is escaped elsewhere doesn't take its place.
        if is_broken {
            return Err(AddressError::Fragment);
        }
        match bent::decoded(&text) {
            Some(decoded) => text = decoded,
            None => break,
        }
    }
    Err(verdict)
}

/// Why there is no link at a place.
enum Miss {
    /// No address of a link.
    Nothing,
    /// An address without a `#`.
    Bare,
    /// An address with a `#`, and no whole fragment behind it.
    Broken,
    /// Two different fragments.
    Several,
}

/// The link whose path begins at `place`.
fn at(text: &str, place: usize, exposed: bool) -> Result<LinkAddress, Miss> {
    let after = &text[place + PATH.len()..];
    let id = word(after);
    let link_id = id.parse().map_err(|_| Miss::Nothing)?;
    let public_url = public_url(&text[..place]).ok_or(Miss::Nothing)?;
    let rest = &after[id.len()..];
    let end = end_of_address(rest);
    let (before, fragments) = match rest[..end].split_once('#') {
        Some((before, _)) => (before, &rest[before.len() + 1..]),
        None => return Err(Miss::Bare),
    };
    let mut behind = fragments.split('#').filter_map(fragment_in);
    let fragment = behind.next().ok_or(Miss::Broken)?;
    let escaped = layers(before);
    let before_it = escaped
        .iter()
        .flat_map(|layer| layer.split('#').skip(1).filter_map(fragment_in));
    if behind.chain(before_it).any(|other| other != fragment) {
        return Err(Miss::Several);
    }
    // Whoever rewrites a query could put another partner's fingerprint there.
    if exposed && before.contains('?') && matches!(fragment, Fragment::Plain(_)) {
        return Err(Miss::Broken);
    }
    Ok(LinkAddress::found(&public_url, link_id, fragment, exposed))
}

/// The server's address that ends here, with its scheme and host in small letters.
fn public_url(before: &str) -> Option<String> {
    let small = before.to_ascii_lowercase();
    let start = small
        .rfind("https://")
        .max(small.rfind("http://"))
        .filter(|start| !before[*start..].ends_with("://"))?;
    let url = &before[start..];
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next().unwrap_or_default();
    let is_odd = |c: char| c.is_whitespace() || "?#<>\"".contains(c);
    if host.is_empty() || rest.contains(is_odd) {
        return None;
    }
    let (scheme, path) = (scheme.to_ascii_lowercase(), &rest[host.len()..]);
    Some(format!("{scheme}://{}{path}", host.to_ascii_lowercase()))
}

/// Where an address ends: at a blank or a bracket, but for a blank before the `#`.
fn end_of_address(rest: &str) -> usize {
    let ends = |(place, c): (usize, char)| {
        let is_blank = c.is_whitespace() && !rest[place..].trim_start().starts_with('#');
        (is_blank || "<>\"|".contains(c)).then_some(place)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

/// The fragment at the beginning of what follows a `#`, through escapes and blanks.
fn fragment_in(text: &str) -> Option<Fragment> {
    std::iter::once(Zeroizing::new(text.to_owned()))
        .chain(layers(text))
        .find_map(|layer| whole(&layer).or_else(|| split(&layer)))
}

/// What is left after each layer of escapes.
fn layers(text: &str) -> Vec<Zeroizing<String>> {
    let first = bent::decoded(text);
    std::iter::successors(first, |text| bent::decoded(text))
        .take(LAYERS)
        .collect()
}

/// A fragment in one piece. Signs that end a word or a sentence may follow, also those of its own alphabet; a letter or
/// a digit makes it another one.
fn whole(text: &str) -> Option<Fragment> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "\"'([{<*_-".contains(c));
    let length = Fragment::length(text)?;
    let (fragment, rest) = text.split_at_checked(length)?;
    let goes_on = rest
        .trim_start_matches(['_', '-'])
        .starts_with(|c: char| c.is_ascii_alphanumeric());
    Fragment::parse(fragment).ok().filter(|_| !goes_on)
}

/// A fragment in pieces between blanks, behind which nothing is left that could belong to it or to a sentence.
fn split(text: &str) -> Option<Fragment> {
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c));
    let pieces: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
    if pieces.as_str() == text {
        return None;
    }
    let length = Fragment::length(&pieces)?;
    (pieces.trim_end_matches(['_', '-']).len() <= length)
        .then(|| pieces.get(..length))
        .flatten()
        .and_then(|fragment| Fragment::parse(fragment).ok())
}

/// The leading run of base64url characters.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
    &text[..end.unwrap_or(text.len())]
}
