//! Coming back: a desk says how far it was told, gets what it missed out of the event log, and is told from then on how
//! far it has come.

use super::{
    connection::Connection,
    followed::Followed,
    listener::{link_frame, seat_frame},
};
use crate::{feed_cursor::Resumption, sockets::encoded::frame, state::AppState};
use std::collections::BTreeSet;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use wicketgate_domain::{
    ChatRef, PartnerId, StoreError,
    chat::{ChatError, Participant},
    event::{LogEntry, Logged, LoggedEvent},
};
use wicketgate_protocol::{chat::ChatRow, frame::ServerFrame};

/// How many events are read at a time.
const PAGE: u32 = 250;

/// Whoever missed more than this reads the lists anew.
const MOST_MISSED: usize = 2_000;

impl Connection {
    /// Tells what happened since that cursor, and from now on how far this end was told.
    pub(super) async fn follow(&mut self, cursor: Option<&str>) {
        let Participant::Agent { partner, .. } = *self.listener.who() else {
            self.out.refuse(ChatError::NotFound, None, None);
            return;
        };
        let log = match self.app.store.log_bounds().await {
            Ok(log) => log,
            Err(error) => {
                self.out.refuse(error, None, None);
                return;
            }
        };
        let since = match cursor {
            None => Resumption::After(log.newest),
            Some(cursor) => self.app.feed_cursors.open(partner, cursor, log),
        };
        self.followed.wanted = true;
        match since {
            Resumption::After(seq) => {
                let (after, before) = self.followed.missing(seq);
                self.tell_missed(partner, after, before).await;
                self.followed.told = self.followed.told.max(seq);
            }
            Resumption::Lost => {
                self.out.say(&ServerFrame::Reset {});
                self.followed.told = self.followed.told.max(log.newest);
            }
        }
        let here = self.app.relay.customers_online(partner);
        self.out.say(&ServerFrame::Present {
            chats: here.iter().map(ToString::to_string).collect(),
        });
        // Even where nothing was missed, this end is told where it stands.
        self.followed.said = 0;
    }

    /// Tells what was lost because this end was too slow.
    pub(super) async fn catch_up(&mut self) {
        if self.followed.wanted {
            let partner = self.listener.who().partner();
            self.tell_missed(partner, self.followed.told, u64::MAX)
                .await;
        }
    }

    /// Says how far this end was told, after whatever it is told now.
    pub(super) fn say_upto(&mut self) {
        let Followed {
            wanted, told, said, ..
        } = self.followed;
        // A log whose first event is still to come has nothing to say either.
        if !wanted || said == told {
            return;
        }
        let partner = self.listener.who().partner();
        // Without random bytes the next one says it.
        if let Ok(cursor) = self
            .app
            .feed_cursors
            .seal(partner, self.app.log_epoch, told)
        {
            self.followed.said = told;
            self.out.say(&ServerFrame::Upto { cursor });
        }
    }

    /// Tells the events between two numbers out of the log. Where that can't be done, the lists are to be read anew.
    async fn tell_missed(&mut self, partner: PartnerId, after: u64, before: u64) {
        let told = match read_missed(&self.app, partner, after, before).await {
            Ok(Some(entries)) => frames(&self.app, partner, &entries)
                .await
                .map(|frames| (frames, entries.last().map_or(0, |entry| entry.seq))),
            Ok(None) | Err(_) => Err(StoreError::new("too much was missed")),
        };
        if let Ok((frames, newest)) = told {
            self.out.frames.extend(frames);
            self.followed.told = self.followed.told.max(newest);
            return;
        }
        self.out.say(&ServerFrame::Reset {});
        // What the lists say is of now, so telling goes on from here.
        if let Ok(log) = self.app.store.log_bounds().await {
            self.followed.told = self.followed.told.max(log.newest);
        }
    }
}

/// The events between two numbers; none when there are too many to be told one by one.
async fn read_missed(
    app: &AppState,
    partner: PartnerId,
    mut after: u64,
    before: u64,
) -> Result<Option<Vec<LogEntry>>, StoreError> {
    let mut missed = Vec::new();
    loop {
        let page = app.store.events(partner, after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        let end = page.last().map_or(before, |entry| entry.seq);
        missed.extend(page.into_iter().filter(|entry| entry.seq < before));
        if missed.len() > MOST_MISSED {
            return Ok(None);
        }
        if is_last || end >= before {
            return Ok(Some(missed));
        }
        after = end;
    }
}

/// Events as they would have been told when they happened, with the rows as they stand now. A row that is gone has
/// nothing to tell.
async fn frames(
    app: &AppState,
    partner: PartnerId,
    entries: &[LogEntry],
) -> Result<Vec<Utf8Bytes>, StoreError> {
    let mut said = Vec::new();
    let mut chats = BTreeSet::new();
    for entry in entries {
        let LogEntry { seq, by, at, event } = *entry;
        match event {
            LoggedEvent::Link(change, name) => {
                let link = app.store.link(partner, name).await?;
                said.extend(link.map(|link| {
                    frame(&link_frame(
                        change,
                        Logged { seq, by, at },
                        &link,
                        app.now(),
                    ))
                }));
            }
            LoggedEvent::Seat(change, chat, number) => {
                chats.insert(*chat.as_bytes());
                let seats = app.store.seats(partner, chat).await?;
                let seat = seats.iter().find(|seat| seat.number == number);
                said.extend(seat.map(|seat| frame(&seat_frame(change, at, seat))));
            }
            LoggedEvent::SeatClosed(_, chat, _)
            | LoggedEvent::ChatEnded(chat)
            | LoggedEvent::Message(chat, _)
            | LoggedEvent::Seen(chat, _) => {
                chats.insert(*chat.as_bytes());
            }
            LoggedEvent::Expelled(_) | LoggedEvent::Account(_) => {}
        }
    }
    for name in chats {
        let chat = ChatRef::from_bytes(name);
        if let Some(row) = app.store.chat(partner, chat).await? {
            let row = ChatRow::of(&row, app.relay.is_customer_online(chat));
            said.push(frame(&ServerFrame::Chat {
                chat: Box::new(row),
            }));
        }
    }
    Ok(said)
}
