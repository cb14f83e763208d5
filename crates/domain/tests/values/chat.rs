//! Who acts in a chat, how far cursors have come, and what a chat is called.

use wicketgate_domain::{
    Actor, AgentId, ChatRef, Hash, PartnerId, Timestamp,
    chat::{ChatError, Cursors, Participant},
    device::Device,
    seat::{SealedLabel, Seat, SeatClosed, SeatHolder, SeatNumber},
    side::Side,
};

const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
const AGENT: AgentId = AgentId::from_bytes([2; 16]);
const CHAT: ChatRef = ChatRef::from_bytes([3; 16]);
const ELSEWHERE: ChatRef = ChatRef::from_bytes([4; 16]);

#[test]
fn an_agent_acts_for_the_partner_in_every_chat() {
    let agent = Participant::Agent {
        partner: PARTNER,
        agent: AGENT,
    };
    assert_eq!((agent.partner(), agent.side()), (PARTNER, Side::Partner));
    assert_eq!((agent.agent(), agent.seat()), (Some(AGENT), None));
    assert_eq!(agent.actor(), Actor::Agent(AGENT));
    assert!(agent.may_enter(CHAT) && agent.may_enter(ELSEWHERE));
}

#[test]
fn a_customer_acts_on_one_seat_of_one_chat() {
    let customer = Participant::Customer(SeatHolder {
        partner: PARTNER,
        chat: CHAT,
        number: SeatNumber(2),
        closed: Some(SeatClosed::Superseded),
    });
    let named = (customer.partner(), customer.side());
    assert_eq!(named, (PARTNER, Side::Customer));
    let seat = Some(SeatNumber(2));
    assert_eq!((customer.agent(), customer.seat()), (None, seat));
    let actor = Actor::Customer {
        chat: CHAT,
        seat: SeatNumber(2),
    };
    assert_eq!(customer.actor(), actor);
    assert!(customer.may_enter(CHAT) && !customer.may_enter(ELSEWHERE));
}

#[test]
fn the_sides_have_the_roles_that_keys_and_transcripts_know() {
    for (side, role) in [(Side::Customer, 0), (Side::Partner, 1)] {
        assert_eq!((side.role(), Side::from_role(role)), (role, Some(side)));
    }
    for role in 2..=u8::MAX {
        assert_eq!(Side::from_role(role), None);
    }
}

#[test]
fn each_cursor_goes_forward_by_itself() {
    let at = |delivered, read| Cursors { delivered, read };
    for (before, said, stands) in [
        (at(0, 0), at(0, 0), at(0, 0)),
        (at(5, 3), at(4, 4), at(5, 4)),
        (at(5, 3), at(6, 2), at(6, 3)),
        (at(5, 3), at(9, 9), at(9, 9)),
        (at(5, 3), at(0, 0), at(5, 3)),
    ] {
        assert_eq!(before.forward(said), stands);
        assert_eq!(said.forward(before), stands);
    }
}

#[test]
fn only_the_seat_of_a_sealed_link_has_a_label() {
    let plain = Seat {
        chat: CHAT,
        number: SeatNumber(1),
        handshake: None,
        vault: None,
        link_hash: Hash::of(b"link"),
        made_by_key: false,
        first_seq: 1,
        opened_at: Timestamp::from_millis(0),
        closed: None,
        asked_at: None,
        device: Device::Unknown,
        delivered: 0,
        read: 0,
        rev: 1,
    };
    assert_eq!(plain.label(), None);
    let sealed = Seat {
        vault: Some(b"vault".to_vec()),
        ..plain
    };
    let label = SealedLabel {
        link_hash: Hash::of(b"link"),
        vault: b"vault".to_vec(),
    };
    assert_eq!(sealed.label(), Some(label));
}

#[test]
fn refusals_in_a_chat_are_said_in_sentences() {
    for (error, sentence) in [
        (ChatError::NotFound, "Chat not found"),
        (ChatError::Ended, "The chat has ended"),
        (
            ChatError::SeatClosed(SeatClosed::Superseded),
            "This seat is closed",
        ),
        (
            ChatError::SeatClosed(SeatClosed::ChatEnded),
            "This seat is closed",
        ),
        (ChatError::NoSeat, "Nobody is in this chat yet"),
        (
            ChatError::OtherContent,
            "The same cid was sent before with another content",
        ),
    ] {
        assert_eq!(error.to_string(), sentence);
    }
}
