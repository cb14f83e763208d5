//! The desk's feed: what was committed is told in that order, and whoever comes back is told what was missed, once.

use super::{
    client::Client,
    world::{AgentSession, Customer, World, base64},
};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use wicketgate_domain::{
    event::LogRetention,
    time::{DAY_MILLIS, Timestamp},
};
use wicketgate_protocol::{
    actor::Actor,
    chat::ChatRow,
    frame::{ClientFrame, LinkChange, SeatChange, ServerFrame},
};

/// What a second agent is told of a chat, until it is told the row that is stored; then nothing more comes of it.
async fn told_rows(
    world: &World,
    session: &AgentSession,
    customer: &Customer,
    watcher: &mut Client,
) -> Vec<ChatRow> {
    let chat = customer.chat_ref();
    let stored = world.store.chat(session.partner, chat).await;
    let stored = ChatRow::of(&stored.unwrap().unwrap(), true);
    let mut rows = Vec::new();
    while rows
        .last()
        .is_none_or(|row: &ChatRow| row.rev != stored.rev)
    {
        rows.push(watcher.find(chat_row).await);
    }
    assert_eq!(
        *rows.last().unwrap(),
        stored,
        "the last row is the stored one"
    );
    let after = watcher.sync().await;
    assert!(!after.into_iter().any(|told| chat_row(told).is_some()));
    rows
}

fn chat_row(told: ServerFrame) -> Option<ChatRow> {
    match told {
        ServerFrame::Chat { chat } => Some(*chat),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_agent_ends_on_the_stored_row_when_both_sides_act_at_once() {
    const ROUNDS: u32 = 1_000;
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "at once").await;
    let mut visitor = world.visitor(&customer).await;
    let mut agent = world.agent(&session).await;
    let mut watcher = world.agent(&session).await;
    watcher.sync().await;
    let seen = format!("/api/chats/{}/seen", customer.chat);
    let mut seq: u32 = 0;
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            visitor.send(&customer, u64::from(2 * round)).await;
            agent.send(&customer, u64::from(2 * round + 1)).await;
            tokio::join!(visitor.ack(), agent.ack());
            seq += 2;
        } else {
            let cursors = json!({"delivered": seq, "read": seq});
            let reads = world.call("POST", &seen, &session.bearer, &cursors);
            visitor.send(&customer, u64::from(2 * round)).await;
            let (_, (status, _)) = tokio::join!(visitor.ack(), reads);
            assert_eq!(status, 200);
            seq += 1;
        }
        let rows = told_rows(&world, &session, &customer, &mut watcher).await;
        assert!(
            rows.is_sorted_by_key(|row| row.rev),
            "round {round}: {rows:?}"
        );
    }
}

/// Says `since`, and gives what is told up to the next `upto`, and that.
async fn since(client: &mut Client, cursor: Option<&str>) -> (Vec<ServerFrame>, String) {
    let cursor = cursor.map(str::to_owned);
    client.say(&ClientFrame::Since { cursor }).await;
    let mut told = Vec::new();
    loop {
        match client.hear().await {
            ServerFrame::Upto { cursor } => return (told, cursor),
            ServerFrame::Present { .. } => {}
            frame => told.push(frame),
        }
    }
}

/// The changes of links and seats in what was told.
fn changes(told: &[ServerFrame]) -> Vec<String> {
    told.iter()
        .filter_map(|told| match told {
            ServerFrame::Link { change, by, .. } => Some(format!("{change:?} by {}", kind(by))),
            ServerFrame::Seat { change, .. } => Some(format!("{change:?}")),
            ServerFrame::Reset {} => Some("Reset".to_owned()),
            _ => None,
        })
        .collect()
}

fn kind(by: &Actor) -> &'static str {
    match by {
        Actor::Agent { .. } => "agent",
        Actor::Key { .. } => "key",
        Actor::Customer { .. } => "customer",
        Actor::Visitor => "visitor",
        Actor::Server => "server",
    }
}

async fn make_link(world: &World, session: &AgentSession, chat_id: &str) -> String {
    let path = "/api/generate-secure-link";
    let made = world
        .call("POST", path, &session.bearer, &json!({ "chatId": chat_id }))
        .await;
    assert_eq!(made.0, 200, "{}", made.1);
    made.1["linkId"].as_str().unwrap().to_owned()
}

