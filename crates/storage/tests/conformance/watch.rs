//! What the event log and its sinks are told, held against what each change should have made happen.

use super::hash;
use std::sync::{Arc, Mutex};
use wicketgate_domain::{
    Actor, ChatRef, PartnerId, Store, Timestamp,
    chat::Chat,
    event::{Event, EventSink, LinkChange, LogEntry, Logged, SeatChange, Told},
    link::Link,
    seat::{Seat, SeatNumber},
};

/// A sink that keeps what it is handed.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<Vec<(PartnerId, Vec<Told>)>>);

impl EventSink for Heard {
    fn committed(&self, partner: PartnerId, told: &[Told]) {
        self.0.lock().unwrap().push((partner, told.to_vec()));
    }
}

impl Heard {
    /// Whether it was handed that.
    pub(crate) fn has(&self, event: &Event) -> bool {
        let heard = self.0.lock().unwrap();
        let mut told = heard.iter().flat_map(|(_, told)| told);
        told.any(|told| told.event == *event)
    }

    /// What came since the last call, change by change.
    pub(crate) fn take(&self) -> Vec<(PartnerId, Vec<Told>)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// Compares the log and the sink with what each change should have made happen.
pub(crate) struct Watch<'a> {
    store: &'a dyn Store,
    partner: PartnerId,
    pub(crate) heard: Arc<Heard>,
    newest: u64,
}

impl<'a> Watch<'a> {
    /// Begins with whatever happens next to a partner.
    pub(crate) async fn on(store: &'a dyn Store, partner: PartnerId) -> Self {
        let heard = Arc::new(Heard::default());
        store.hand_to(Arc::clone(&heard) as Arc<dyn EventSink>);
        let newest = store.log_bounds().await.unwrap().newest;
        Self {
            store,
            partner,
            heard,
            newest,
        }
    }

    /// One change happened, by that actor at that instant, and made these events in this order.
    pub(crate) async fn told(&mut self, by: Actor, at: Timestamp, events: &[Event]) {
        let mut seq = self.newest;
        let told = |event: &Event| {
            let kept = event.to_log().is_some();
            seq += u64::from(kept);
            Told {
                logged: kept.then_some(Logged { seq, by, at }),
                event: event.clone(),
            }
        };
        let expected: Vec<Told> = events.iter().map(told).collect();
        assert_eq!(self.heard.take(), [(self.partner, expected.clone())]);
        let entries: Vec<LogEntry> = expected
            .iter()
            .filter_map(|told| {
                let Logged { seq, by, at } = told.logged?;
                Some(LogEntry {
                    seq,
                    at,
                    by,
                    event: told.event.to_log()?,
                })
            })
            .collect();
        assert_eq!(self.entries().await, entries);
        assert_eq!(self.store.log_bounds().await.unwrap().newest, seq);
        self.newest = seq;
    }

    /// Nothing happened.
    pub(crate) async fn silent(&self, what: &str) {
        assert_eq!(self.heard.take(), [], "{what}");
        assert_eq!(self.entries().await, [], "{what}");
        let bounds = self.store.log_bounds().await.unwrap();
        assert_eq!(bounds.newest, self.newest, "{what}");
    }

    pub(crate) async fn entries(&self) -> Vec<LogEntry> {
        let events = self.store.events(self.partner, self.newest, 1_000).await;
        events.unwrap()
    }

    pub(crate) async fn link(&self, number: u64) -> Link {
        let link = self.store.link_at_door(hash("link", number)).await;
        link.unwrap().unwrap()
    }

    pub(crate) async fn link_event(&self, change: LinkChange, number: u64) -> Event {
        Event::Link {
            change,
            link: Arc::new(self.link(number).await),
        }
    }

    pub(crate) async fn chat(&self, chat: ChatRef) -> Chat {
        let found = self.store.chat(self.partner, chat).await;
        found.unwrap().unwrap()
    }

    /// The inbox row as it is stored.
    pub(crate) async fn row(&self, chat: ChatRef) -> Event {
        Event::Chat(Arc::new(self.chat(chat).await))
    }

    pub(crate) async fn seat(&self, chat: ChatRef, number: u32) -> Seat {
        let seats = self.store.seats(self.partner, chat).await.unwrap();
        let found = seats
            .into_iter()
            .find(|seat| seat.number == SeatNumber(number));
        found.unwrap()
    }

    pub(crate) async fn seat_event(&self, change: SeatChange, chat: ChatRef, number: u32) -> Event {
        Event::Seat {
            change,
            seat: Arc::new(self.seat(chat, number).await),
        }
    }
}
