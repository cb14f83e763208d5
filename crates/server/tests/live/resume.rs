//! Who comes back gets what was missed, or is told to fetch it.

use super::{
    client::Client,
    world::{AgentSession, Customer, World},
};
use wicketgate_domain::{
    event::{Event, Told, Topic},
    side::Side as DomainSide,
};
use wicketgate_protocol::frame::ServerFrame;

async fn chat_of(world: &World, messages: u64) -> (AgentSession, Customer, Client) {
    let session = world.agent_session().await;
    let customer = world.customer(&session, "resume").await;
    let mut visitor = world.visitor(&customer).await;
    for number in 1..=messages {
        visitor.send(&customer, number).await;
    }
    for _ in 1..=messages {
        visitor.ack().await;
    }
    (session, customer, visitor)
}

#[tokio::test]
async fn what_was_missed_comes_in_order_and_then_what_is_new() {
    let world = World::start().await;
    let (session, customer, mut visitor) = chat_of(&world, 120).await;
    let mut agent = world.agent(&session).await;
    assert_eq!(agent.open(&customer.chat, 7).await.last_seq, 120);
    visitor.send(&customer, 121).await;
    for seq in 8..=121 {
        assert_eq!(agent.message().await.seq, seq);
    }
}

#[tokio::test]
async fn opening_gives_the_transcript_after_the_message_that_was_named() {
    let world = World::start().await;
    let (session, customer, _visitor) = chat_of(&world, 3).await;
    let mut agent = world.agent(&session).await;
    let mut transcripts = Vec::new();
    for after in 0..=3 {
        agent.ask_open(&customer.chat, after).await;
        let transcript = agent
            .find(|told| match told {
                ServerFrame::Opened { transcript, .. } => Some(transcript),
                _ => None,
            })
            .await;
        transcripts.push(transcript.unwrap().0);
    }
    let page = world
        .call(
            "GET",
            &format!("/api/chats/{}/messages?after=2", customer.chat),
            &session.bearer,
            &serde_json::Value::Null,
        )
        .await;
    assert_eq!(
        page.1["transcript"],
        super::world::base64(&transcripts[2]),
        "{}",
        page.1
    );
    transcripts.dedup();
    assert_eq!(transcripts.len(), 4);
}

#[tokio::test]
async fn who_missed_more_than_five_hundred_fetches() {
    let world = World::start().await;
    let (session, customer, mut visitor) = chat_of(&world, 501).await;
    let mut agent = world.agent(&session).await;
    agent.ask_open(&customer.chat, 0).await;
    assert_eq!(next_resync(&mut agent).await, Some(customer.chat.clone()));
    // Nothing is told of a chat that is not open.
    visitor.send(&customer, 502).await;
    visitor.ack().await;
    let told = agent.sync().await;
    assert!(
        !told
            .iter()
            .any(|told| matches!(told, ServerFrame::Message(_)))
    );
    agent.open(&customer.chat, 2).await;
    for seq in 3..=502 {
        assert_eq!(agent.message().await.seq, seq);
    }
}

#[tokio::test]
async fn who_cannot_keep_up_is_told_to_fetch() {
    let world = World::start().await;
    let (session, customer, mut visitor) = chat_of(&world, 3).await;
    let mut agent = world.agent(&session).await;
    agent.open(&customer.chat, 3).await;
    visitor.open(&customer.chat, 3).await;
    agent.sync().await;
    visitor.sync().await;
    // On one thread nothing else runs while these are published, so that both queues overflow.
    for (topic, by) in [
        (Topic::Partner(session.partner), DomainSide::Customer),
        (Topic::Chat(customer.chat_ref()), DomainSide::Partner),
    ] {
        for count in 0..100_000 {
            let event = Event::Typing {
                chat: customer.chat_ref(),
                by,
                typing: count % 2 == 0,
            };
            world.state.relay.publish(&[topic], &Told::passing(event));
        }
    }
    assert_eq!(next_resync(&mut agent).await, None, "of everything");
    assert_eq!(next_resync(&mut visitor).await, Some(customer.chat.clone()));
    // Both open again and go on.
    agent.open(&customer.chat, 3).await;
    visitor.open(&customer.chat, 3).await;
    visitor.send(&customer, 4).await;
    assert_eq!(agent.message().await.seq, 4);
    assert_eq!(visitor.message().await.seq, 4);
}

async fn next_resync(client: &mut Client) -> Option<String> {
    client
        .find(|told| match told {
            ServerFrame::Resync { chat } => Some(chat),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn messages_that_are_told_again_are_told_once() {
    let world = World::start().await;
    let (session, customer, _visitor) = chat_of(&world, 2).await;
    let mut agent = world.agent(&session).await;
    agent.open(&customer.chat, 2).await;
    agent.sync().await;
    let mut sent = Vec::new();
    for number in 3..=4 {
        let message = wicketgate_domain::message::NewMessage {
            chat: customer.chat_ref(),
            seat: wicketgate_domain::seat::SeatNumber(1),
            cid: super::world::cid(number).parse().unwrap(),
            body: super::world::body(number).0.into(),
            now: world.state.now(),
        };
        sent.push(
            world
                .store
                .send(&session.who(), message)
                .await
                .unwrap()
                .message,
        );
    }
    assert_eq!(agent.message().await.seq, 3);
    assert_eq!(agent.message().await.seq, 4);
    for message in sent.into_iter().rev() {
        let topic = Topic::Partner(session.partner);
        world
            .state
            .relay
            .publish(&[topic], &Told::passing(Event::Message(message.into())));
    }
    let told = agent.sync().await;
    assert!(
        !told
            .iter()
            .any(|told| matches!(told, ServerFrame::Message(_)))
    );
}
