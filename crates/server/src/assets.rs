//! The pages' files, as the program that was built with them hands them in.

use crate::coding::Coding;
use serde::Deserialize;
use std::{borrow::Cow, collections::HashMap, fmt};

type Lookup = dyn Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync;

/// The pages' files and what each page loads. Without any, pages hold only what the server itself writes.
pub struct Assets {
    lookup: Box<Lookup>,
    pub(crate) customer: Entry,
    pub(crate) desk: Entry,
}

/// What a page loads, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The module that starts the page.
    pub(crate) script: Option<File>,
    /// The modules that it imports.
    pub(crate) imports: Vec<File>,
    /// The style sheets.
    pub(crate) styles: Vec<File>,
}

/// A file with the hash that browsers check (Subresource Integrity).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) integrity: String,
}

/// A file as it is sent.
pub(crate) struct Asset {
    pub(crate) bytes: Cow<'static, [u8]>,
    pub(crate) coding: Option<Coding>,
    pub(crate) content_type: &'static str,
}

/// The manifest that came with the files is not one.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// It is no JSON of the right form.
    #[error("the manifest of the pages can't be read: {0}")]
    Manifest(#[from] serde_json::Error),
    /// It lacks something that a page needs.
    #[error("the manifest of the pages lacks {0}")]
    Missing(String),
}

#[derive(Deserialize)]
struct Manifest {
    entries: HashMap<String, Chunk>,
    integrity: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

impl Assets {
    /// The files of a built web application: its `manifest.json`, and how to find a file by its path (`assets/x.js`).
    /// Its copies in Brotli and gzip are looked for under the same path with `.br` and `.gz`.
    ///
    /// # Errors
    /// [`AssetsError`] when the manifest can't be read or names a file without its hash.
    pub fn new(
        manifest: &[u8],
        lookup: impl Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync + 'static,
    ) -> Result<Self, AssetsError> {
        let manifest: Manifest = serde_json::from_slice(manifest)?;
        Ok(Self {
            customer: manifest.entry("src/customer.tsx")?,
            desk: manifest.entry("src/desk.tsx")?,
            lookup: Box::new(lookup),
        })
    }

    /// No files: the server writes what it has to say, and nothing runs in the browser.
    #[must_use]
    pub fn none() -> Self {
        Self {
            lookup: Box::new(|_| None),
            customer: Entry::default(),
            desk: Entry::default(),
        }
    }

    /// The file of that path, compressed where the client takes it and there is such a copy.
    pub(crate) fn find(&self, path: &str, coding: Option<Coding>) -> Option<Asset> {
        let content_type = content_type(path)?;
        let copy =
            coding.and_then(|coding| (self.lookup)(&format!("{path}.{}", coding.extension())));
        let coding = coding.filter(|_| copy.is_some());
        let bytes = copy.or_else(|| (self.lookup)(path))?;
        Some(Asset {
            bytes,
            coding,
            content_type,
        })
    }
}

impl Manifest {
    fn entry(&self, name: &str) -> Result<Entry, AssetsError> {
        let mut entry = Entry::default();
        let mut seen = Vec::new();
        self.collect(name, &mut entry, &mut seen)?;
        entry.script = entry.imports.pop();
        Ok(entry)
    }

    /// Adds a chunk after everything that it imports.
    fn collect<'a>(
        &'a self,
        name: &'a str,
        entry: &mut Entry,
        seen: &mut Vec<&'a str>,
    ) -> Result<(), AssetsError> {
        if seen.contains(&name) {
            return Ok(());
        }
        seen.push(name);
        let chunk = self.entries.get(name).ok_or_else(|| missing(name))?;
        for import in &chunk.imports {
            self.collect(import, entry, seen)?;
        }
        for style in &chunk.css {
            entry.styles.push(self.file(style)?);
        }
        entry.imports.push(self.file(&chunk.file)?);
        Ok(())
    }

    fn file(&self, path: &str) -> Result<File, AssetsError> {
        let integrity = self.integrity.get(path).ok_or_else(|| missing(path))?;
        Ok(File {
            path: path.to_owned(),
            integrity: integrity.clone(),
        })
    }
}

fn missing(name: &str) -> AssetsError {
    AssetsError::Missing(name.to_owned())
}

/// The type of a file by its name; a file of another kind is not served.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

impl fmt::Debug for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assets")
            .field("customer", &self.customer)
            .field("desk", &self.desk)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &[u8] = br#"{
        "entries": {
            "_shared.js": {"file": "assets/shared-1.js", "css": ["assets/shared-1.css"]},
            "src/customer.tsx": {"file": "assets/customer-1.js", "imports": ["_shared.js"], "css": ["assets/customer-1.css"]},
            "src/desk.tsx": {"file": "assets/desk-1.js", "imports": ["_shared.js"]}
        },
        "integrity": {
            "assets/shared-1.js": "sha384-a", "assets/shared-1.css": "sha384-b", "assets/customer-1.css": "sha384-c",
            "assets/customer-1.js": "sha384-d", "assets/desk-1.js": "sha384-e"
        }
    }"#;

    fn paths(files: &[File]) -> Vec<&str> {
        files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn a_page_loads_its_script_and_what_that_imports() {
        let assets = Assets::new(MANIFEST, |_| None).unwrap();
        let customer = &assets.customer;
        assert_eq!(
            customer.script.as_ref().unwrap().path,
            "assets/customer-1.js"
        );
        assert_eq!(paths(&customer.imports), ["assets/shared-1.js"]);
        assert_eq!(
            paths(&customer.styles),
            ["assets/shared-1.css", "assets/customer-1.css"]
        );
    }

    #[test]
    fn a_file_without_a_hash_is_refused() {
        let manifest =
            br#"{"entries": {"src/customer.tsx": {"file": "assets/x.js"}}, "integrity": {}}"#;
        assert!(matches!(
            Assets::new(manifest, |_| None),
            Err(AssetsError::Missing(name)) if name == "assets/x.js"
        ));
    }

    #[test]
    fn copies_go_to_whoever_takes_them() {
        let assets = Assets::new(MANIFEST, |path| {
            [
                "assets/a.js",
                "assets/a.js.br",
                "assets/a.js.gz",
                "assets/b.js",
            ]
            .contains(&path)
            .then(|| Cow::Owned(path.as_bytes().to_vec()))
        })
        .unwrap();
        for (coding, copy) in [
            (Coding::Brotli, "assets/a.js.br"),
            (Coding::Gzip, "assets/a.js.gz"),
        ] {
            let found = assets.find("assets/a.js", Some(coding)).unwrap();
            assert_eq!(found.bytes.as_ref(), copy.as_bytes());
            assert_eq!(found.coding, Some(coding));
            assert_eq!(
                assets.find("assets/b.js", Some(coding)).unwrap().coding,
                None
            );
            assert!(assets.find(copy, Some(coding)).is_none());
            assert!(assets.find("assets/none.js", Some(coding)).is_none());
        }
        assert_eq!(assets.find("assets/a.js", None).unwrap().coding, None);
    }
}
