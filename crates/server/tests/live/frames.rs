//! Frames that are no frames, too long, or too many.

use super::world::World;
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};
use wicketgate_protocol::frame::{ClientFrame, ServerFrame};

#[tokio::test]
async fn what_is_no_frame_is_refused_and_the_connection_stays() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    let deep = "[".repeat(60_000);
    for wrong in ["", "x", "{", &deep] {
        agent.socket.send(Message::text(wrong)).await.unwrap();
        assert_eq!(agent.problem().await, "invalid_json");
    }
    let text = r#"{"type":"open","chat":"x","after":0}"#;
    agent.socket.send(Message::text(text)).await.unwrap();
    let told = agent.hear().await;
    let ServerFrame::Problem { problem, chat, .. } = told else {
        panic!("{told:?}");
    };
    assert_eq!(
        (problem.code.name(), chat.as_deref()),
        ("invalid_field", Some("x"))
    );
    agent.sync().await;
}

#[tokio::test]
async fn what_a_frame_lacks_or_has_too_much_is_named_beside_its_message() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    for (wrong, named, about) in [
        ("{}", Some("type"), None),
        ("[]", None, None),
        (r#"{"type":"nothing","chat":"x"}"#, Some("type"), Some("x")),
        (r#"{"type":7}"#, Some("type"), None),
        (r#"{"type":"ping","at":1}"#, Some("at"), None),
        (r#"{"type":"open","chat":7,"after":0}"#, Some("chat"), None),
        (
            r#"{"type":"open","chat":"x","after":-1}"#,
            Some("after"),
            Some("x"),
        ),
        (
            r#"{"type":"open","chat":"x","after":null}"#,
            Some("after"),
            Some("x"),
        ),
        (r#"{"type":"open","chat":"x"}"#, Some("after"), Some("x")),
        (
            r#"{"type":"typing","chat":"x","typng":false}"#,
            Some("typng"),
            Some("x"),
        ),
        (
            r#"{"type":"open","chat":"x","chat":"x","after":0}"#,
            Some("chat"),
            None,
        ),
        (
            r#"{"type":"seen","chat":"x","delivered":1,"read":1,"seat":1}"#,
            Some("seat"),
            Some("x"),
        ),
    ] {
        agent.socket.send(Message::text(wrong)).await.unwrap();
        let told = agent.hear().await;
        let ServerFrame::Problem { problem, chat, .. } = told else {
            panic!("{told:?}");
        };
        assert_eq!(problem.code.name(), "invalid_field", "{wrong}");
        assert_eq!(problem.field.as_deref(), named, "{wrong}: {problem}");
        assert_eq!(chat.as_deref(), about, "{wrong}");
    }
    let send = r#"{"type":"send","chat":"x","cid":"c","seat":1,"body":"***"}"#;
    agent.socket.send(Message::text(send)).await.unwrap();
    let told = agent.hear().await;
    let ServerFrame::Problem {
        problem, chat, cid, ..
    } = told
    else {
        panic!("{told:?}");
    };
    assert_eq!(problem.field.as_deref(), Some("body"));
    assert_eq!((chat.as_deref(), cid.as_deref()), (Some("x"), Some("c")));
}

#[tokio::test]
async fn a_frame_that_is_too_long_ends_the_connection_with_a_reason() {
    let world = World::start().await;
    let session = world.agent_session().await;
    for length in [64 * 1024 + 1, 128 * 1024 + 1] {
        let mut agent = world.agent(&session).await;
        agent.sync().await;
        let long = Message::text(" ".repeat(length));
        // The server may hang up before the last byte is written.
        drop(agent.socket.send(long).await);
        let (told, words) = agent.end().await;
        assert!(
            matches!(&told[..], [.., ServerFrame::Problem { problem, .. }] if problem.code.name() == "too_large"),
            "{told:?}"
        );
        assert_eq!(words.unwrap().code, CloseCode::Size);
    }
}

#[tokio::test]
async fn the_longest_frame_is_taken() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    let ping = format!(r#"{{"type":"ping"{}}}"#, " ".repeat(64 * 1024 - 15));
    assert_eq!(ping.len(), 64 * 1024);
    agent.socket.send(Message::text(ping)).await.unwrap();
    agent
        .find(|told| (told == ServerFrame::Pong).then_some(()))
        .await;
}

#[tokio::test]
async fn bytes_end_the_connection_with_a_reason() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    agent
        .socket
        .send(Message::binary(vec![1, 2]))
        .await
        .unwrap();
    let (told, words) = agent.end().await;
    assert!(
        matches!(&told[..], [.., ServerFrame::Problem { problem, .. }] if problem.code.name() == "not_json")
    );
    assert_eq!(words.unwrap().code, CloseCode::Unsupported);
}

#[tokio::test]
async fn a_flood_is_refused_and_then_cut_off() {
    let world = World::with_limits(true).await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    for _ in 0..2_000 {
        if agent.try_say(&ClientFrame::Ping {}).await.is_err() {
            break;
        }
    }
    let (told, words) = agent.end().await;
    let pongs = told
        .iter()
        .filter(|told| **told == ServerFrame::Pong)
        .count();
    assert!((200..600).contains(&pongs), "{pongs}");
    assert!(told.iter().any(
        |told| matches!(told, ServerFrame::Problem { problem, .. } if problem.code.name() == "too_many_requests")
    ));
    assert_eq!(words.unwrap().code, CloseCode::Policy);
}

#[tokio::test]
async fn a_flood_of_pings_of_the_protocol_is_cut_off_too() {
    let world = World::with_limits(true).await;
    let session = world.agent_session().await;
    let mut agent = world.agent(&session).await;
    for _ in 0..2_000 {
        if agent
            .socket
            .send(Message::Ping(vec![0; 100].into()))
            .await
            .is_err()
        {
            break;
        }
    }
    let (_, words) = agent.end().await;
    assert_eq!(words.unwrap().code, CloseCode::Policy);
}
