//! Both ends of a conversation, with a list of messages in the server's place.

use wicketgate_crypto::{
    agent::AgentSeed,
    ids::{AgentId, LinkId, PartnerId},
    keyring::Keyring,
    link::SealedLink,
    message::Content,
    seat::Redemption,
    vault::{Label, seal_as_agent},
};
use wicketgate_protocol::{Instant, link::Device, link::Handshake};

use super::*;
use crate::{
    customer::Customer,
    server::{Bearer, Server},
    system,
};

/// Both ends of one seat, and the server between them as a list of messages.
struct Pair {
    customer: Conversation,
    agent: Conversation,
    stored: Vec<Message>,
    keyring: Keyring,
    row: SeatRow,
}

fn pair() -> Pair {
    let mut rng = system::random();
    let partner = PartnerId::from_uuid(system::new_uuid());
    let founder =
        AgentSeed::generate(&mut rng).roster_entry(AgentId::from_uuid(system::new_uuid()));
    let keyring = Keyring::found(partner, founder, system::now_seconds(), &mut rng);
    let inbox = keyring.inbox(system::now_seconds()).unwrap();
    let chat_ref = ChatRef::derive(partner, "table 4");
    let link_id = LinkId::generate(&mut rng);
    let link = SealedLink::create(link_id, chat_ref, &inbox, &mut rng);
    let label = Label::parse("").unwrap();
    let vault = seal_as_agent(link_id, &link.secret, &label, &keyring.desk_key(), &mut rng);
    let redemption = Redemption::sealed(&link.terms, &mut rng);
    let row = SeatRow {
        chat: chat_ref.to_string(),
        number: 1,
        handshake: Some(Handshake {
            epoch: redemption.handshake.epoch.number(),
            enc: redemption.handshake.enc.as_bytes().as_slice().into(),
        }),
        vault: Some(vault.into()),
        link_hash: link_id.hash().as_bytes().as_slice().into(),
        made_by_key: false,
        first_seq: 1,
        opened_at: instant(),
        closed: None,
        asked_at: None,
        device: Device::Terminal,
        customer: Cursors::default(),
        rev: 1,
    };
    let mut agent = Conversation::new(
        chat_ref,
        "table 4".into(),
        Side::Partner,
        0,
        Cursor::default(),
    );
    agent.live_seat = Some(1);
    agent.opened(None, 0);
    agent
        .add_seats(&keyring, std::slice::from_ref(&row))
        .unwrap();
    let customer = Customer::for_test(
        Server::at("http://localhost").unwrap(),
        Bearer::new(String::new().into()),
        chat_ref,
        redemption,
    );
    let mut seated = Conversation::new(
        chat_ref,
        "table 4".into(),
        Side::Customer,
        0,
        Cursor::default(),
    );
    seated.live_seat = Some(1);
    seated.opened(None, 0);
    seated.add_seat(1, SeatKeys::of_customer(customer).1);
    Pair {
        customer: seated,
        agent,
        stored: Vec::new(),
        keyring,
        row,
    }
}

fn say(chat: &mut Conversation, cid: MessageId, text: &str, events: &mut Vec<Event>) -> Written {
    let saying = Saying {
        cid,
        id: None,
        text: MessageText::parse(text).unwrap(),
        seen: None,
    };
    chat.write(saying, &mut system::random(), events)
}

fn instant() -> Instant {
    serde_json::from_str("\"2026-01-02T03:04:05Z\"").unwrap()
}

impl Pair {
    /// The agent's next run, from the beginning of the chat.
    fn agent_again(&self, cursor: Cursor) -> Conversation {
        let mut next = Conversation::new(
            self.agent.chat_ref,
            "table 4".into(),
            Side::Partner,
            0,
            cursor,
        );
        next.live_seat = Some(1);
        next.opened(None, 0);
        next.add_seats(&self.keyring, std::slice::from_ref(&self.row))
            .unwrap();
        next
    }

    /// One side writes, the server stores, and nobody has heard of it yet.
    fn store(&mut self, from: Side, text: &str) -> String {
        let side = if from == Side::Customer {
            &mut self.customer
        } else {
            &mut self.agent
        };
        let cid = MessageId::from_uuid(system::new_uuid());
        assert_eq!(say(side, cid, text, &mut Vec::new()), Written::Waiting);
        let Some(ClientFrame::Send {
            chat,
            cid,
            seat,
            body,
        }) = side.next_send()
        else {
            panic!("nothing to send");
        };
        let seq = self.stored.len() as u64 + 1;
        self.stored.push(Message {
            chat,
            seq,
            seat,
            from,
            cid: cid.clone(),
            body,
            at: instant(),
            author: None,
        });
        cid
    }

