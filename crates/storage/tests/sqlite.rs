//! The conformance suite on SQLite.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[macro_use]
mod conformance;

use std::sync::Arc;
use wicketgate_domain::Store;

conformance!(crate::fresh);

/// A store of its own for one test.
struct Fresh {
    store: Arc<dyn Store>,
    folder: tempfile::TempDir,
}

async fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("test.db").display());
    Fresh {
        store: wicketgate_storage::open(&address).await.unwrap(),
        folder,
    }
}

impl Fresh {
    /// What must hold after every test.
    async fn finish(self) {
        self.store.close().await;
        let file = rusqlite::Connection::open(self.folder.path().join("test.db")).unwrap();
        let integrity: String = file
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(integrity, "ok");
        for (rule, statement) in [
            (
                "every reference leads somewhere",
                "SELECT count(*) FROM pragma_foreign_key_check",
            ),
            (
                "numbers have no gaps",
                "SELECT count(*) FROM chat c WHERE (SELECT count(*) FROM message WHERE chat = c.id) NOT IN (0, c.last_seq) \
                 AND c.ended_at IS NULL",
            ),
            (
                "a chat has one live seat, and it is the one that it names",
                "SELECT count(*) FROM chat c WHERE c.live_seat IS NOT (SELECT number FROM seat WHERE chat = c.id AND closed IS NULL)",
            ),
            (
                "a used link has one seat",
                "SELECT count(*) FROM link l WHERE l.used_at IS NOT NULL \
                 AND (SELECT count(*) FROM seat WHERE link_hash = l.id_hash) <> 1",
            ),
            (
                "a link ends in one way",
                "SELECT count(*) FROM link WHERE used_at IS NOT NULL AND revoked_at IS NOT NULL",
            ),
            (
                "unread is what the customer wrote beyond the agents' cursor",
                "SELECT count(*) FROM chat c WHERE c.ended_at IS NULL AND c.unread <> \
                 (SELECT count(*) FROM message WHERE chat = c.id AND role = 0 AND seq > c.read)",
            ),
        ] {
            let broken: i64 = file.query_row(statement, [], |row| row.get(0)).unwrap();
            assert_eq!(broken, 0, "{rule}");
        }
    }
}
