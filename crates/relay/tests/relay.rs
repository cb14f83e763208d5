//! Readers that are quick, slow, many, and gone.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use wicketgate_domain::{
    ChatRef, PartnerId,
    event::{Event, Told, Topic},
    side::Side,
};
use wicketgate_relay::{Delivery, LONGEST_QUEUE, Relay, Subscription};

const PARTNER: Topic = Topic::Partner(PartnerId::from_bytes([1; 16]));
const LONGEST: u64 = LONGEST_QUEUE as u64;

fn chat(number: u64) -> Topic {
    Topic::Chat(chat_ref(number))
}

fn chat_ref(number: u64) -> ChatRef {
    ChatRef::from_bytes(u128::from(number).to_be_bytes())
}

/// An event that can be told from every other.
fn event(number: u64) -> Told {
    Told::passing(Event::Typing {
        chat: chat_ref(number),
        by: Side::Partner,
        typing: true,
    })
}

/// The number of an event; none for the word about a gap.
fn number(delivery: Delivery) -> Option<u64> {
    match delivery {
        Delivery::Event(Told {
            event: Event::Typing { chat, .. },
            ..
        }) => Some(u128::from_be_bytes(*chat.as_bytes()).try_into().unwrap()),
        Delivery::Event(other) => unreachable!("{other:?} was not published"),
        Delivery::Lagged => None,
    }
}

/// Everything that waits.
fn waiting(subscription: &mut Subscription) -> Vec<Option<u64>> {
    std::iter::from_fn(|| subscription.try_recv())
        .map(number)
        .collect()
}

#[test]
fn readers_hear_of_their_topics_in_order() {
    let relay = Relay::new();
    let mut one = relay.subscribe(chat(1));
    let mut both = relay.subscribe(chat(1));
    both.join(PARTNER);
    for (topic, number) in [(chat(1), 1), (PARTNER, 2), (chat(2), 3), (chat(1), 4)] {
        relay.publish(&[topic], &event(number));
    }
    relay.publish(&[chat(1), PARTNER, chat(2)], &event(5));
    relay.publish(&[], &event(6));
    assert_eq!(waiting(&mut one), [Some(1), Some(4), Some(5)]);
    assert_eq!(
        waiting(&mut both),
        [Some(1), Some(2), Some(4), Some(5)],
        "each event once"
    );
}

#[test]
fn a_topic_can_be_joined_later_and_once() {
    let relay = Relay::new();
    let mut reader = relay.subscribe(PARTNER);
    relay.publish(&[chat(1)], &event(1));
    reader.join(chat(1));
    reader.join(chat(1));
    assert_eq!(reader.topics(), [PARTNER, chat(1)]);
    relay.publish(&[chat(1)], &event(2));
    assert_eq!(waiting(&mut reader), [Some(2)]);
    drop(reader);
    assert_eq!(relay.rooms(), 0);
}

#[test]
fn a_slow_reader_is_told_of_the_gap_once_and_goes_on() {
    let relay = Relay::new();
    let mut slow = relay.subscribe(chat(1));
    let mut quick = relay.subscribe(chat(1));
    for number in 0..3 * LONGEST {
        relay.publish(&[chat(1)], &event(number));
        assert_eq!(waiting(&mut quick), [Some(number)], "others notice nothing");
    }
    let before_the_gap = (0..LONGEST).map(Some);
    assert_eq!(
        waiting(&mut slow),
        before_the_gap.chain([None]).collect::<Vec<_>>()
    );
    relay.publish(&[chat(1)], &event(9999));
    assert_eq!(waiting(&mut slow), [Some(9999)]);
}

#[test]
fn nothing_comes_between_a_gap_and_the_word_about_it() {
    let relay = Relay::new();
    let mut slow = relay.subscribe(chat(1));
    for number in 0..=LONGEST {
        relay.publish(&[chat(1)], &event(number));
    }
    assert_eq!(slow.try_recv().map(number), Some(Some(0)));
    // There is room again, but this one belongs behind the gap: it is lost with it.
    relay.publish(&[chat(1)], &event(5000));
    let rest = waiting(&mut slow);
    assert_eq!(rest.last(), Some(&None));
    assert_eq!(rest.len() as u64, LONGEST);
    assert!(!rest.contains(&Some(5000)));
}

