//! A list of 100 000 links: every page costs what the first one costs, whatever it is filtered by.
//!
//! Cost is counted in steps of the database's own machine, which are the same on every computer.

use super::{list_statement, page};
use rusqlite::{Connection, StatementStatus, named_params};
use wicketgate_domain::{
    ChatRef, PartnerId, Timestamp,
    link::{Link, LinkQuery, LinkState},
};

const LINKS: i64 = 100_000;
const PAGE: u32 = 50;
const PARTNER: [u8; 16] = [7; 16];
const NOW: i64 = 1_000_000_000;

/// A database with this many links, a quarter in each state, of which every hundredth leads to one chat.
fn filled() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../migrations/V1__links_chats_partners.sql"))
        .unwrap();
    db.execute(
        "INSERT INTO partner (id, uuid, name, identity, generation, epoch, created_at) VALUES (1, ?1, '', x'', 1, 1, 0)",
        [PARTNER],
    )
    .unwrap();
    db.execute_batch(
        "INSERT INTO chat (id, ref, partner, chat_id, created_at, active_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) \
         SELECT i, unhex(printf('%032x', i)), 1, 'chat ' || i, 0, 0 FROM n;",
    )
    .unwrap();
    db.execute(
        "INSERT INTO link (id, id_hash, ref, partner, chat, made_by_key, content, created_at, expires_at, used_at, revoked_at, device) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :links) \
         SELECT i, unhex(printf('%064x', i)), unhex(printf('%032x', i)), 1, i % 100 + 1, 0, zeroblob(32), i, \
                iif(i % 4 = 0, 1, :now + 1), iif(i % 4 = 2, i, NULL), iif(i % 4 = 3, i, NULL), NULL FROM n",
        named_params! {":links": LINKS, ":now": NOW},
    )
    .unwrap();
    db
}

fn query(state: Option<LinkState>, chat: Option<ChatRef>) -> LinkQuery {
    LinkQuery {
        partner: PartnerId::from_bytes(PARTNER),
        state,
        chat,
        used_since: None,
        after: None,
        limit: PAGE,
        now: Timestamp::from_millis(NOW),
    }
}

/// The page, and how many steps it took. Nothing may be sorted, and no table read from end to end.
fn measured(db: &Connection, query: &LinkQuery) -> (Vec<Link>, i32) {
    let mut statement = db.prepare(&list_statement(query)).unwrap();
    let links = page(&mut statement, query).unwrap();
    assert_eq!(
        statement.get_status(StatementStatus::Sort),
        0,
        "sorted: {query:?}"
    );
    assert_eq!(
        statement.get_status(StatementStatus::FullscanStep),
        0,
        "read from end to end: {query:?}"
    );
    (links, statement.get_status(StatementStatus::VmStep))
}

fn every_filter() -> Vec<LinkQuery> {
    let states = [
        LinkState::Valid,
        LinkState::Used,
        LinkState::Expired,
        LinkState::Revoked,
    ];
    let mut filters = vec![query(None, None), query(None, Some(chat_of(1)))];
    filters.extend(states.map(|state| query(Some(state), None)));
    filters.push(LinkQuery {
        used_since: Some(Timestamp::from_millis(LINKS / 2)),
        ..query(None, None)
    });
    filters
}

#[test]
fn asking_for_what_was_used_lately_costs_what_was_used_lately() {
    let db = filled();
    let latest = LINKS - 2;
    for (since, count) in [(latest + 1, 0), (latest, 1), (latest - 4 * 9, 10)] {
        let query = LinkQuery {
            used_since: Some(Timestamp::from_millis(since)),
            ..query(None, None)
        };
        let (links, steps) = measured(&db, &query);
        assert_eq!(links.len(), count);
        let most = 100 + 100 * i32::try_from(count).unwrap();
        assert!(steps <= most, "{count} links took {steps} steps");
    }
}

fn chat_of(number: u8) -> ChatRef {
    let mut bytes = [0; 16];
    bytes[15] = number;
    ChatRef::from_bytes(bytes)
}

#[test]
fn the_last_page_costs_what_the_first_one_costs() {
    let db = filled();
    for mut query in every_filter() {
        let (mut links, first) = measured(&db, &query);
        let (mut count, mut most) = (0, first);
        while let Some(last) = links.last() {
            count += links.len();
            query.after = Some(last.link_ref);
            let steps;
            (links, steps) = measured(&db, &query);
            most = most.max(steps);
        }
        let all = match (query.state, query.chat) {
            _ if query.used_since.is_some() => LINKS / 8,
            (None, None) => LINKS,
            (None, Some(_)) => LINKS / 100,
            _ => LINKS / 4,
        };
        assert_eq!(i64::try_from(count).unwrap(), all, "{query:?}");
        // In the order of use a further page compares two columns in each row, where the first compares none.
        let factor = if query.used_since.is_some() { 1.3 } else { 1.2 };
        assert!(
            f64::from(most) <= factor * f64::from(first),
            "{query:?}: {first} steps at first, later {most}"
        );
    }
}

#[test]
fn no_plan_sorts_or_scans() {
    let db = filled();
    for mut query in every_filter() {
        query.after = Some(measured(&db, &query).0.last().unwrap().link_ref);
        let plan = format!("EXPLAIN QUERY PLAN {}", list_statement(&query));
        let mut statement = db.prepare(&plan).unwrap();
        let mut read = statement.raw_query();
        let mut rows: Vec<String> = Vec::new();
        while let Some(row) = read.next().unwrap() {
            rows.push(row.get(3).unwrap());
        }
        let plan = rows.join("\n");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        assert!(!rows.iter().any(|row| row.starts_with("SCAN")), "{plan}");
    }
}
