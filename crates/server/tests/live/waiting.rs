//! Waiting for a message over plain HTTP.

use super::world::{World, body, cid};
use serde_json::Value;
use std::time::{Duration, Instant};
use wicketgate_domain::{ChatRef, event::Topic};

#[tokio::test]
async fn a_waiting_call_gets_the_message_that_comes() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "wait").await;
    let path = format!("/api/chats/{}/messages?after=0&wait=25", customer.chat);
    let mut visitor = world.visitor(&customer).await;
    visitor.sync().await;
    for bearer in [&session.bearer, &customer.bearer] {
        let after = world.call("GET", &path, bearer, &Value::Null);
        let since = Instant::now();
        let send = async {
            // Sent while the call waits or before it reads: either way it is found.
            visitor.send(&customer, 1).await;
            visitor.ack().await;
        };
        let ((status, page), ()) = tokio::join!(after, send);
        assert_eq!(status, 200, "{page}");
        assert_eq!(page["messages"][0]["seq"], 1);
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_call_that_waited_for_nothing_gets_an_empty_page() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "nothing").await;
    let other = world.customer(&session, "something").await;
    let path = format!("/api/chats/{}/messages?after=0&wait=1", customer.chat);
    let since = Instant::now();
    let waiting = world.call("GET", &path, &session.bearer, &Value::Null);
    let elsewhere = async {
        let mut visitor = world.visitor(&other).await;
        visitor.send(&other, 1).await;
        visitor.ack().await;
    };
    let ((status, page), ()) = tokio::join!(waiting, elsewhere);
    assert_eq!((status, &page["messages"]), (200, &serde_json::json!([])));
    assert!(since.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_wait_ends_when_the_other_side_reads_or_comes_and_not_by_what_the_own_side_does() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "peer status").await;
    let post = format!("/api/chats/{}/messages", customer.chat);
    for number in 1..=2 {
        let message = serde_json::json!({"cid": cid(number), "seat": 1, "body": body(number)});
        let sent = world.call("POST", &post, &customer.bearer, &message).await;
        assert_eq!(sent.0, 200, "{}", sent.1);
    }
    let waits = |bearer, seconds: u32| {
        let path = format!(
            "/api/chats/{}/messages?after=2&wait={seconds}",
            customer.chat
        );
        let (world, since) = (&world, Instant::now());
        async move {
            let (status, page) = world.call("GET", &path, bearer, &Value::Null).await;
            assert_eq!((status, &page["messages"]), (200, &serde_json::json!([])));
            since.elapsed()
        }
    };
    let reads = |bearer, listener, read: u32| {
        let (world, path) = (&world, format!("/api/chats/{}/seen", customer.chat));
        async move {
            world.heard(listener).await;
            let cursors = serde_json::json!({"delivered": read, "read": read});
            let (status, answer) = world.call("POST", &path, bearer, &cursors).await;
            assert_eq!(status, 200, "{answer}");
        }
    };
    let (customers, agents) = (
        Topic::Chat(ChatRef::of(session.partner, "peer status")),
        Topic::Partner(session.partner),
    );
    let sooner = Duration::from_secs(10);

    let (waited, ()) = tokio::join!(
        waits(&customer.bearer, 25),
        reads(&session.bearer, customers, 1)
    );
    assert!(waited < sooner, "the agent has read it");
    let (waited, ()) = tokio::join!(waits(&session.bearer, 1), reads(&session.bearer, agents, 2));
    assert!(waited >= Duration::from_secs(1), "the own side reads");
    let comes = async {
        world.heard(agents).await;
        world.visitor(&customer).await
    };
    let (waited, _visitor) = tokio::join!(waits(&session.bearer, 25), comes);
    assert!(waited < sooner, "the customer came");
}

#[tokio::test]
async fn a_waiting_call_does_not_hold_up_a_server_that_stops() {
    let mut world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "stopping").await;
    let path = format!("/api/chats/{}/messages?after=0&wait=25", customer.chat);
    let since = Instant::now();
    let stopped = world.stop_when_heard(Topic::Partner(session.partner));
    let (status, page) = world
        .call("GET", &path, &session.bearer, &Value::Null)
        .await;
    assert_eq!((status, &page["messages"]), (200, &serde_json::json!([])));
    stopped.await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(10));
}
