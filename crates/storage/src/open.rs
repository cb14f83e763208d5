//! Opening the database that an address names.

use crate::{open_error::OpenError, sqlite::Sqlite};
use std::{path::PathBuf, sync::Arc};
use wicketgate_domain::Store;

/// Opens the database at `sqlite:path`, making folder, file and tables where they lack.
///
/// # Errors
/// [`OpenError`]; nothing is left locked.
pub async fn open(address: &str) -> Result<Arc<dyn Store>, OpenError> {
    let path = sqlite_path(address)?;
    let opening = path.clone();
    match tokio::task::spawn_blocking(move || Sqlite::open(&opening)).await {
        Ok(store) => Ok(Arc::new(store?)),
        Err(stopped) => Err(OpenError::unusable(&path, stopped)),
    }
}

fn sqlite_path(address: &str) -> Result<PathBuf, OpenError> {
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        return Err(OpenError::Postgres);
    }
    let path = address
        .strip_prefix("sqlite:")
        .ok_or(OpenError::UnknownAddress)?;
    let path = path.strip_prefix("//").unwrap_or(path);
    // SQLite would take these for databases in memory, of which every connection has its own.
    if path.is_empty() || path.starts_with(':') {
        return Err(OpenError::UnknownAddress);
    }
    Ok(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn an_address_names_a_file() {
        for (address, path) in [
            ("sqlite:data/w.db", "data/w.db"),
            ("sqlite:/data/w.db", "/data/w.db"),
            ("sqlite:///data/w.db", "/data/w.db"),
            ("sqlite://w.db", "w.db"),
        ] {
            assert_eq!(sqlite_path(address).unwrap(), Path::new(path), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_refused_without_being_repeated() {
        for address in [
            "",
            "w.db",
            "sqlite:",
            "sqlite::memory:",
            "mysql://u:secret@h/d",
            "postgres://u:secret@h/d",
        ] {
            let sentence = sqlite_path(address).unwrap_err().to_string();
            assert!(sentence.contains("write sqlite:"), "{sentence}");
            assert!(!sentence.contains("secret"), "{sentence}");
        }
    }
}
