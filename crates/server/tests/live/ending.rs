//! How a connection is ended: by a newer seat, the end of the chat, of the credential, or of the server.

use super::{
    client::Client,
    world::{Customer, World, body, cid},
};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};
use wicketgate_domain::{Cid, Timestamp, message::NewMessage, seat::SeatNumber, time::DAY_MILLIS};
use wicketgate_protocol::{frame::ServerFrame, problem::SeatClosed};

const A_SECOND: Duration = Duration::from_secs(1);

fn closed(told: &[ServerFrame]) -> Option<SeatClosed> {
    told.iter().find_map(|told| match told {
        ServerFrame::Closed { reason, .. } => Some(*reason),
        _ => None,
    })
}

fn code(words: Option<CloseFrame>) -> Option<CloseCode> {
    words.map(|words| words.code)
}

#[tokio::test]
async fn a_replaced_seat_is_told_so() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let first = world.customer(&session, "replaced").await;
    let mut visitor = world.visitor(&first).await;
    visitor.open(&first.chat, 0).await;
    let mut agent = world.agent(&session).await;
    agent.open(&first.chat, 0).await;

    let second = world.customer(&session, "replaced").await;
    let since = Instant::now();
    let (told, words) = visitor.end().await;
    assert!(since.elapsed() < A_SECOND);
    assert_eq!(closed(&told), Some(SeatClosed::Superseded));
    assert_eq!(code(words), Some(CloseCode::Normal));

    // The agent goes on in the same chat with the newcomer, whom the one before does not hear.
    let mut visitor = world.visitor(&second).await;
    visitor.open(&second.chat, 0).await;
    visitor.send(&second, 1).await;
    assert_eq!(agent.message().await.seat, 2);
    let (told, _) = world.visitor(&first).await.end().await;
    assert_eq!(closed(&told), Some(SeatClosed::Superseded));
    assert!(
        !told
            .iter()
            .any(|told| matches!(told, ServerFrame::Message(_)))
    );
}

#[tokio::test]
async fn a_customer_gets_the_last_messages_before_the_end() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "last").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.open(&customer.chat, 0).await;
    visitor.sync().await;
    // Stored, and its caller has not told of it yet when the chat ends.
    let message = NewMessage {
        chat: customer.chat_ref(),
        seat: SeatNumber(1),
        cid: cid(1).parse::<Cid>().unwrap(),
        body: body(1).0.into(),
        now: Timestamp::from_millis(0),
    };
    world.store.send(&session.who(), message).await.unwrap();
    end(&world, &customer, &session.bearer).await;
    let (told, _) = visitor.end().await;
    let last: Vec<_> = told.iter().rev().take(2).collect();
    assert!(
        matches!(last[..], [ServerFrame::Closed { .. }, ServerFrame::Message(message)] if message.seq == 1),
        "{told:?}"
    );
}

async fn end(world: &World, customer: &Customer, bearer: &str) {
    let path = format!("/api/chats/{}/end", customer.chat);
    let answer = world.call("POST", &path, bearer, &Value::Null).await;
    assert_eq!(answer.0, 200, "{}", answer.1);
}

#[tokio::test]
async fn both_sides_are_told_that_the_chat_has_ended() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "ended").await;
    let (mut agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    agent.open(&customer.chat, 0).await;
    visitor.open(&customer.chat, 0).await;
    visitor.send(&customer, 1).await;
    assert_eq!(agent.message().await.seq, 1);
    end(&world, &customer, &customer.bearer).await;

    let (told, _) = visitor.end().await;
    assert_eq!(closed(&told), Some(SeatClosed::ChatEnded));
    let mut told = Vec::new();
    while closed(&told).is_none() {
        told.push(agent.hear().await);
    }
    told = agent.sync().await;
    assert_eq!(closed(&told), None, "it is told once");
    // The agents' connection stays, reads on, and is told again where the chat is opened again.
    agent.send(&customer, 2).await;
    assert_eq!(agent.problem().await, "chat_ended");
    let mut again = world.agent(&session).await;
    again.open(&customer.chat, 0).await;
    assert_eq!(again.message().await.seq, 1);
    let told = again.hear().await;
    assert_eq!(closed(&[told]), Some(SeatClosed::ChatEnded));
}

