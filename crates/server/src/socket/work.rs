//! Writes that a connection has asked for and that are on their way to the disk.
//!
//! Several messages may be on their way at once, so that they share a commit; their answers come in the order in which
//! they were sent. What was asked for is done and told to others even when the connection breaks in between.

use futures_util::{
    future::BoxFuture,
    stream::{FuturesOrdered, StreamExt as _},
};
use std::{
    mem,
    task::{Context, Poll, ready},
};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use wicketgate_domain::{ChatRef, chat::Cursors};

/// How many messages of one connection may be on their way at once.
const SENDS: usize = 32;

/// In how many chats cursors may wait at once.
const MARKS: usize = 64;

/// A write on its way. It gives the frame with the answer, if there is something to answer.
pub(super) type Job = BoxFuture<'static, Option<Utf8Bytes>>;

/// The writes of one connection. An idle one holds no memory for them.
#[derive(Default)]
pub(super) struct Work {
    busy: Option<Box<Busy>>,
}

#[derive(Default)]
struct Busy {
    /// Polled in the order of their arrival, which is the order in which the store gets them.
    sends: FuturesOrdered<Job>,
    answers: Vec<Utf8Bytes>,
    mark: Option<Job>,
    marks: Vec<(ChatRef, Cursors)>,
}

impl Work {
    /// Whether another message may be sent. While there is no room, nothing more is read from the connection.
    pub(super) fn has_room(&self) -> bool {
        self.busy
            .as_ref()
            .is_none_or(|busy| busy.sends.len() + busy.answers.len() < SENDS)
    }

    /// Sends a message after those before it.
    pub(super) fn send(&mut self, job: Job) {
        self.busy.get_or_insert_default().sends.push_back(job);
    }

    /// Moves cursors forward as soon as the move before is done; moves that meet in the meantime are made as one.
    /// False when too many chats wait.
    pub(super) fn mark(&mut self, chat: ChatRef, cursors: Cursors) -> bool {
        let marks = &mut self.busy.get_or_insert_default().marks;
        if let Some((_, waiting)) = marks.iter_mut().find(|(waiting, _)| *waiting == chat) {
            waiting.delivered = waiting.delivered.max(cursors.delivered);
            waiting.read = waiting.read.max(cursors.read);
            return true;
        }
        if marks.len() == MARKS {
            return false;
        }
        marks.push((chat, cursors));
        true
    }

    /// The next answers, one at least. `begin` makes the write that moves cursors. Pending for good while there is
    /// nothing to do.
    pub(super) fn poll_answers(
        &mut self,
        context: &mut Context<'_>,
        begin: &impl Fn(ChatRef, Cursors) -> Job,
    ) -> Poll<Vec<Utf8Bytes>> {
        let Some(busy) = &mut self.busy else {
            return Poll::Pending;
        };
        busy.advance(context, begin);
        if !busy.answers.is_empty() {
            return Poll::Ready(mem::take(&mut busy.answers));
        }
        if busy.is_idle() {
            self.busy = None;
        }
        Poll::Pending
    }

    /// Lets the writes go on while the connection waits for something else. Never ready.
    pub(super) fn poll_on(
        &mut self,
        context: &mut Context<'_>,
        begin: &impl Fn(ChatRef, Cursors) -> Job,
    ) {
        if let Some(busy) = &mut self.busy {
            busy.advance(context, begin);
        }
    }

    /// Ready when nothing is on its way; gives the answers that are left.
    pub(super) fn poll_finish(
        &mut self,
        context: &mut Context<'_>,
        begin: &impl Fn(ChatRef, Cursors) -> Job,
    ) -> Poll<Vec<Utf8Bytes>> {
        let Some(busy) = &mut self.busy else {
            return Poll::Ready(Vec::new());
        };
        busy.advance(context, begin);
        if busy.sends.is_empty() && busy.mark.is_none() {
            return Poll::Ready(
                self.busy
                    .take()
                    .map(|busy| busy.answers)
                    .unwrap_or_default(),
            );
        }
        Poll::Pending
    }

    /// What is still on its way, to be finished by someone else.
    pub(super) fn take_unfinished(
        &mut self,
        begin: impl Fn(ChatRef, Cursors) -> Job + Send + 'static,
    ) -> Option<impl Future<Output = ()> + Send + 'static> {
        let mut busy = self.busy.take()?;
        Some(async move {
            while busy.sends.next().await.is_some() {}
            if let Some(mark) = busy.mark.take() {
                mark.await;
            }
            for (chat, cursors) in mem::take(&mut busy.marks) {
                begin(chat, cursors).await;
            }
        })
    }
}

