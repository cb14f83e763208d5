//! Both sides talk.

use super::{
    client::{Client, message},
    world::{World, body, cid},
};
use serde_json::Value;
use std::sync::atomic::Ordering;
use wicketgate_protocol::{
    frame::{ClientFrame, ServerFrame},
    message::Side,
};

#[tokio::test]
async fn both_sides_talk() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "talk").await;
    let (mut agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    agent.open(&customer.chat, 0).await;
    visitor.open(&customer.chat, 0).await;

    visitor.send(&customer, 1).await;
    let told = agent.message().await;
    assert_eq!((told.seq, told.from), (1, Side::Customer));
    assert_eq!((told.cid, told.body), (cid(1), body(1)));
    agent.send(&customer, 2).await;
    // The own message comes back too, and then the answer to it.
    assert_eq!(visitor.message().await.seq, 1);
    let told = visitor.message().await;
    assert_eq!((told.seq, told.from), (2, Side::Partner));
}

#[tokio::test]
async fn acknowledgements_come_in_the_order_of_sending() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "order").await;
    let mut visitor = world.visitor(&customer).await;
    for number in 1..=200 {
        visitor.send(&customer, number).await;
    }
    for number in 1..=200 {
        assert_eq!(visitor.ack().await, (number, cid(number)));
    }
}

#[tokio::test]
async fn the_same_name_again_is_the_same_message() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "again").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.send(&customer, 1).await;
    visitor.send(&customer, 1).await;
    assert_eq!(visitor.ack().await, (1, cid(1)));
    assert_eq!(visitor.ack().await, (1, cid(1)));
    let mut other = message(&customer, 2);
    if let ClientFrame::Send { cid: name, .. } = &mut other {
        *name = cid(1);
    }
    visitor.say(&other).await;
    assert_eq!(visitor.problem().await, "other_content");
}

#[tokio::test]
async fn every_device_of_an_agent_hears_what_one_sends() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "devices").await;
    let (mut one, mut other) = (world.agent(&session).await, world.agent(&session).await);
    for agent in [&mut one, &mut other] {
        agent.open(&customer.chat, 0).await;
    }
    one.send(&customer, 1).await;
    assert_eq!(one.message().await.cid, cid(1));
    assert_eq!(other.message().await.cid, cid(1));
}

#[tokio::test]
async fn agents_hear_of_links_seats_and_chats_without_opening_any() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    agent.sync().await;
    let customer = world.customer(&session, "inbox").await;
    let link = agent
        .find(|told| match told {
            ServerFrame::Link { link, .. } => link.is_used.then_some(link),
            _ => None,
        })
        .await;
    assert_eq!(link.chat_ref, customer.chat);
    let seat = agent
        .find(|told| match told {
            ServerFrame::Seat { seat, .. } => Some(seat),
            _ => None,
        })
        .await;
    assert_eq!((&seat.chat, seat.number), (&customer.chat, 1));
    let mut visitor = world.visitor(&customer).await;
    visitor.send(&customer, 1).await;
    let row = agent
        .find(|told| match told {
            ServerFrame::Chat { chat } => (chat.unread == 1).then_some(chat),
            ServerFrame::Message(_) => panic!("the chat was not opened"),
            _ => None,
        })
        .await;
    assert!(row.online);
}

#[tokio::test]
async fn agents_hear_once_that_a_customer_asks_for_a_new_link() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "no keys").await;
    let mut agent = world.agent(&session).await;
    agent.sync().await;
    let ask = format!("/api/chats/{}/ask", customer.chat);
    let told = |told| match told {
        ServerFrame::Seat { seat, .. } => Some(seat.asked_at),
        ServerFrame::Chat { chat } => Some(chat.asked_at),
        _ => None,
    };
    let asking = || world.call("POST", &ask, &customer.bearer, &Value::Null);
    assert_eq!(asking().await.0, 200);
    let seat = agent.find(told).await;
    assert!(seat.is_some());
    assert_eq!(agent.find(told).await, seat);
    world.clock.fetch_add(1000, Ordering::Relaxed);
    assert_eq!(asking().await.0, 200);
    let again = agent.sync().await;
    assert!(!again.into_iter().any(|frame| told(frame).is_some()));
}

#[tokio::test]
async fn typing_is_told_to_the_other_side_that_looks() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "typing").await;
    let (mut agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    let typing = |typing| ClientFrame::Typing {
        chat: customer.chat.clone(),
        typing,
    };
    agent.say(&typing(true)).await;
    assert_eq!(agent.problem().await, "not_found", "the chat is not open");
    agent.open(&customer.chat, 0).await;
    visitor.open(&customer.chat, 0).await;
    agent.say(&typing(true)).await;
    assert_eq!(next_typing(&mut visitor).await, (Side::Partner, true));
    visitor.say(&typing(true)).await;
    visitor.sync().await;
    visitor.say(&typing(false)).await;
    while next_typing(&mut agent).await != (Side::Customer, false) {}
    let own = agent.sync().await;
    assert!(
        !own.iter()
            .any(|told| matches!(told, ServerFrame::Typing { .. }))
    );
}

async fn next_typing(client: &mut Client) -> (Side, bool) {
    client
        .find(|told| match told {
            ServerFrame::Typing { by, typing, .. } => Some((by, typing)),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn cursors_are_told_and_stand_in_what_is_opened_later() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "seen").await;
    let (mut agent, mut visitor) = (world.agent(&session).await, world.visitor(&customer).await);
    agent.open(&customer.chat, 0).await;
    visitor.open(&customer.chat, 0).await;
    for number in 1..=20 {
        visitor.send(&customer, number).await;
    }
    while agent.message().await.seq < 20 {}
    for read in 1..=20 {
        let chat = customer.chat.clone();
        let delivered = read;
        let seen = ClientFrame::Seen {
            chat,
            delivered,
            read,
        };
        agent.say(&seen).await;
    }
    let mut heard = 0;
    loop {
        heard += 1;
        let read = visitor
            .find(|told| match told {
                ServerFrame::Seen { by, read, .. } => (by == Side::Partner).then_some(read),
                _ => None,
            })
            .await;
        if read == 20 {
            break;
        }
    }
    assert!(heard <= 20);
    let mut again = world.visitor(&customer).await;
    let opened = again.open(&customer.chat, 20).await;
    assert_eq!((opened.last_seq, opened.partner_read), (20, 20));
    assert_eq!(opened.customer_read, 0);
}

#[tokio::test]
async fn coming_and_going_is_told_to_the_other_side() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "presence").await;
    let mut visitor = world.visitor(&customer).await;
    assert!(!visitor.open(&customer.chat, 0).await.online);
    let mut agent = world.agent(&session).await;
    assert_eq!(next_presence(&mut visitor).await, (Side::Partner, true));
    assert!(agent.open(&customer.chat, 0).await.online);
    let second = world.agent(&session).await;
    drop(visitor);
    assert_eq!(next_presence(&mut agent).await, (Side::Customer, false));
    let mut visitor = world.visitor(&customer).await;
    assert_eq!(next_presence(&mut agent).await, (Side::Customer, true));
    assert!(visitor.open(&customer.chat, 0).await.online);
    // Only the last agent's going is told.
    drop(second);
    agent.sync().await;
    drop(agent);
    assert_eq!(next_presence(&mut visitor).await, (Side::Partner, false));
}

async fn next_presence(client: &mut Client) -> (Side, bool) {
    client
        .find(|told| match told {
            ServerFrame::Presence { by, online, .. } => Some((by, online)),
            _ => None,
        })
        .await
}