async fn redeem(world: &World, link_id: &str, claim: u8) -> u16 {
    let wish = json!({ "linkId": link_id, "claim": base64(&[claim; 32]), "credential": "bearer" });
    let path = "/api/validate-secure-link";
    world.call("POST", path, "", &wish).await.0
}

#[tokio::test]
async fn a_desk_that_comes_back_is_told_once_what_it_missed() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut desk = world.agent(&session).await;
    let (told, cursor) = since(&mut desk, None).await;
    assert!(told.is_empty(), "{told:?}");
    drop(desk);

    let link = make_link(&world, &session, "missed").await;
    world.clock.fetch_add(60_000, Ordering::Relaxed);
    assert_eq!(redeem(&world, &link, 1).await, 200);
    assert_eq!(
        redeem(&world, &link, 1).await,
        200,
        "the winner's own retry"
    );
    world.clock.fetch_add(60_000, Ordering::Relaxed);
    assert_eq!(redeem(&world, &link, 2).await, 410);

    let mut desk = world.agent(&session).await;
    let (told, later) = since(&mut desk, Some(&cursor)).await;
    let expected = [
        "Created by agent",
        "Used by customer",
        "Opened",
        "Tried by visitor",
    ];
    assert_eq!(changes(&told), expected);
    let tried = told.iter().find_map(|told| match told {
        ServerFrame::Link {
            change: LinkChange::Tried,
            at,
            link,
            ..
        } => Some((*at, link.later_attempts)),
        _ => None,
    });
    let now = world.state.now().into();
    assert_eq!(tried, Some((now, 1)), "when it happened");
    assert!(told.into_iter().filter_map(chat_row).count() == 1);

    drop(desk);
    let mut desk = world.agent(&session).await;
    let (told, _) = since(&mut desk, Some(&later)).await;
    assert!(told.is_empty(), "{told:?}");
}

#[tokio::test]
async fn what_a_desk_was_told_live_is_not_told_again() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut desk = world.agent(&session).await;
    let (_, cursor) = since(&mut desk, None).await;
    drop(desk);
    make_link(&world, &session, "missed").await;
    let mut desk = world.agent(&session).await;
    desk.sync().await;
    make_link(&world, &session, "live").await;
    let live = desk
        .find(|told| match told {
            ServerFrame::Link { link, .. } => Some(link.chat_id),
            _ => None,
        })
        .await;
    assert_eq!(live, "live");
    let (told, _) = since(&mut desk, Some(&cursor)).await;
    let chats: Vec<_> = told
        .iter()
        .filter_map(|told| match told {
            ServerFrame::Link { link, .. } => Some(link.chat_id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(chats, ["missed"]);
}

#[tokio::test]
async fn each_flush_ends_with_a_cursor_that_goes_on_from_there() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let mut desk = world.agent(&session).await;
    since(&mut desk, None).await;
    make_link(&world, &session, "one").await;
    let cursor = desk
        .find(|told| match told {
            ServerFrame::Upto { cursor } => Some(cursor),
            _ => None,
        })
        .await;
    make_link(&world, &session, "two").await;
    let mut again = world.agent(&session).await;
    let (told, _) = since(&mut again, Some(&cursor)).await;
    assert_eq!(changes(&told), ["Created by agent"]);
}

#[tokio::test]
async fn whoever_comes_back_is_told_who_is_there_now() {
    let world = World::start().await;
    let (session, other) = (world.agent_session().await, world.agent_session().await);
    let here = world.customer(&session, "here").await;
    let _gone = world.customer(&session, "gone").await;
    let foreign = world.customer(&other, "foreign").await;
    let _visitor = world.visitor(&here).await;
    let _stranger = world.visitor(&foreign).await;
    let mut desk = world.agent(&session).await;
    // Both have arrived once their chats are open.
    let mut told = Vec::new();
    while told != [here.chat.clone()] {
        desk.say(&ClientFrame::Since { cursor: None }).await;
        told = desk
            .find(|told| match told {
                ServerFrame::Present { chats } => Some(chats),
                _ => None,
            })
            .await;
    }
}

#[tokio::test]
async fn a_cursor_that_tells_nothing_is_answered_by_reset() {
    let world = World::start().await;
    let (session, other) = (world.agent_session().await, world.agent_session().await);
    let mut desk = world.agent(&session).await;
    let (_, cursor) = since(&mut desk, None).await;
    let mut foreign = world.agent(&other).await;
    for useless in [cursor.as_str(), "", "nonsense", &"A".repeat(70)] {
        let (told, _) = since(&mut foreign, Some(useless)).await;
        assert_eq!(changes(&told), ["Reset"], "{useless}");
    }
    // A log that was swept beyond the cursor can't say what is missing; from then on it goes on.
    make_link(&world, &session, "swept").await;
    let all = Timestamp::from_millis(world.state.now().millis() + DAY_MILLIS);
    let keep = LogRetention {
        passing_before: all,
        audit_before: all,
    };
    while world.store.sweep_events(keep, 100).await.unwrap() > 0 {}
    let mut back = world.agent(&session).await;
    let (told, newer) = since(&mut back, Some(&cursor)).await;
    assert_eq!(changes(&told), ["Reset"]);
    make_link(&world, &session, "after").await;
    let mut again = world.agent(&session).await;
    let (told, _) = since(&mut again, Some(&newer)).await;
    assert_eq!(changes(&told), ["Created by agent"]);
}

#[tokio::test]
async fn a_customer_has_no_feed() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "mine").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.say(&ClientFrame::Since { cursor: None }).await;
    assert_eq!(visitor.problem().await, "not_found");
}

