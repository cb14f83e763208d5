//! A conversation from its first event to its end, which is good only if everything that was read has arrived.

use std::{sync::Arc, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
    time::{Instant, sleep_until},
};
use wicketgate_client::{
    Error,
    live::{Event, Live, Status},
};

use super::{address::Chats, input::Ended, lines, people::People, tally::Tally};
use crate::{
    failure::{FAILED, Failure},
    print,
};

/// How long a signal lets what was read arrive.
const GRACE: Duration = Duration::from_secs(2);

/// After this long it is worth saying that the end waits.
const SILENCE: Duration = Duration::from_secs(1);

/// How events are shown.
pub(super) enum View {
    Lines,
    People(People, Chats),
}

/// A conversation.
pub(super) struct Talk {
    live: Live,
    view: View,
    tally: Arc<Tally>,
    /// How long the end of the input waits for acknowledgements.
    wait: Duration,
    /// When it waits no longer.
    leave_at: Option<Instant>,
    /// When it says that it waits.
    tell_at: Option<Instant>,
    /// Whether a signal asked to leave.
    was_asked: bool,
    /// Whether the last event was what kept it from going on.
    has_failed: bool,
    was_ready: bool,
}

/// What woke the conversation.
enum Wake {
    Event(Option<Event>),
    InputEnded(Option<Ended>),
    Signal,
    TellTime,
    LeaveTime,
}

impl Talk {
    pub(super) fn new(live: Live, view: View, tally: Arc<Tally>, wait: Duration) -> Self {
        Self {
            live,
            view,
            tally,
            wait,
            leave_at: None,
            tell_at: None,
            was_asked: false,
            has_failed: false,
            was_ready: false,
        }
    }

    /// Shows what happens until it is over.
    pub(super) async fn run(mut self, mut ended: oneshot::Receiver<Ended>) -> Result<(), Failure> {
        let mut signals = Signals::new()?;
        let mut is_ended = false;
        loop {
            let wake = tokio::select! {
                event = self.live.next() => Wake::Event(event),
                why = &mut ended, if !is_ended => Wake::InputEnded(why.ok()),
                () = signals.next() => Wake::Signal,
                () = until(self.tell_at) => Wake::TellTime,
                () = until(self.leave_at) => Wake::LeaveTime,
            };
            match wake {
                Wake::Event(None) => return self.end(),
                Wake::Event(Some(event)) => self.show(&event),
                Wake::InputEnded(why) => {
                    is_ended = true;
                    if why == Some(Ended::Interrupted) {
                        self.ask_to_leave();
                    } else {
                        self.leave_in(self.wait);
                    }
                }
                Wake::TellTime => self.tell_waiting(),
                Wake::Signal if !self.was_asked => self.ask_to_leave(),
                Wake::Signal | Wake::LeaveTime => return self.leave().await,
            }
            // What could not be shown has not been seen.
            if print::is_broken() || (self.was_asked && self.tally.awaited() == 0) {
                return self.leave().await;
            }
        }
    }

    fn ask_to_leave(&mut self) {
        self.was_asked = true;
        self.tally.close();
        self.leave_in(GRACE);
    }

    fn leave_in(&mut self, time: Duration) {
        let now = Instant::now();
        let soonest = self.leave_at.map_or(now + time, |at| at.min(now + time));
        self.leave_at = Some(soonest);
        self.tell_at = Some(now + SILENCE.min(time));
    }

    fn show(&mut self, event: &Event) {
        self.has_failed = false;
        match event {
            Event::Ready { .. } | Event::Ended { .. } => self.was_ready = true,
            Event::Status(progress) if progress.status == Status::Sent => self.tally.sent(),
            Event::Problem(trouble) => {
                if trouble.cid.is_some() {
                    self.tally.refused();
                } else if matches!(trouble.error, Error::Line(_)) {
                    // A mark is no text, so it was not counted when it was read.
                    self.tally.read();
                    self.tally.refused();
                }
                // Only what comes last can have been the end of it.
                self.has_failed = trouble.chat_id.is_none() && trouble.cid.is_none();
            }
            _ => {}
        }
        match &mut self.view {
            View::Lines => lines::show(event),
            View::People(people, chats) => {
                match event {
                    Event::Ready {
                        chat_id: Some(chat_id),
                    } => chats.open(chat_id),
                    Event::Ended { chat_id, .. } => chats.end(chat_id),
                    _ => {}
                }
                people.show(event);
                if let Event::Message(incoming) = event
                    && People::are_there()
                {
                    self.live.shown(&incoming.chat_id, incoming.seq);
                }
            }
        }
    }

    fn tell_waiting(&mut self) {
        self.tell_at = None;
        let unsent = self.tally.awaited();
        match &self.view {
            View::Lines => lines::waiting(unsent),
            View::People(..) if unsent == 0 => print::note("Waiting for the server."),
            View::People(..) => print::note(&format!(
                "Waiting for {unsent} of {} lines to be acknowledged; Ctrl-C leaves at once.",
                self.tally.total()
            )),
        }
    }

    /// Leaves now.
    async fn leave(mut self) -> Result<(), Failure> {
        // What was acknowledged in this moment counts.
        while let Some(event) = self.live.next_now() {
            self.show(&event);
        }
        let live = self.live;
        live.close().await;
        end(&self.view, &self.tally, self.has_failed, self.was_ready)
    }

    fn end(self) -> Result<(), Failure> {
        end(&self.view, &self.tally, self.has_failed, self.was_ready)
    }
}

/// The end is good if everything that was read has arrived, and if there was a conversation at all.
fn end(view: &View, tally: &Tally, has_failed: bool, was_ready: bool) -> Result<(), Failure> {
    let sentence = tally.sentence();
    match (sentence, view) {
        (Some(sentence), View::Lines) => {
            lines::unsent(sentence, tally.unsent());
            Err(Failure::told(FAILED))
        }
        (Some(sentence), View::People(..)) => Err(Failure::new(sentence)),
        (None, _) if has_failed => Err(Failure::told(FAILED)),
        (None, View::Lines) if !was_ready => {
            lines::unsent("The server did not answer.".to_owned(), 0);
            Err(Failure::told(FAILED))
        }
        (None, View::People(..)) if !was_ready => Err(Failure::new("The server did not answer.")),
        (None, _) => Ok(()),
    }
}

/// What asks a program to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::new(format!("The system gives no signals ({error}).")))
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}
