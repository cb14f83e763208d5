//! One connection: one task that waits for whatever comes first.

use super::{
    allowance::Allowance,
    followed::Followed,
    listener::{Listener, Next, Surroundings, tells_anew},
    outgoing::{Farewell, Outgoing, WebSocket, refusal},
    work::{Job, Work},
};
use crate::{
    http::identity::{Admission, seat_by, session_by},
    sockets::{Heartbeat, Signal},
    state::AppState,
};
use futures_util::StreamExt as _;
use std::{
    future::poll_fn,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};
use wicketgate_domain::{
    ChatRef, Hash,
    chat::{Cursors, Participant},
    event::{Event, Told},
    seat::SeatClosed,
};
use wicketgate_protocol::frame::ServerFrame;
use wicketgate_relay::{Delivery, Presence, Subscription};

/// How many events are told together.
const TOGETHER: usize = 64;

/// How long writes may take to finish when a connection ends.
const FINISH: Duration = Duration::from_secs(5);

/// One end of a socket.
pub(super) struct Connection {
    pub(super) app: AppState,
    pub(super) listener: Listener,
    pub(super) out: Outgoing,
    pub(super) work: Work,
    /// None where limits are off.
    pub(super) allowance: Option<Allowance>,
    token_hash: Hash,
    subscription: Subscription,
    heartbeat: Heartbeat,
    presence: Presence,
    /// For how many heartbeats nothing has come from the other end.
    pub(super) silent: u8,
    /// How far this end was told what happened.
    pub(super) followed: Followed,
}

/// What a connection woke up for.
enum Woken {
    Heartbeat(Signal),
    Answers(Vec<Utf8Bytes>),
    Heard(Delivery),
    Said(Option<Result<Message, tungstenite::Error>>),
}

impl Connection {
    /// Begins to listen to what happens, before anything is read.
    pub(super) fn start(app: AppState, admission: Admission, socket: WebSocket) -> Self {
        Self {
            subscription: app.relay.listen(&admission.who),
            presence: app.relay.arrive(&admission.who),
            heartbeat: app.sockets.join(),
            listener: Listener::new(admission.who, admission.credential),
            out: Outgoing::new(socket),
            work: Work::default(),
            allowance: app.settings.limits.then(|| Allowance::new(Instant::now())),
            token_hash: admission.token_hash,
            silent: 0,
            followed: Followed::default(),
            app,
        }
    }

