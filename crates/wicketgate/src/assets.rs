//! The web pages, as they were built together with the program.

use std::borrow::Cow;

use wicketgate_server::{Assets, AssetsError};

/// Every file by its name, in order.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The pages for the server.
///
/// # Errors
/// [`AssetsError`] if the build left something out.
pub(crate) fn load() -> Result<Assets, AssetsError> {
    Assets::new(find("manifest.json").unwrap_or_default(), |name| {
        find(name).map(Cow::Borrowed)
    })
}

fn find(name: &str) -> Option<&'static [u8]> {
    let place = FILES.binary_search_by(|(file, _)| (*file).cmp(name)).ok()?;
    FILES.get(place).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_whole_and_each_has_its_compressed_copies() {
        load().unwrap();
        assert!(FILES.is_sorted_by_key(|(name, _)| *name));
        let scripts: Vec<_> = FILES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| name.rsplit('.').next() == Some("js"))
            .collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            let plain = find(script).unwrap().len();
            for extension in ["br", "gz"] {
                let copy = find(&format!("{script}.{extension}")).map(<[u8]>::len);
                // A file of a few bytes would only grow.
                assert!(copy.map_or(plain < 64, |copy| copy < plain), "{script}");
            }
        }
        assert_eq!(find("assets/none.js"), None);
    }
}
