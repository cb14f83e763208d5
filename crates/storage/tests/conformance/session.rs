//! Sign-in sessions.

use super::{DAY, HOUR, NOW, after, agent_id, hash, name, partner, partner_id};
use wicketgate_domain::{Hash, SessionRef, Store, Timestamp, device::Device, session::Session};

pub(crate) fn session(number: u64, agent: u64) -> Session {
    Session {
        session_ref: SessionRef::from_bytes(name("session", number)),
        partner: partner_id(agent),
        agent: agent_id(agent),
        created_at: NOW,
        used_at: NOW,
        device: Device::Computer,
    }
}

fn token(number: u64) -> Hash {
    hash("session", number)
}

async fn signed_in(store: &dyn Store, number: u64, agent: u64) -> Session {
    let session = session(number, agent);
    store
        .create_session(session.clone(), token(number))
        .await
        .unwrap();
    session
}

/// Asks for a session, and waits until its use is noted: notes are made in the order in which they come.
async fn visit(store: &dyn Store, number: u64, now: Timestamp) -> Option<Session> {
    let session = store.session(token(number), now).await.unwrap();
    store.ready().await.unwrap();
    session
}

pub(crate) async fn a_session_is_found_by_its_token(store: &dyn Store) {
    partner(store, 1).await;
    let stored = signed_in(store, 1, 1).await;
    assert_eq!(store.session(token(1), NOW).await.unwrap(), Some(stored));
    assert_eq!(store.session(token(2), NOW).await.unwrap(), None);
    assert!(
        store.create_session(session(2, 7), token(2)).await.is_err(),
        "an agent that does not exist"
    );
}

pub(crate) async fn a_session_ends_when_it_is_not_used(store: &dyn Store) {
    partner(store, 1).await;
    signed_in(store, 1, 1).await;
    assert!(visit(store, 1, after(HOUR - 1)).await.is_some());
    assert_eq!(
        visit(store, 1, after(13 * DAY)).await.unwrap().used_at,
        NOW,
        "within the hour nothing is noted"
    );
    assert_eq!(
        visit(store, 1, after(26 * DAY)).await.unwrap().used_at,
        after(13 * DAY)
    );
    assert_eq!(
        visit(store, 1, after(26 * DAY - HOUR))
            .await
            .unwrap()
            .used_at,
        after(26 * DAY)
    );
    assert_eq!(visit(store, 1, after(40 * DAY)).await, None);
}

pub(crate) async fn a_session_ends_however_much_it_is_used(store: &dyn Store) {
    partner(store, 1).await;
    signed_in(store, 1, 1).await;
    for day in (10..90).step_by(10) {
        assert!(
            visit(store, 1, after(day * DAY)).await.is_some(),
            "day {day}"
        );
    }
    assert!(visit(store, 1, after(90 * DAY - 1)).await.is_some());
    assert_eq!(visit(store, 1, after(90 * DAY)).await, None);
}

pub(crate) async fn sessions_are_listed_and_ended_by_their_agent_only(store: &dyn Store) {
    partner(store, 1).await;
    partner(store, 2).await;
    let (first, second, other) = (
        signed_in(store, 1, 1).await,
        signed_in(store, 2, 1).await,
        signed_in(store, 3, 2).await,
    );
    assert_eq!(
        store.sessions(agent_id(1), NOW).await.unwrap(),
        [second.clone(), first.clone()]
    );
    assert_eq!(store.sessions(agent_id(2), NOW).await.unwrap(), [other]);
    assert!(
        store
            .sessions(agent_id(1), after(14 * DAY))
            .await
            .unwrap()
            .is_empty()
    );

    assert!(
        !store
            .end_session(agent_id(2), first.session_ref, NOW)
            .await
            .unwrap()
    );
    assert!(
        store
            .end_session(agent_id(1), first.session_ref, NOW)
            .await
            .unwrap()
    );
    assert!(
        !store
            .end_session(agent_id(1), first.session_ref, NOW)
            .await
            .unwrap()
    );
    assert_eq!(store.session(token(1), NOW).await.unwrap(), None);
    assert_eq!(store.session(token(2), NOW).await.unwrap(), Some(second));
}

pub(crate) async fn dead_sessions_are_swept(store: &dyn Store) {
    partner(store, 1).await;
    for number in 1..=4 {
        signed_in(store, number, 1).await;
    }
    visit(store, 4, after(10 * DAY)).await;
    assert_eq!(store.sweep_sessions(after(13 * DAY), 10).await.unwrap(), 0);
    assert_eq!(store.sweep_sessions(after(14 * DAY), 2).await.unwrap(), 2);
    assert_eq!(store.sweep_sessions(after(14 * DAY), 2).await.unwrap(), 1);
    assert_eq!(store.sweep_sessions(after(14 * DAY), 2).await.unwrap(), 0);
    assert!(
        store
            .session(token(4), after(14 * DAY))
            .await
            .unwrap()
            .is_some()
    );
    for day in (20..90).step_by(10) {
        visit(store, 4, after(day * DAY)).await;
    }
    assert_eq!(store.sweep_sessions(after(90 * DAY), 10).await.unwrap(), 1);
}
