//! What is another's stays closed.

use super::{
    client::Client,
    world::{World, body, cid},
};
use tokio_tungstenite::tungstenite::{Error, http::header};
use wicketgate_domain::{ChatRef, event::Topic};
use wicketgate_protocol::frame::{ClientFrame, ServerFrame};

fn every_verb(chat: &str) -> [ClientFrame; 4] {
    let chat = || chat.to_owned();
    [
        ClientFrame::Open {
            chat: chat(),
            after: 0,
        },
        ClientFrame::Send {
            chat: chat(),
            cid: cid(9),
            seat: 1,
            body: body(9),
        },
        ClientFrame::Seen {
            chat: chat(),
            delivered: 1,
            read: 1,
        },
        ClientFrame::Typing {
            chat: chat(),
            typing: true,
        },
    ]
}

#[tokio::test]
async fn a_chat_of_another_is_not_found() {
    let world = World::start().await;
    let (session, stranger) = (world.agent_session().await, world.agent_session().await);
    let customer = world.customer(&session, "own").await;
    let neighbour = world.customer(&session, "next door").await;
    let foreigner = world.customer(&stranger, "own").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.open(&customer.chat, 0).await;
    visitor.send(&customer, 1).await;
    visitor.ack().await;
    let absent = ChatRef::from_bytes([9; 16]).to_string();
    for mut client in [
        world.agent(&stranger).await,
        world.visitor(&neighbour).await,
        world.visitor(&foreigner).await,
    ] {
        client.sync().await;
        for said in every_verb(&customer.chat)
            .iter()
            .chain(&every_verb(&absent))
        {
            client.say(said).await;
            assert_eq!(client.problem().await, "not_found", "{said:?}");
        }
        visitor.send(&customer, 2).await;
        let told = client.sync().await;
        assert!(told.is_empty(), "{told:?}");
    }
}

#[tokio::test]
async fn a_socket_needs_a_credential_of_its_chat() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "one").await;
    let other = world.customer(&session, "other").await;
    let key = format!("wg_{}.{}", "A".repeat(12), "A".repeat(43));
    let as_customer = format!("as=customer&chat={}", customer.chat);
    for (query, bearer, status) in [
        ("as=agent", "", 401),
        ("", "", 401),
        ("as=agent", "wgs_x", 401),
        ("as=agent", key.as_str(), 401),
        ("as=agent", customer.bearer.as_str(), 401),
        (as_customer.as_str(), "", 401),
        (as_customer.as_str(), other.bearer.as_str(), 404),
        ("as=customer", customer.bearer.as_str(), 422),
        ("as=customer&chat=x", customer.bearer.as_str(), 422),
        ("as=nobody", session.bearer.as_str(), 422),
    ] {
        let authorization = (header::AUTHORIZATION, format!("Bearer {bearer}"));
        let headers = (!bearer.is_empty()).then_some(authorization);
        let refused = Client::knock(world.address, query, headers.as_slice()).await;
        assert_eq!(refused_with(refused), status, "{query} {bearer}");
    }
}

fn refused_with(answer: Result<Client, Error>) -> u16 {
    match answer {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    }
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_socket() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let token = session.bearer.trim_start_matches("wgs_");
    let cookie = (header::COOKIE, format!("wg_session={token}"));
    let port = world.address.port();
    for (origin, status) in [
        (Some(format!("http://127.0.0.1:{port}")), 101),
        (Some(format!("http://localhost:{port}")), 101),
        (Some(format!("https://127.0.0.1:{port}")), 403),
        (Some("http://127.0.0.1:1".to_owned()), 403),
        (Some(format!("http://127.0.0.1:{port}.evil.example")), 403),
        (Some("null".to_owned()), 403),
        (None, 403),
    ] {
        let mut headers = vec![cookie.clone()];
        headers.extend(origin.clone().map(|origin| (header::ORIGIN, origin)));
        let answer = Client::knock(world.address, "as=agent", &headers).await;
        assert_eq!(refused_with(answer), status, "{origin:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_no_websocket_is_refused() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let null = serde_json::Value::Null;
    let answer = world
        .call("GET", "/api/socket", &session.bearer, &null)
        .await;
    assert_eq!(
        (answer.0, answer.1["code"].as_str()),
        (426, Some("upgrade_required"))
    );
}

#[tokio::test]
async fn a_customer_hears_nothing_of_another_seat_or_of_the_inbox() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "mine").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.open(&customer.chat, 0).await;
    let mut agent = world.agent(&session).await;
    agent.open(&customer.chat, 0).await;
    agent.send(&customer, 1).await;
    agent.ack().await;
    // As if an agent's message to another seat of the same chat were told here.
    let page = world
        .store
        .messages(
            &session.who(),
            customer.chat_ref(),
            wicketgate_domain::message::Range::After(0),
            1,
        )
        .await
        .unwrap();
    let mut foreign = page.messages[0].clone();
    foreign.seat = wicketgate_domain::seat::SeatNumber(2);
    foreign.seq = 2;
    let topic = Topic::Chat(customer.chat_ref());
    let event = wicketgate_domain::event::Event::Message(foreign.into());
    let told = wicketgate_domain::event::Told::passing(event);
    world.state.relay.publish(&[topic], &told);
    let told = visitor.sync().await;
    let messages: Vec<_> = told
        .iter()
        .filter_map(|told| match told {
            ServerFrame::Message(message) => Some(message.seq),
            ServerFrame::Link { .. } | ServerFrame::Seat { .. } | ServerFrame::Chat { .. } => {
                panic!("{told:?}")
            }
            _ => None,
        })
        .collect();
    assert_eq!(messages, [1]);
}
