//! An agent's chats by looking at the inbox again and again: the rows say where something happened.

use std::{collections::BTreeMap, time::Duration};

use tokio::{sync::mpsc, time::sleep};

use wicketgate_protocol::{
    chat::{ChatList, ChatRow, SeatList},
    frame::{SeatChange, ServerFrame},
    message::{MessageList, Side},
};

use super::{Access, Failures, PAGE, Wish, as_problem};
use crate::error::Error;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// How many chats' seats are read at one look, to learn how far the customers have come.
const WATCHED: usize = 20;

/// A chat as it was last told.
#[derive(Debug, Default)]
struct Known {
    row: Option<ChatRow>,
    /// The newest message that was told, once it was opened.
    told: Option<u64>,
    is_opening: bool,
    seats: u32,
    /// The newest own message, and how far the customer came.
    sent: u64,
    read: u64,
}

/// What is being looked at.
struct Inbox {
    access: Access,
    only: Option<String>,
    known: BTreeMap<String, Known>,
    told: mpsc::Sender<ServerFrame>,
}

/// Looks until the connection is given up.
pub(super) async fn ask(
    access: Access,
    only: Option<String>,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
    told: mpsc::Sender<ServerFrame>,
) {
    let mut inbox = Inbox {
        access,
        only,
        known: BTreeMap::new(),
        told,
    };
    let mut failures = Failures::default();
    loop {
        while let Ok(wish) = wishes.try_recv() {
            inbox.wish(wish);
        }
        match inbox.look().await {
            Ok(()) => failures.none(),
            Err(error) if error.is_passing() => {
                if !failures.one().await {
                    return;
                }
            }
            Err(error) => {
                inbox
                    .tell(ServerFrame::Problem {
                        problem: as_problem(error),
                        chat: inbox.only.clone(),
                        cid: None,
                    })
                    .await;
                std::future::pending::<()>().await;
            }
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            wish = wishes.recv() => match wish {
                Some(wish) => inbox.wish(wish),
                None => return,
            },
        }
    }
}

impl Inbox {
    fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Open(chat, after) => {
                let known = self.known.entry(chat).or_default();
                known.told = Some(after);
                known.is_opening = true;
            }
            Wish::Sent(chat, seq) => {
                let known = self.known.entry(chat).or_default();
                known.sent = known.sent.max(seq);
            }
        }
    }

    /// Looks once at everything that may have changed.
    async fn look(&mut self) -> Result<(), Error> {
        let mut rows = self.rows().await?;
        // Chats that are being opened may stand below the first page of the inbox.
        for (chat, known) in &self.known {
            if known.is_opening && !rows.iter().any(|row| row.chat_ref == *chat) {
                rows.push(self.row(chat).await?);
            }
        }
        for row in rows {
            self.take(row).await?;
        }
        self.watch().await
    }

    async fn rows(&self) -> Result<Vec<ChatRow>, Error> {
        match &self.only {
            Some(chat) => Ok(vec![self.row(chat).await?]),
            None => self
                .get::<ChatList>("/api/chats?limit=200")
                .await
                .map(|list| list.chats),
        }
    }

    async fn row(&self, chat: &str) -> Result<ChatRow, Error> {
        self.get(&format!("/api/chats/{chat}")).await
    }

    async fn get<A: serde::de::DeserializeOwned>(&self, path: &str) -> Result<A, Error> {
        self.access
            .server
            .get(path, Some(&self.access.bearer))
            .await
    }

    /// Tells what is new in a chat.
    async fn take(&mut self, row: ChatRow) -> Result<(), Error> {
        let chat = row.chat_ref.clone();
        let known = self.known.entry(chat.clone()).or_default();
        let is_changed = known.row.as_ref() != Some(&row);
        let was_online = known.row.as_ref().map(|row| row.online);
        let (seats, is_opening, told) = (known.seats, known.is_opening, known.told);
        if row.seats > seats {
            // The first look tells of nobody: they were there before.
            let is_first = known.row.is_none();
            self.tell_seats(&chat, seats, is_first).await?;
        }
        if let Some(told) = told
            && (is_opening || row.last_seq > told)
        {
            self.tell_messages(&chat, &row, told, is_opening).await?;
        }
        if was_online.is_some_and(|was| was != row.online) {
            self.tell(ServerFrame::Presence {
                chat: chat.clone(),
                by: Side::Customer,
                online: row.online,
            })
            .await;
        }
        if is_changed {
            self.tell(ServerFrame::Chat {
                chat: Box::new(row.clone()),
            })
            .await;
        }
        let known = self.known.entry(chat).or_default();
        known.seats = row.seats;
        known.row = Some(row);
        Ok(())
    }

    async fn tell_messages(
        &mut self,
        chat: &str,
        row: &ChatRow,
        mut told: u64,
        is_opening: bool,
    ) -> Result<(), Error> {
        let mut opens = is_opening;
        loop {
            let path = format!("/api/chats/{chat}/messages?after={told}&limit={PAGE}");
            let page: MessageList = self.get(&path).await?;
            if std::mem::replace(&mut opens, false) {
                let seats: SeatList = self.get(&format!("/api/chats/{chat}/seats")).await?;
                let live = seats.seats.iter().rfind(|seat| seat.closed.is_none());
                self.tell(ServerFrame::Opened {
                    chat: chat.to_owned(),
                    last_seq: page.last_seq,
                    transcript: page.transcript,
                    partner: row.partner,
                    customer: live.map(|seat| seat.customer).unwrap_or_default(),
                    online: row.online,
                })
                .await;
            }
            let is_last = page.messages.len() < PAGE as usize;
            for message in page.messages {
                told = message.seq;
                self.tell(ServerFrame::Message(message)).await;
            }
            let known = self.known.entry(chat.to_owned()).or_default();
            known.told = Some(told);
            known.is_opening = false;
            if is_last {
                return Ok(());
            }
        }
    }

    async fn tell_seats(&mut self, chat: &str, above: u32, is_first: bool) -> Result<(), Error> {
        let list: SeatList = self.get(&format!("/api/chats/{chat}/seats")).await?;
        for seat in list.seats {
            if seat.number > above && !is_first {
                let (change, at) = (SeatChange::Opened, seat.opened_at);
                let seat = Box::new(seat);
                self.tell(ServerFrame::Seat { change, at, seat }).await;
            }
        }
        Ok(())
    }

    /// Tells how far the customers have come where an own message is not read yet.
    async fn watch(&mut self) -> Result<(), Error> {
        let watched = self
            .known
            .iter()
            .filter(|(_, known)| known.sent > known.read);
        let watched: Vec<_> = watched
            .map(|(chat, _)| chat.clone())
            .take(WATCHED)
            .collect();
        for chat in watched {
            let list: SeatList = self.get(&format!("/api/chats/{chat}/seats")).await?;
            for seat in list.seats {
                let known = self.known.entry(chat.clone()).or_default();
                known.read = known.read.max(seat.customer.read);
                self.tell(ServerFrame::Seen {
                    chat: chat.clone(),
                    by: Side::Customer,
                    seat: Some(seat.number),
                    delivered: seat.customer.delivered,
                    read: seat.customer.read,
                })
                .await;
            }
        }
        Ok(())
    }

    async fn tell(&self, frame: ServerFrame) {
        // Nobody hears it when the connection is gone, which ends this task, too.
        let _ = self.told.send(frame).await;
    }
}