    fn exchange(&mut self, from: Side, text: &str) {
        let cid = self.store(from, text);
        let message = self.stored.last().unwrap().clone();
        let (own, other) = match from {
            Side::Customer => (&mut self.customer, &mut self.agent),
            Side::Partner => (&mut self.agent, &mut self.customer),
        };
        own.acknowledge(&cid, message.seq, &mut Vec::new());
        assert!(matches!(own.receive(&message).unwrap(), Reception::Known));
        let incoming = shown(other.receive(&message).unwrap());
        assert_eq!(said(&incoming), text);
        assert!(!incoming.differs);
    }
}

fn shown(reception: Reception) -> Incoming {
    match reception {
        Reception::Show(incoming) => *incoming,
        other => panic!("{other:?}"),
    }
}

fn said(incoming: &Incoming) -> String {
    match &incoming.content {
        Some(Content::Text(text)) => text.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn both_sides_read_each_other_and_agree_on_the_history() {
    let mut pair = pair();
    for round in 0..3 {
        pair.exchange(Side::Customer, &format!("question {round}"));
        pair.exchange(Side::Partner, &format!("answer {round}"));
    }
    assert_eq!(pair.customer.newest(), 6);
    assert_eq!(pair.agent.newest(), 6);
}

#[test]
fn a_message_that_comes_twice_is_shown_once_and_a_gap_is_noticed() {
    let mut pair = pair();
    pair.store(Side::Customer, "one");
    let one = pair.stored[0].clone();
    shown(pair.agent.receive(&one).unwrap());
    assert!(matches!(
        pair.agent.receive(&one).unwrap(),
        Reception::Known
    ));
    let three = Message { seq: 3, ..one };
    assert!(matches!(
        pair.agent.receive(&three).unwrap(),
        Reception::Gap
    ));
    assert_eq!(pair.agent.newest(), 1);
}

#[test]
fn a_server_that_swaps_a_message_is_told_on() {
    let mut pair = pair();
    pair.exchange(Side::Customer, "pay 100?");
    // The server stores two answers, shows the customer the first and the agents the second.
    pair.store(Side::Partner, "no, pay 10");
    let ten = pair.stored[1].clone();
    pair.agent.drop_outbox();
    pair.store(Side::Partner, "yes, pay 100");
    let hundred = Message {
        seq: 2,
        ..pair.stored[2].clone()
    };
    shown(pair.customer.receive(&ten).unwrap());
    assert!(matches!(
        pair.agent.receive(&hundred).unwrap(),
        Reception::Known
    ));
    pair.store(Side::Customer, "done");
    let done = Message {
        seq: 3,
        ..pair.stored[3].clone()
    };
    let incoming = shown(pair.agent.receive(&done).unwrap());
    assert_eq!(said(&incoming), "done");
    assert!(incoming.differs);
}

#[test]
fn what_was_changed_on_its_way_does_not_open_and_the_rest_goes_on() {
    let mut pair = pair();
    pair.store(Side::Customer, "one");
    let mut changed = pair.stored[0].clone();
    changed.body.0[40] ^= 1;
    let incoming = shown(pair.agent.receive(&changed).unwrap());
    assert!(incoming.content.is_none());
    pair.customer.receive(&pair.stored[0].clone()).unwrap();
    pair.customer.retry();
    pair.customer.drop_outbox();
    pair.store(Side::Customer, "two");
    let two = pair.stored[1].clone();
    let incoming = shown(pair.agent.receive(&two).unwrap());
    assert_eq!(said(&incoming), "two");
    assert!(
        incoming.differs,
        "the customer's history has another first message"
    );
}

#[test]
fn a_retry_sends_the_same_bytes_and_one_at_a_time() {
    let mut pair = pair();
    let write = |chat: &mut Conversation, text: &str| {
        let cid = MessageId::from_uuid(system::new_uuid());
        assert_eq!(say(chat, cid, text, &mut Vec::new()), Written::Waiting);
    };
    write(&mut pair.customer, "one");
    write(&mut pair.customer, "two");
    let first = pair.customer.next_send().unwrap();
    assert!(
        pair.customer.next_send().is_none(),
        "the first is on its way"
    );
    pair.customer.disconnect();
    assert!(pair.customer.next_send().is_none(), "nobody is there");
    pair.customer.opened(None, 0);
    assert!(
        pair.customer.next_send().is_none(),
        "a connection broke while it was on its way"
    );
    let alone = pair.customer.next_alone().unwrap();
    assert!(pair.customer.next_alone().is_none(), "it is on its way");
    pair.customer.retry();
    assert_eq!(
        pair.customer.next_send().unwrap(),
        first,
        "what could not go alone either goes by the connection again"
    );
    let ClientFrame::Send {
        cid, seat, body, ..
    } = first
    else {
        panic!()
    };
    assert_eq!(
        alone,
        SendRequest {
            cid: cid.clone(),
            seat,
            body
        }
    );
    pair.customer.acknowledge(&cid, 1, &mut Vec::new());
    assert_eq!(pair.customer.waiting(), 1);
    assert_ne!(
        pair.customer.next_send().unwrap(),
        pair.customer.open_frame()
    );
    pair.customer.doubt();
    assert!(
        pair.customer.next_alone().is_some(),
        "nobody said what became of it"
    );
}

#[test]
fn each_status_is_told_once_and_in_order() {
    let mut pair = pair();
    let cid = pair.store(Side::Partner, "hi");
    let mut events = Vec::new();
    pair.agent.acknowledge(&cid, 1, &mut events);
    pair.agent.acknowledge(&cid, 1, &mut events);
    pair.agent.peer_seen(
        Cursors {
            delivered: 1,
            read: 0,
        },
        &mut events,
    );
    pair.agent.peer_seen(
        Cursors {
            delivered: 1,
            read: 1,
        },
        &mut events,
    );
    pair.agent.peer_seen(
        Cursors {
            delivered: 0,
            read: 0,
        },
        &mut events,
    );
    let statuses: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Status(progress) => progress.status,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(statuses, [Status::Sent, Status::Delivered, Status::Read]);
}

#[test]
fn cursors_are_told_when_they_move_and_again_after_a_break() {
    let mut pair = pair();
    assert!(pair.agent.seen_frame().is_none());
    pair.agent.shown(3);
    let told = pair.agent.seen_frame().unwrap();
    assert!(matches!(
        told,
        ClientFrame::Seen {
            delivered: 3,
            read: 3,
            ..
        }
    ));
    assert!(pair.agent.seen_frame().is_none());
    pair.agent.disconnect();
    assert!(pair.agent.seen_frame().is_none());
    pair.agent.opened(None, 0);
    assert_eq!(pair.agent.seen_frame(), Some(told));
}

#[test]
fn a_message_names_its_seat_its_sender_and_the_kind_of_link() {
    let mut pair = pair();
    let cid = pair.store(Side::Customer, "hello");
    let incoming = shown(pair.agent.receive(&pair.stored[0].clone()).unwrap());
    assert_eq!(incoming.cid.to_string(), cid);
    assert_eq!(incoming.seat, 1);
    assert_eq!(incoming.link, Some(LinkKind::Desk));
    assert!(!incoming.again && !incoming.seen);
}

#[test]
fn a_program_that_repeats_itself_after_a_restart_is_not_doubled() {
    let mut pair = pair();
    let cid: MessageId = pair
        .store(Side::Partner, "your balance is 12")
        .parse()
        .unwrap();
    let stored = pair.stored[0].clone();
    // The program was killed before it heard of it. The next run follows what is there, then the program says it again.
    let mut next = pair.agent_again(Cursor::default());
    shown(next.receive(&stored).unwrap());
    let mut events = Vec::new();
    assert_eq!(
        say(&mut next, cid, "your balance is 12", &mut events),
        Written::Known
    );
    assert!(next.next_send().is_none(), "nothing is sent");
    let told: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Status(progress) => (progress.status, progress.seq),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(Status::Waiting, None), (Status::Sent, Some(1))]);
    assert_eq!(
        say(&mut next, cid, "your balance is 13", &mut Vec::new()),
        Written::OtherContent
    );
}

