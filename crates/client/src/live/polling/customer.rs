//! A customer's own chat by long polling.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use wicketgate_protocol::{
    chat::SeatView,
    frame::ServerFrame,
    message::{MessageList, Side},
    problem::{Code, SeatClosed},
};

use super::{Access, Failures, PAGE, Wish, as_problem};
use crate::error::Error;

/// Seconds that the server may hold an answer back, as long as nothing between here and there minds.
const WAIT: u64 = 20;

/// The same after news: more of it, which came before anyone listened again, should not take long.
const SOON: u64 = 2;

/// What an answer may take beyond that.
const PATIENCE: Duration = Duration::from_secs(15);

/// After an answer without a message, which may have come at once.
const BREATH: Duration = Duration::from_millis(250);

/// Asks until the connection is given up.
pub(super) async fn ask(
    access: Access,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
    told: mpsc::Sender<ServerFrame>,
) {
    let Some(mut opening) = next_opening(&mut wishes).await else {
        return;
    };
    loop {
        // Opening it again begins anew: an answer that was on its way is one too few, never one too many.
        opening = tokio::select! {
            () = follow(&access, opening, &told) => return,
            again = next_opening(&mut wishes) => match again {
                Some(again) => again,
                None => return,
            },
        };
    }
}

async fn next_opening(wishes: &mut mpsc::UnboundedReceiver<Wish>) -> Option<(String, u64)> {
    loop {
        match wishes.recv().await? {
            Wish::Open(chat, after) => return Some((chat, after)),
            // Each answer comes with the other side's cursors anyway.
            Wish::Sent(..) => {}
        }
    }
}

/// What is being followed.
struct Follower<'a> {
    access: &'a Access,
    chat: String,
    newest: u64,
    is_open: bool,
    online: Option<bool>,
    told: &'a mpsc::Sender<ServerFrame>,
}

async fn follow(access: &Access, (chat, after): (String, u64), told: &mpsc::Sender<ServerFrame>) {
    let mut follower = Follower {
        access,
        chat,
        newest: after,
        is_open: false,
        online: None,
        told,
    };
    let mut failures = Failures::default();
    // The first answer comes at once; the longest that came whole is how long the next ones may be held back.
    let (mut wait, mut longest) = (0, WAIT);
    loop {
        let asked = Instant::now();
        match follower.once(wait).await {
            Ok(count) => {
                failures.none();
                let was_quiet = asked.elapsed() >= Duration::from_secs(wait);
                wait = if was_quiet {
                    longest
                } else {
                    SOON.min(longest)
                };
                if count == 0 {
                    sleep(BREATH).await;
                }
            }
            Err(error) if error.is_passing() => {
                if wait > 0 && asked.elapsed() > Duration::from_secs(1) {
                    // Something between has less patience than the server.
                    longest = (longest / 2).max(1);
                }
                wait = 0;
                if !failures.one().await {
                    return;
                }
            }
            Err(error) => {
                follower.refused(error).await;
                // Told once. Whoever listens decides.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Follower<'_> {
    /// Asks once. Returns how many messages came.
    async fn once(&mut self, wait: u64) -> Result<usize, Error> {
        let (chat, after) = (&self.chat, self.newest);
        let path = format!(
            "/api/chats/{chat}/messages?after={after}&wait={wait}&limit={PAGE}&as=customer"
        );
        let time = Duration::from_secs(wait) + PATIENCE;
        let page: MessageList = self
            .access
            .server
            .get_within(&path, &self.access.bearer, time)
            .await?;
        let view = crate::customer::view(&self.access.server, &self.access.bearer, chat).await?;
        let count = page.messages.len();
        self.tell(page, view).await;
        Ok(count)
    }

    async fn tell(&mut self, page: MessageList, view: SeatView) {
        let chat = || self.chat.clone();
        let mut frames = Vec::new();
        if !std::mem::replace(&mut self.is_open, true) {
            self.online = Some(view.online);
            frames.push(ServerFrame::Opened {
                chat: chat(),
                last_seq: page.last_seq,
                transcript: page.transcript,
                partner: view.partner,
                customer: view.seat.customer,
                online: view.online,
            });
        }
        self.newest = page
            .messages
            .last()
            .map_or(self.newest, |message| message.seq);
        frames.extend(page.messages.into_iter().map(ServerFrame::Message));
        frames.push(ServerFrame::Seen {
            chat: chat(),
            by: Side::Partner,
            seat: None,
            delivered: view.partner.delivered,
            read: view.partner.read,
        });
        if self.online != Some(view.online) {
            self.online = Some(view.online);
            frames.push(ServerFrame::Presence {
                chat: chat(),
                by: Side::Partner,
                online: view.online,
            });
        }
        let ended = view.ended_at.map(|_| SeatClosed::ChatEnded);
        if let Some(reason) = view.seat.closed.or(ended) {
            frames.push(ServerFrame::Closed {
                chat: chat(),
                reason,
            });
        }
        for frame in frames {
            // Nobody hears it when the connection is gone, which ends this task, too.
            let _ = self.told.send(frame).await;
        }
    }

    async fn refused(&self, error: Error) {
        let problem = as_problem(error);
        let reason = match problem.code {
            Code::ChatEnded => Some(SeatClosed::ChatEnded),
            Code::SeatClosed => Some(problem.seat_closed.unwrap_or(SeatClosed::Superseded)),
            _ => None,
        };
        let chat = self.chat.clone();
        let frame = match reason {
            Some(reason) => ServerFrame::Closed { chat, reason },
            None => ServerFrame::Problem {
                problem,
                chat: Some(chat),
                cid: None,
            },
        };
        let _ = self.told.send(frame).await;
    }
}
