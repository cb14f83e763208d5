//! The conformance suite on SQLite.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[macro_use]
mod conformance;
mod event_log;

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
            (
                "the audit keeps everything but messages and receipts",
                "SELECT count(*) FROM event WHERE audit <> (kind NOT IN (21, 22, 23))",
            ),
        ] {
            let broken: i64 = file.query_row(statement, [], |row| row.get(0)).unwrap();
            assert_eq!(broken, 0, "{rule}");
        }
        check_log(&file);
    }
}

/// What must hold of a log that nothing was swept from: each row, and each change of it, is there.
fn check_log(file: &rusqlite::Connection) {
    let swept = "SELECT count(*) <> (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event') FROM event";
    if file.query_row(swept, [], |row| row.get(0)).unwrap() {
        return;
    }
    for (rule, statement) in [
        (
            "a link's changes are its events",
            "SELECT count(*) FROM link l WHERE l.rev <> (SELECT count(*) FROM event WHERE kind <= 3 AND name = l.ref) \
             + (l.revoked_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM event WHERE kind = 3 AND name = l.ref))",
        ),
        (
            "a chat's changes are its events",
            "SELECT count(*) FROM chat c WHERE c.rev <> 1 + \
             (SELECT count(*) FROM event WHERE kind IN (10, 11, 20, 21, 23) AND name = c.ref)",
        ),
        (
            "a seat's changes are its events, but for cursors",
            "SELECT count(*) FROM seat s JOIN chat c ON c.id = s.chat WHERE s.read = 0 AND s.delivered = 0 AND s.rev <> \
             (SELECT count(*) FROM event WHERE kind BETWEEN 10 AND 13 AND name = c.ref AND number = s.number)",
        ),
        (
            "a message is an event",
            "SELECT count(*) FROM message m JOIN chat c ON c.id = m.chat WHERE \
             (SELECT count(*) FROM event WHERE kind = 21 AND name = c.ref AND number = m.seq) <> 1",
        ),
        (
            "a session and a key are events",
            "SELECT count(*) FROM (SELECT ref, 41 AS kind FROM session UNION ALL SELECT ref, 44 FROM api_key) s WHERE \
             (SELECT count(*) FROM event e WHERE e.kind = s.kind AND e.name = s.ref) <> 1",
        ),
        (
            "an event is in the log of the partner whose row it names",
            "SELECT count(*) FROM event e WHERE e.partner <> coalesce((SELECT partner FROM link WHERE ref = e.name), \
             (SELECT partner FROM chat WHERE ref = e.name), (SELECT partner FROM api_key WHERE ref = e.name), e.partner)",
        ),
    ] {
        let broken: i64 = file.query_row(statement, [], |row| row.get(0)).unwrap();
        assert_eq!(broken, 0, "{rule}");
    }
}