#[tokio::test]
async fn a_session_that_is_ended_closes_its_sockets_within_a_second() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let other = world.sign_in(session.partner, session.agent).await;
    let (mut ended, mut stays) = (world.agent(&session).await, world.agent(&other).await);
    ended.sync().await;
    stays.sync().await;
    let path = format!("/api/sessions/{}/end", session.session_ref);
    let answer = world.call("POST", &path, &other.bearer, &Value::Null).await;
    assert_eq!(answer.0, 200, "{}", answer.1);
    let since = Instant::now();
    let (_, words) = ended.end().await;
    assert!(since.elapsed() < A_SECOND);
    assert_eq!(code(words), Some(CloseCode::Policy));
    stays.sync().await;
}

#[tokio::test]
async fn a_session_that_runs_out_is_noticed_at_the_next_heartbeat() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "expiry").await;
    let (mut agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    agent.sync().await;
    visitor.sync().await;
    world.state.sockets.check_all();
    agent.sync().await;
    world.clock.fetch_add(100 * DAY_MILLIS, Ordering::Relaxed);
    world.state.sockets.check_all();
    assert_eq!(code(agent.end().await.1), Some(CloseCode::Policy));
    assert_eq!(code(visitor.end().await.1), Some(CloseCode::Policy));
}

#[tokio::test]
async fn a_server_that_stops_acknowledges_what_it_stored_and_says_goodbye() {
    let mut world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "stop").await;
    let (agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    visitor.sync().await;
    for number in 1..=20 {
        visitor.send(&customer, number).await;
    }
    // From here on messages are on their way.
    assert_eq!(visitor.ack().await.0, 1);
    let stopped = world.stop();
    let (told, words) = visitor.end().await;
    assert_eq!(code(words), Some(CloseCode::Away));
    let acknowledged = told
        .iter()
        .filter(|told| matches!(told, ServerFrame::Ack { .. }))
        .count();
    drop((agent, visitor));
    stopped.await.unwrap();
    let database = world.leave().await;
    let store = wicketgate_storage::open(&database.address).await.unwrap();
    let chat = store
        .chat(session.partner, customer.chat_ref())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        chat.last_seq,
        1 + acknowledged as u64,
        "what is stored was acknowledged"
    );
}

#[tokio::test]
async fn who_gives_no_sign_of_life_is_gone() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "tunnel").await;
    let mut agent = world.agent(&session).await;
    // Nothing of it is read any more, so no ping is answered.
    let lost = world.visitor(&customer).await;
    let is_gone = |told: &ServerFrame| matches!(told, ServerFrame::Presence { online: false, .. });
    while !agent.sync().await.iter().any(is_gone) {
        world.state.sockets.check_all();
    }
    drop(lost);
}

#[tokio::test]
async fn who_answers_pings_stays() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    for _ in 0..10 {
        world.state.sockets.check_all();
        let pinged = agent.socket.next().await.unwrap().unwrap();
        assert!(pinged.is_ping());
        // The answer goes out when the next thing is said.
        agent.sync().await;
    }
}

/// Takes in nothing: the way a page in a frozen tab does.
#[tokio::test]
async fn who_does_not_read_is_left_after_ten_seconds() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "frozen").await;
    // It hears of the chat and not of its messages, so it need not read while it sends.
    let mut agent = world.agent(&session).await;
    let mut frozen: Client = world.visitor(&customer).await;
    frozen.open(&customer.chat, 0).await;
    let mut reader = world.visitor(&customer).await;
    reader.open(&customer.chat, 0).await;
    for number in 1..=400 {
        let mut message = super::client::message(&customer, number);
        if let wicketgate_protocol::frame::ClientFrame::Send { body, .. } = &mut message {
            body.0.resize(156 + 128 * 256, 0);
        }
        agent.say(&message).await;
    }
    // The others are not held up.
    while reader.message().await.seq < 400 {}
    drop(reader);
    let since = Instant::now();
    agent
        .find(|told| match told {
            ServerFrame::Presence { online, .. } => (!online).then_some(()),
            _ => None,
        })
        .await;
    assert!(since.elapsed() < Duration::from_secs(12));
    drop(frozen);
}