#[test]
fn the_same_name_twice_in_one_run_is_sent_once_and_told_twice() {
    let mut pair = pair();
    let cid = MessageId::from_uuid(system::new_uuid());
    let mut events = Vec::new();
    say(&mut pair.agent, cid, "hi", &mut events);
    say(&mut pair.agent, cid, "hi", &mut events);
    assert_eq!(pair.agent.waiting(), 1);
    assert_eq!(
        say(&mut pair.agent, cid, "ho", &mut events),
        Written::OtherContent
    );
    events.clear();
    pair.agent.acknowledge(&cid.to_string(), 1, &mut events);
    assert_eq!(events.len(), 2);
}

#[test]
fn only_what_was_given_can_be_dealt_with_and_own_messages_need_not_be() {
    let mut pair = pair();
    pair.exchange(Side::Customer, "one");
    pair.exchange(Side::Partner, "answer");
    pair.exchange(Side::Customer, "two");
    assert!(!pair.agent.deal_with(4), "nobody has seen a fourth");
    assert_eq!(pair.agent.cursor().1.acknowledged, 0);
    assert!(pair.agent.deal_with(1));
    assert_eq!(
        pair.agent.cursor().1,
        Cursor {
            acknowledged: 2,
            given: 3
        },
        "the answer is nothing to deal with"
    );
    assert!(pair.agent.deal_with(1), "saying it twice changes nothing");
    assert!(pair.agent.deal_with(3));
    assert_eq!(pair.agent.cursor().1.acknowledged, 3);
}

#[test]
fn what_comes_again_and_what_is_history_say_so() {
    let mut pair = pair();
    for text in ["one", "two", "three"] {
        pair.exchange(Side::Customer, text);
    }
    let mut next = pair.agent_again(Cursor {
        acknowledged: 1,
        given: 2,
    });
    let mut marks = Vec::new();
    for message in pair.stored.clone() {
        let incoming = shown(next.receive(&message).unwrap());
        marks.push((incoming.seen, incoming.again));
    }
    assert_eq!(marks, [(true, true), (false, true), (false, false)]);
}
