//! Every event and actor reads back as it was written.

use super::*;

#[test]
fn every_actor_reads_back() {
    let (name, seat) = ([7; 16], SeatNumber(3));
    for by in [
        Actor::Server,
        Actor::Visitor,
        Actor::Agent(AgentId::from_bytes(name)),
        Actor::Key(KeyRef::from_bytes(name)),
        Actor::Customer {
            chat: ChatRef::from_bytes(name),
            seat,
        },
    ] {
        let (code, name, seat) = actor_columns(by);
        assert_eq!(actor(code, name, seat), Some(by));
    }
    assert_eq!(actor(1, None, None), None);
    assert_eq!(actor(5, None, None), None);
}

#[test]
fn every_event_reads_back() {
    let (chat, seat) = (ChatRef::from_bytes([7; 16]), SeatNumber(3));
    let (link, session, key) = (
        LinkRef::from_bytes([8; 16]),
        SessionRef::from_bytes([9; 16]),
        KeyRef::from_bytes([10; 16]),
    );
    let mut events: Vec<LoggedEvent> = LINKS
        .into_iter()
        .map(|change| LoggedEvent::Link(change, link))
        .collect();
    events.extend([
        LoggedEvent::Seat(SeatChange::Opened, chat, seat),
        LoggedEvent::Seat(SeatChange::AskedForLink, chat, seat),
        LoggedEvent::SeatClosed(SeatClosed::Superseded, chat, seat),
        LoggedEvent::SeatClosed(SeatClosed::ChatEnded, chat, seat),
        LoggedEvent::ChatEnded(chat),
        LoggedEvent::Message(chat, 12),
        LoggedEvent::Seen(chat, wicketgate_domain::side::Side::Customer),
        LoggedEvent::Seen(chat, wicketgate_domain::side::Side::Partner),
        LoggedEvent::Expelled(Credential::Session(session)),
        LoggedEvent::Expelled(Credential::Key(key)),
        LoggedEvent::Account(AccountChange::PartnerCreated),
        LoggedEvent::Account(AccountChange::SignedIn(session)),
        LoggedEvent::Account(AccountChange::CredentialsReplaced),
        LoggedEvent::Account(AccountChange::KeyringReplaced),
        LoggedEvent::Account(AccountChange::KeyCreated(key)),
    ]);
    for logged in events {
        let Written { kind, name, number } = columns_of(logged);
        assert_eq!(event(kind, name, number), Some(logged), "{logged:?}");
    }
    assert_eq!(event(99, None, None), None);
    assert_eq!(event(21, Some([1; 16]), None), None);
}
