//! Events: what the log keeps of each, who is told, and how long it is kept.

use bytes::Bytes;
use std::sync::Arc;
use wicketgate_domain::{
    ChatRef, Cid, Hash, KeyRef, LinkRef, PartnerId, SessionRef, Timestamp,
    chat::{Chat, Cursors},
    device::Device,
    event::{
        AccountChange, Audience, Credential, Event, LinkChange, LoggedEvent, SeatChange, Told,
        Topic,
    },
    link::{Link, LinkKind},
    message::Message,
    seat::{Seat, SeatClosed, SeatNumber},
    side::Side,
    text::ChatId,
};

const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
const CHAT: ChatRef = ChatRef::from_bytes([2; 16]);
const LINK: LinkRef = LinkRef::from_bytes([3; 16]);
const SESSION: SessionRef = SessionRef::from_bytes([4; 16]);
const KEY: KeyRef = KeyRef::from_bytes([5; 16]);
const SEAT: SeatNumber = SeatNumber(2);
const THEN: Timestamp = Timestamp::from_millis(0);

fn chat_id() -> ChatId {
    ChatId::parse("order 1").unwrap()
}

fn message() -> Event {
    Event::Message(Arc::new(Message {
        chat: CHAT,
        seq: 12,
        seat: SEAT,
        from: Side::Customer,
        author: None,
        cid: Cid::from_bytes([6; 16]),
        body: Bytes::from_static(b"sealed"),
        at: THEN,
        transcript: Hash::of(b""),
    }))
}

fn link(change: LinkChange) -> Event {
    let link = Link {
        link_ref: LINK,
        id_hash: Hash::of(b"link"),
        partner: PARTNER,
        chat: CHAT,
        chat_id: chat_id(),
        kind: LinkKind::Plain,
        made_by_key: false,
        created_at: THEN,
        expires_at: THEN,
        used_at: None,
        revoked_at: None,
        device: None,
        later_attempts: 0,
        rev: 1,
    };
    let link = Arc::new(link);
    Event::Link { change, link }
}

fn seat(change: SeatChange) -> Event {
    let seat = Seat {
        chat: CHAT,
        number: SEAT,
        handshake: None,
        vault: None,
        link_hash: Hash::of(b"link"),
        made_by_key: false,
        first_seq: 1,
        opened_at: THEN,
        closed: None,
        asked_at: None,
        device: Device::Phone,
        delivered: 0,
        read: 0,
        rev: 1,
    };
    let seat = Arc::new(seat);
    Event::Seat { change, seat }
}

fn row() -> Event {
    Event::Chat(Arc::new(Chat {
        chat_ref: CHAT,
        partner: PARTNER,
        chat_id: chat_id(),
        created_at: THEN,
        active_at: THEN,
        last_seq: 0,
        live_seat: None,
        asked_at: None,
        seats: 0,
        unread: 0,
        waiting_since: None,
        delivered: 0,
        read: 0,
        ended: None,
        label: None,
        rev: 1,
    }))
}

fn seen(by: Side) -> Event {
    let cursors = Cursors {
        delivered: 2,
        read: 1,
    };
    Event::Seen {
        chat: CHAT,
        seat: Some(SEAT),
        by,
        cursors,
    }
}

const fn closed(why: SeatClosed) -> Event {
    Event::SeatClosed {
        chat: CHAT,
        seat: SEAT,
        why,
    }
}

const fn typing(by: Side) -> Event {
    Event::Typing {
        chat: CHAT,
        by,
        typing: true,
    }
}

const fn presence(chat: Option<ChatRef>, by: Side) -> Event {
    Event::Presence {
        chat,
        by,
        online: true,
    }
}

/// Who of the partner's agents and the chat's customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hears {
    Both,
    Agents,
    Customer,
    Nobody,
}
use Hears::{Agents, Both, Customer, Nobody};

/// An event with what the log keeps of it, whether an audit wants that, and who is told.
type Row = (Event, Option<(LoggedEvent, bool)>, Hears);

/// Every event.
fn table() -> Vec<Row> {
    let audited = |event| Some((event, true));
    let passing = |event| Some((event, false));
    let of_link = |change| {
        (
            link(change),
            audited(LoggedEvent::Link(change, LINK)),
            Agents,
        )
    };
    let of_seat = |change| {
        let logged = LoggedEvent::Seat(change, CHAT, SEAT);
        (seat(change), audited(logged), Agents)
    };
    let of_end = |why| {
        let logged = LoggedEvent::SeatClosed(why, CHAT, SEAT);
        (closed(why), audited(logged), Both)
    };
    let account = |change| {
        let logged = LoggedEvent::Account(change);
        (Event::Account(change), audited(logged), Nobody)
    };
    let expelled = |credential| {
        let logged = LoggedEvent::Expelled(credential);
        (Event::Expelled(credential), audited(logged), Agents)
    };
    let token = Credential::Seat(Hash::of(b"token"));
    vec![
        (message(), passing(LoggedEvent::Message(CHAT, 12)), Both),
        (
            seen(Side::Customer),
            passing(LoggedEvent::Seen(CHAT, Side::Customer)),
            Both,
        ),
        (
            seen(Side::Partner),
            passing(LoggedEvent::Seen(CHAT, Side::Partner)),
            Both,
        ),
        (typing(Side::Customer), None, Agents),
        (typing(Side::Partner), None, Customer),
        (presence(Some(CHAT), Side::Customer), None, Agents),
        (presence(Some(CHAT), Side::Partner), None, Customer),
        (presence(None, Side::Partner), None, Nobody),
        of_link(LinkChange::Created),
        of_link(LinkChange::Used),
        of_link(LinkChange::Tried),
        of_link(LinkChange::Revoked),
        of_seat(SeatChange::Opened),
        of_seat(SeatChange::AskedForLink),
        of_end(SeatClosed::Superseded),
        of_end(SeatClosed::ChatEnded),
        (
            Event::ChatEnded(CHAT),
            audited(LoggedEvent::ChatEnded(CHAT)),
            Both,
        ),
        (row(), None, Agents),
        expelled(Credential::Session(SESSION)),
        expelled(Credential::Key(KEY)),
        // A token is named nowhere: what closes a seat is an event of its own.
        (Event::Expelled(token), None, Agents),
        account(AccountChange::PartnerCreated),
        account(AccountChange::SignedIn(SESSION)),
        account(AccountChange::CredentialsReplaced),
        account(AccountChange::KeyringReplaced),
        account(AccountChange::KeyCreated(KEY)),
    ]
}

#[test]
fn the_log_keeps_the_names_of_rows() {
    for (event, expected, _) in table() {
        let kept = event.to_log();
        assert_eq!(kept, expected.map(|(logged, _)| logged), "{event:?}");
        let kept = kept.map(|logged| (logged, logged.is_for_audit()));
        assert_eq!(kept, expected, "{event:?}");
    }
}

#[test]
fn everybody_is_told_what_is_theirs_to_know() {
    for (event, _, hears) in table() {
        let expected = Audience {
            agents: matches!(hears, Both | Agents).then_some(Topic::Partner(PARTNER)),
            customer: matches!(hears, Both | Customer).then_some(Topic::Chat(CHAT)),
        };
        assert_eq!(event.audience(PARTNER), expected, "{event:?}");
    }
}

#[test]
fn what_passes_stands_nowhere_in_the_log() {
    let told = Told::passing(typing(Side::Customer));
    assert_eq!((told.logged, told.event), (None, typing(Side::Customer)));
}