impl Busy {
    fn advance(&mut self, context: &mut Context<'_>, begin: &impl Fn(ChatRef, Cursors) -> Job) {
        while let Poll::Ready(Some(answer)) = self.sends.poll_next_unpin(context) {
            self.answers.extend(answer);
        }
        while let Poll::Ready(answer) = self.poll_mark(context, begin) {
            self.answers.extend(answer);
        }
    }

    /// The answer to one move of cursors; pending while there is none to make.
    fn poll_mark(
        &mut self,
        context: &mut Context<'_>,
        begin: &impl Fn(ChatRef, Cursors) -> Job,
    ) -> Poll<Option<Utf8Bytes>> {
        if self.mark.is_none() && !self.marks.is_empty() {
            let (chat, cursors) = self.marks.remove(0);
            self.mark = Some(begin(chat, cursors));
        }
        let Some(mark) = &mut self.mark else {
            return Poll::Pending;
        };
        let answer = ready!(mark.as_mut().poll(context));
        self.mark = None;
        Poll::Ready(answer)
    }

    fn is_idle(&self) -> bool {
        self.sends.is_empty()
            && self.answers.is_empty()
            && self.mark.is_none()
            && self.marks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::{
        future::poll_fn,
        sync::{Arc, Mutex},
    };
    use tokio::sync::oneshot;

    const CHAT: ChatRef = ChatRef::from_bytes([1; 16]);

    fn cursors(read: u64) -> Cursors {
        Cursors {
            delivered: read,
            read,
        }
    }

    fn no_marks(_: ChatRef, _: Cursors) -> Job {
        unreachable!("nothing was marked")
    }

    async fn answers(work: &mut Work, begin: &impl Fn(ChatRef, Cursors) -> Job) -> Vec<Utf8Bytes> {
        poll_fn(|context| work.poll_answers(context, begin)).await
    }

    #[tokio::test]
    async fn answers_come_in_the_order_of_sending() {
        let mut work = Work::default();
        let (first, done) = oneshot::channel::<()>();
        work.send(Box::pin(done.map(|_| Some("one".into()))));
        work.send(Box::pin(async { Some("two".into()) }));
        assert!(answers(&mut work, &no_marks).now_or_never().is_none());
        first.send(()).unwrap();
        assert_eq!(answers(&mut work, &no_marks).await, ["one", "two"]);
    }

    #[tokio::test]
    async fn only_so_many_are_on_their_way() {
        let mut work = Work::default();
        for _ in 0..SENDS {
            assert!(work.has_room());
            work.send(Box::pin(async { Some("x".into()) }));
        }
        assert!(!work.has_room());
        answers(&mut work, &no_marks).await;
        assert!(work.has_room());
    }

    #[tokio::test]
    async fn cursors_that_meet_are_moved_as_one() {
        let mut work = Work::default();
        let made = Arc::new(Mutex::new(Vec::new()));
        let (first, done) = oneshot::channel::<()>();
        let done = Mutex::new(Some(done));
        let begin = {
            let made = made.clone();
            move |_: ChatRef, cursors: Cursors| -> Job {
                made.lock().unwrap().push(cursors.read);
                match done.lock().unwrap().take() {
                    Some(done) => Box::pin(done.map(|_| None)),
                    None => Box::pin(async { Some("done".into()) }),
                }
            }
        };
        work.mark(CHAT, cursors(1));
        assert!(answers(&mut work, &begin).now_or_never().is_none());
        for read in [4, 2, 3] {
            work.mark(CHAT, cursors(read));
        }
        first.send(()).unwrap();
        assert_eq!(answers(&mut work, &begin).await, ["done"]);
        assert_eq!(*made.lock().unwrap(), [1, 4]);
    }

    #[tokio::test]
    async fn what_a_broken_connection_asked_for_is_done() {
        let mut work = Work::default();
        let (told, hears) = oneshot::channel();
        work.send(Box::pin(async move {
            told.send(()).unwrap();
            None
        }));
        let made = Arc::new(Mutex::new(0));
        work.mark(CHAT, cursors(5));
        let unfinished = work.take_unfinished({
            let made = made.clone();
            move |_, cursors| {
                *made.lock().unwrap() = cursors.read;
                Box::pin(async { None })
            }
        });
        unfinished.unwrap().await;
        hears.await.unwrap();
        assert_eq!(*made.lock().unwrap(), 5);
    }

    #[tokio::test]
    async fn an_idle_connection_holds_nothing() {
        let mut work = Work::default();
        work.send(Box::pin(async { None }));
        assert!(answers(&mut work, &no_marks).now_or_never().is_none());
        assert!(work.busy.is_none());
    }
}
