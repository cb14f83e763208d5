//! Who is told that someone came or went.

use wicketgate_domain::{
    AgentId, ChatRef, PartnerId,
    chat::Participant,
    event::{Event, Told, Topic},
    seat::{SeatHolder, SeatNumber},
    side::Side,
};
use wicketgate_relay::{Delivery, Relay, Subscription};

const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
const OTHER: PartnerId = PartnerId::from_bytes([2; 16]);

const fn chat(number: u8) -> ChatRef {
    ChatRef::from_bytes([number; 16])
}

fn customer(partner: PartnerId, number: u8) -> Participant {
    Participant::Customer(SeatHolder {
        partner,
        chat: chat(number),
        number: SeatNumber(1),
        closed: None,
    })
}

fn agent() -> Participant {
    Participant::Agent {
        partner: PARTNER,
        agent: AgentId::from_bytes([3; 16]),
    }
}

/// What was told since the last time.
fn told(subscription: &mut Subscription) -> Vec<(Option<ChatRef>, Side, bool)> {
    std::iter::from_fn(|| subscription.try_recv())
        .map(|delivery| match delivery {
            Delivery::Event(Told {
                event: Event::Presence { chat, by, online },
                ..
            }) => (chat, by, online),
            other => unreachable!("{other:?} is not about presence"),
        })
        .collect()
}

#[test]
fn agents_hear_of_a_customers_first_and_last_connection() {
    let relay = Relay::new();
    let mut agents = relay.subscribe(Topic::Partner(PARTNER));
    let mut others = relay.subscribe(Topic::Partner(OTHER));
    let phone = relay.arrive(&customer(PARTNER, 1));
    assert_eq!(told(&mut agents), [(Some(chat(1)), Side::Customer, true)]);
    let tablet = relay.arrive(&customer(PARTNER, 1));
    drop(phone);
    assert!(relay.is_customer_online(chat(1)));
    assert!(!relay.is_customer_online(chat(2)));
    assert_eq!(told(&mut agents), []);
    drop(tablet);
    assert!(!relay.is_customer_online(chat(1)));
    assert_eq!(told(&mut agents), [(Some(chat(1)), Side::Customer, false)]);
    assert_eq!(told(&mut others), []);
}

#[test]
fn every_customer_who_is_there_hears_of_the_first_and_the_last_agent() {
    let relay = Relay::new();
    let mut readers: Vec<_> = (1..=3)
        .map(|number| relay.subscribe(Topic::Chat(chat(number))))
        .collect();
    let first = relay.arrive(&customer(PARTNER, 1));
    let _second = relay.arrive(&customer(PARTNER, 2));
    let _of_another = relay.arrive(&customer(OTHER, 3));

    let computer = relay.arrive(&agent());
    let phone = relay.arrive(&agent());
    let online = (None, Side::Partner, true);
    assert_eq!(
        readers.iter_mut().map(told).collect::<Vec<_>>(),
        [vec![online], vec![online], vec![]]
    );
    assert!(relay.is_partner_online(PARTNER) && !relay.is_partner_online(OTHER));

    drop(first);
    drop(computer);
    drop(phone);
    let offline = (None, Side::Partner, false);
    assert_eq!(
        readers.iter_mut().map(told).collect::<Vec<_>>(),
        [vec![], vec![offline], vec![]]
    );
    assert!(!relay.is_partner_online(PARTNER));
}

#[test]
fn comings_and_goings_at_once_end_in_the_right_state() {
    let relay = Relay::new();
    let mut agents = relay.subscribe(Topic::Partner(PARTNER));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| drop(relay.arrive(&customer(PARTNER, 1)))));
        }
    });
    assert!(!relay.is_customer_online(chat(1)));
    // The queue is bounded, so the end may have been lost, but what was told is in turns.
    let told = std::iter::from_fn(|| agents.try_recv());
    let online: Vec<_> = told
        .filter_map(|delivery| match delivery {
            Delivery::Event(Told {
                event: Event::Presence { online, .. },
                ..
            }) => Some(online),
            Delivery::Event(_) | Delivery::Lagged => None,
        })
        .collect();
    assert!(
        online
            .iter()
            .zip([true, false].iter().cycle())
            .all(|(told, turn)| told == turn)
    );
}