#[test]
fn rooms_go_with_their_last_reader() {
    let relay = Relay::new();
    let mut subscriptions: Vec<_> = (0..1000)
        .map(|number| relay.subscribe(chat(number)))
        .collect();
    for subscription in &mut subscriptions {
        subscription.join(PARTNER);
    }
    assert_eq!(relay.rooms(), 1001);
    assert!(relay.online(PARTNER) && relay.online(chat(0)));
    subscriptions.truncate(1);
    assert_eq!(relay.rooms(), 2);
    drop(subscriptions);
    assert_eq!(relay.rooms(), 0);
    assert!(!relay.online(PARTNER) && !relay.online(chat(0)));
    relay.publish(&[PARTNER], &event(1));
}

#[tokio::test]
async fn a_reader_waits_and_may_give_up_without_loss() {
    let relay = Relay::new();
    let mut reader = relay.subscribe(chat(1));
    assert!(
        tokio::time::timeout(Duration::from_millis(1), reader.recv())
            .await
            .is_err()
    );
    relay.publish(&[chat(1)], &event(1));
    assert_eq!(number(reader.recv().await), Some(1));
    let waits = tokio::spawn(async move { number(reader.recv().await) });
    // Until the other task waits, there is nothing to wake; either way it must get the event.
    tokio::task::yield_now().await;
    relay.publish(&[chat(1)], &event(2));
    assert_eq!(waits.await.unwrap(), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_publish_and_read_and_come_and_go_at_once() {
    const PUBLISHERS: usize = 4;
    const EVENTS: u64 = 2_000;
    let relay = Relay::new();
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let mut reader = relay.subscribe(chat(1));
            tokio::spawn(async move {
                let mut last = [None; PUBLISHERS];
                let mut lagged = false;
                loop {
                    let Some(number) = number(reader.recv().await) else {
                        lagged = true;
                        continue;
                    };
                    if number == u64::MAX {
                        return lagged || last.iter().all(|last| *last == Some(EVENTS - 1));
                    }
                    let (publisher, count) =
                        (usize::try_from(number / EVENTS).unwrap(), number % EVENTS);
                    assert!(
                        last[publisher].is_none_or(|last| last < count),
                        "a publisher's events keep their order"
                    );
                    last[publisher] = Some(count);
                }
            })
        })
        .collect();
    let over = Arc::new(AtomicBool::new(false));
    let visitors = {
        let (relay, over) = (relay.clone(), Arc::clone(&over));
        tokio::task::spawn_blocking(move || {
            while !over.load(Ordering::Relaxed) {
                drop(relay.subscribe(chat(1)));
            }
        })
    };
    let publishers: Vec<_> = (0..PUBLISHERS)
        .map(|publisher| {
            let relay = relay.clone();
            tokio::spawn(async move {
                for count in 0..EVENTS {
                    relay.publish(&[chat(1)], &event(publisher as u64 * EVENTS + count));
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for publisher in publishers {
        publisher.await.unwrap();
    }
    // The last word may fall into a gap, so it is said until everyone has gone.
    while readers.iter().any(|reader| !reader.is_finished()) {
        relay.publish(&[chat(1)], &event(u64::MAX));
        tokio::task::yield_now().await;
    }
    for reader in readers {
        assert!(reader.await.unwrap(), "events are missing without a word");
    }
    over.store(true, Ordering::Relaxed);
    visitors.await.unwrap();
    assert_eq!(relay.rooms(), 0);
}

#[test]
fn a_reader_without_events_is_small() {
    const READERS: u64 = 1_000;
    let before = resident();
    let relay = Relay::new();
    let many: Vec<_> = (0..100 * READERS)
        .map(|number| relay.subscribe(chat(number)))
        .collect();
    let each = resident().saturating_sub(before) / (100 * READERS);
    assert!(each <= 1024, "{each} bytes for each reader");
    // Whoever fell behind once gives the memory back.
    let mut slow = relay.subscribe(PARTNER);
    (0..LONGEST).for_each(|number| relay.publish(&[PARTNER], &event(number)));
    assert_eq!(waiting(&mut slow).len() as u64, LONGEST);
    drop(many);
}

/// The resident memory of this process in bytes, 0 where the system does not tell.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap_or(0)
        * 4096
}