#[tokio::test]
async fn the_end_of_a_chat_is_one_event_however_many_links_it_revokes() {
    const LINKS: usize = 250;
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "ends").await;
    for _ in 0..LINKS {
        make_link(&world, &session, "ends").await;
    }
    let mut desk = world.agent(&session).await;
    let (_, cursor) = since(&mut desk, None).await;
    let path = format!("/api/chats/{}/end", customer.chat);
    let ended = world.call("POST", &path, &session.bearer, &Value::Null);
    assert_eq!(ended.await.0, 200);
    let row = desk.find(chat_row).await;
    assert!(row.ended_at.is_some());
    let list = format!("/api/links?state=revoked&limit=200&chatId={}", "ends");
    let revoked = world
        .call("GET", &list, &session.bearer, &Value::Null)
        .await;
    let links = revoked.1["links"].as_array().unwrap();
    assert_eq!(links.len(), 200);
    assert!(
        links.iter().all(|link| link["rev"] == 2),
        "each has changed once"
    );

    let mut again = world.agent(&session).await;
    let (told, _) = since(&mut again, Some(&cursor)).await;
    assert_eq!(changes(&told), Vec::<String>::new());
    assert_eq!(told.into_iter().filter_map(chat_row).count(), 1);
}

#[tokio::test]
async fn agents_alone_are_told_which_agent_wrote() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "author").await;
    let mut visitor = world.visitor(&customer).await;
    visitor.open(&customer.chat, 0).await;
    let mut agent = world.agent(&session).await;
    agent.open(&customer.chat, 0).await;
    agent.send(&customer, 1).await;
    let author = Some(session.agent.to_string());
    assert_eq!(agent.message().await.author, author);
    assert_eq!(visitor.message().await.author, None);
    visitor.send(&customer, 2).await;
    assert_eq!(agent.message().await.author, None, "no agent wrote it");
    // The same where it is read, by either side, over HTTP and when a chat is opened.
    let path = format!("/api/chats/{}/messages?after=0", customer.chat);
    let page = world
        .call("GET", &path, &session.bearer, &Value::Null)
        .await;
    assert_eq!(page.1["messages"][0]["author"], json!(author));
    let page = world
        .call("GET", &path, &customer.bearer, &Value::Null)
        .await;
    assert!(!page.1.to_string().contains("author"), "{}", page.1);
    let mut late = world.visitor(&customer).await;
    late.open(&customer.chat, 0).await;
    assert_eq!(late.message().await.author, None);
}

#[tokio::test]
async fn a_customer_who_asks_for_a_link_while_nobody_looks_is_told_of() {
    let world = World::start().await;
    let session = world.agent_session().await;
    let customer = world.customer(&session, "asks").await;
    let mut desk = world.agent(&session).await;
    let (_, cursor) = since(&mut desk, None).await;
    drop(desk);
    let ask = format!("/api/chats/{}/ask", customer.chat);
    let asked = world.call("POST", &ask, &customer.bearer, &Value::Null);
    assert_eq!(asked.await.0, 200);
    let mut desk = world.agent(&session).await;
    let (told, _) = since(&mut desk, Some(&cursor)).await;
    let asked = told.iter().any(|told| {
        matches!(told, ServerFrame::Seat { change: SeatChange::AskedForLink, seat, .. } if seat.asked_at.is_some())
    });
    assert!(asked, "{told:?}");
}