    /// Serves the connection to its end.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async fn would hold the connection twice, as its argument and as its variable"
    )]
    pub(super) fn serve(mut self) -> impl Future<Output = ()> + Send {
        async move {
            let why = self.run().await;
            if why != Farewell::Gone {
                Box::pin(self.finish()).await;
            }
            let begin = marking(&self.app, self.listener.who());
            if let Some(unfinished) = self.work.take_unfinished(begin) {
                tokio::spawn(unfinished);
            }
            drop((self.subscription, self.presence));
            Box::pin(self.out.leave(why)).await;
        }
    }

    async fn run(&mut self) -> Farewell {
        // What ended the credential between the request and the subscription was not heard.
        if let Err(why) = Box::pin(self.check()).await {
            return why;
        }
        loop {
            if let Err(why) = self.turn().await {
                return why;
            }
        }
    }

    async fn turn(&mut self) -> Result<(), Farewell> {
        match self.wake().await {
            Woken::Heartbeat(Signal::Leave) => return Err(Farewell::Stopping),
            Woken::Heartbeat(Signal::Check) => {
                Box::pin(self.check()).await?;
                self.ask_for_life()?;
            }
            Woken::Answers(answers) => self.out.frames.extend(answers),
            Woken::Heard(delivery) => self.hear(delivery).await?,
            Woken::Said(said) => self.take(said).await?,
        }
        self.flush().await
    }

    async fn wake(&mut self) -> Woken {
        let begin = marking(&self.app, self.listener.who());
        let has_room = self.work.has_room();
        tokio::select! {
            signal = self.heartbeat.next() => Woken::Heartbeat(signal),
            answers = poll_fn(|context| self.work.poll_answers(context, &begin)) => Woken::Answers(answers),
            delivery = self.subscription.recv() => Woken::Heard(delivery),
            said = self.out.socket.next(), if has_room => Woken::Said(said),
        }
    }

    /// A telephone that lost its network says nothing at all: who stays silent for two heartbeats is gone.
    fn ask_for_life(&mut self) -> Result<(), Farewell> {
        if self.silent == 2 {
            return Err(Farewell::Gone);
        }
        self.silent += 1;
        self.out.ping = true;
        Ok(())
    }

    /// Writes what is to be told. Writes to the store go on while the other end makes it wait.
    pub(super) async fn flush(&mut self) -> Result<(), Farewell> {
        self.say_upto();
        if self.out.is_empty() {
            return Ok(());
        }
        let begin = marking(&self.app, self.listener.who());
        let work = &mut self.work;
        self.out
            .flush(|context| work.poll_on(context, &begin))
            .await
    }

    /// Tells of one event and of those that came with it.
    async fn hear(&mut self, first: Delivery) -> Result<(), Farewell> {
        let mut batch = vec![first];
        while batch.len() < TOGETHER {
            match self.subscription.try_recv() {
                Some(delivery) => batch.push(delivery),
                None => break,
            }
        }
        for (index, delivery) in batch.iter().enumerate() {
            let told = match delivery {
                Delivery::Event(told) => told,
                Delivery::Lagged => {
                    self.out.frames.extend(self.listener.lost());
                    Box::pin(self.catch_up()).await;
                    // The end of the credential may be among what was lost.
                    Box::pin(self.check()).await?;
                    continue;
                }
            };
            let is_old = |later: &Delivery| matches!(later, Delivery::Event(later) if tells_anew(&later.event, &told.event));
            if batch[index + 1..].iter().any(is_old) {
                continue;
            }
            // The end of a credential is heard in any case: the log does not end the connection.
            let is_new = self.followed.take_in(told.logged.map(|logged| logged.seq));
            if !is_new && !matches!(told.event, Event::Expelled(_)) {
                continue;
            }
            match self.hear_event(told) {
                Next::Go => {}
                Next::Fill(chat) => Box::pin(self.fill(chat)).await?,
                Next::Close(chat, why) => Box::pin(self.close(chat, why)).await?,
                Next::Leave => return Err(Farewell::Expelled),
            }
        }
        Ok(())
    }

    fn hear_event(&mut self, told: &Told) -> Next {
        let around = Surroundings {
            now: self.app.now(),
            encoded: self.app.sockets.encoded(),
            online: &|chat| self.app.relay.is_customer_online(chat),
        };
        self.listener.hear(told, &around, &mut self.out.frames)
    }

    /// Looks whether the credential is still good. While the store can't say, it is.
    async fn check(&mut self) -> Result<(), Farewell> {
        let own = match self.listener.who() {
            Participant::Agent { .. } => {
                return match session_by(&self.app, self.token_hash).await {
                    Ok(None) => Err(Farewell::Expelled),
                    Ok(Some(_)) | Err(_) => Ok(()),
                };
            }
            Participant::Customer(own) => (own.chat, own.number),
        };
        match seat_by(&self.app, self.token_hash).await {
            Ok(None) => Err(Farewell::Expelled),
            Ok(Some(holder)) if holder.chat != own.0 => Err(Farewell::Expelled),
            Ok(Some(holder)) => {
                let newer = (holder.number != own.1).then_some(SeatClosed::Superseded);
                match newer.or(holder.closed) {
                    Some(why) => self.close(own.0, why).await,
                    None => Ok(()),
                }
            }
            Err(_) => Ok(()),
        }
    }

    /// Tells what is missing in a chat and then that it is closed. For a customer that is the end.
    async fn close(&mut self, chat: ChatRef, why: SeatClosed) -> Result<(), Farewell> {
        self.fill(chat).await?;
        self.out.say(&ServerFrame::Closed {
            chat: chat.to_string(),
            reason: why.into(),
        });
        self.listener.note_closed(chat);
        match self.listener.who() {
            Participant::Agent { .. } => Ok(()),
            Participant::Customer(_) => Err(Farewell::SeatClosed(why)),
        }
    }

    /// Waits for what was asked for, so that it can be acknowledged before the connection ends.
    async fn finish(&mut self) {
        let begin = marking(&self.app, self.listener.who());
        let answers = poll_fn(|context| self.work.poll_finish(context, &begin));
        if let Ok(answers) = timeout(FINISH, answers).await {
            self.out.frames.extend(answers);
        }
    }
}

/// How a move of cursors is made: answered only when it is refused.
fn marking(app: &AppState, who: &Participant) -> impl Fn(ChatRef, Cursors) -> Job + Send + use<> {
    let (app, who) = (app.clone(), who.clone());
    move |chat, cursors| {
        let (app, who) = (app.clone(), who.clone());
        Box::pin(async move {
            let made = app.store.mark_seen(&who, chat, cursors, app.now()).await;
            made.err()
                .map(|error| refusal(error, Some(chat.to_string()), None))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<F: Future>(_: impl FnOnce(Connection) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_connection_is_small() {
        let (whole, own) = (size_of_future(Connection::serve), size_of::<Connection>());
        assert!(own <= 768, "the connection is {own} bytes");
        assert!(whole <= 2 * own, "its task is {whole} bytes");
    }
}
