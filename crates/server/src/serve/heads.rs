//! A connection's stream between its requests: how long it may wait for the next head, and words for a head that can't
//! be read.

use bytes::{Buf as _, Bytes};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// How long heads are waited for.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// How long the head of a request may take to arrive.
    head: Duration,
    /// How long a connection may idle between two requests.
    idle: Duration,
    /// So many may idle for that long at a time. What comes on top gives its place back as soon as a head would be late.
    most_idle: usize,
}

/// A proxy that takes a connection out of its pool in the moment in which it is closed answers its client with 502, so
/// the proxy has to be the one that closes: nginx, Go's clients, Caddy and HAProxy keep theirs for one or two minutes,
/// Google's load balancer for ten, Cloudflare for fifteen.
const PATIENCE: Patience = Patience {
    head: Duration::from_secs(10),
    idle: Duration::from_mins(16),
    most_idle: 1_024,
};

/// How long a client whose head was refused may go on sending: a close while bytes are under way would take the answer
/// from it.
const FAREWELL: Duration = Duration::from_secs(2);

/// What a connection is doing. Its stream and its service tell each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has come yet.
    Fresh,
    /// A head is arriving.
    Head,
    /// A request is being answered, or the connection is a socket now.
    Busy,
    /// The last request was answered.
    Idle,
}

/// The phase of one connection.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<AtomicU8>);

impl Progress {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicU8::new(Phase::Fresh as u8)))
    }

    /// A whole head has come.
    pub(super) fn begin(&self) {
        self.set(Phase::Busy);
    }

    /// The answer has been handed over.
    pub(super) fn end(&self) {
        self.set(Phase::Idle);
    }

    fn set(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Relaxed);
    }

    fn phase(&self) -> Phase {
        match self.0.load(Ordering::Relaxed) {
            phase if phase == Phase::Fresh as u8 => Phase::Fresh,
            phase if phase == Phase::Head as u8 => Phase::Head,
            phase if phase == Phase::Busy as u8 => Phase::Busy,
            _ => Phase::Idle,
        }
    }
}

/// Whole answers, head and all, to requests whose head can't be read.
#[derive(Debug, Clone)]
pub(super) struct Refusals {
    /// For the API, and for pages: the head is too large.
    pub(super) too_large: [Bytes; 2],
    /// For the API, and for pages: it is no HTTP.
    pub(super) malformed: [Bytes; 2],
}

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Shared {
    refusals: Refusals,
    patience: Patience,
    /// How many connections idle.
    idle: AtomicUsize,
}

impl Shared {
    pub(super) const fn new(refusals: Refusals) -> Self {
        Self {
            refusals,
            patience: PATIENCE,
            idle: AtomicUsize::new(0),
        }
    }
}

/// A stream that ends when the next head is late, and puts words to the bare answers that hyper gives by itself.
#[derive(Debug)]
pub(super) struct Heads<S> {
    stream: S,
    progress: Progress,
    shared: Arc<Shared>,
    /// Runs while a head is awaited: the phase in which it does, since when, and until when it looks again.
    waiting: Option<(Phase, Instant, Pin<Box<Sleep>>)>,
    for_api: bool,
    /// What is left to be written in place of a bare answer.
    refusal: Option<Bytes>,
    farewell: Option<Pin<Box<Sleep>>>,
}

impl<S> Heads<S> {
    pub(super) fn new(stream: S, progress: Progress, shared: Arc<Shared>) -> Self {
        Self {
            stream,
            progress,
            shared,
            waiting: None,
            for_api: false,
            refusal: None,
            farewell: None,
        }
    }

    /// Notes what came while a head was awaited.
    fn arrived(&mut self, bytes: &[u8]) {
        if matches!(self.progress.phase(), Phase::Fresh | Phase::Idle) {
            self.progress.set(Phase::Head);
            let mut words = bytes.split(|byte| *byte == b' ').skip(1);
            self.for_api = words.next().is_some_and(|path| path.starts_with(b"/api/"));
        }
    }

    /// Fails once the head is late.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let patience = self.shared.patience;
        let phase = self.progress.phase();
        if self
            .waiting
            .as_ref()
            .is_none_or(|(since, ..)| *since != phase)
        {
            self.leave();
            if phase == Phase::Busy {
                return Poll::Pending;
            }
            if phase == Phase::Idle {
                self.shared.idle.fetch_add(1, Ordering::Relaxed);
            }
            self.waiting = Some((phase, Instant::now(), Box::pin(sleep(patience.head))));
        }
        while let Some((phase, since, look)) = &mut self.waiting {
            ready!(look.as_mut().poll(context));
            let many = self.shared.idle.load(Ordering::Relaxed) > patience.most_idle;
            if *phase != Phase::Idle || many || since.elapsed() >= patience.idle {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            look.as_mut().reset(Instant::now() + patience.head);
        }
        Poll::Pending
    }

    fn leave(&mut self) {
        if let Some((Phase::Idle, ..)) = self.waiting.take() {
            self.shared.idle.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// The words for an answer of hyper's own, which has no id.
    fn words_for(&self, answer: &[u8]) -> Option<Bytes> {
        let bare = self.progress.phase() == Phase::Head
            && answer.starts_with(b"HTTP/1.")
            && answer.ends_with(b"\r\n\r\n")
            && !holds(answer, b"x-request-id");
        let refusals = &self.shared.refusals;
        let [for_api, for_pages] = match answer.get(9..12) {
            Some(b"431" | b"414") if bare => &refusals.too_large,
            Some(b"400") if bare => &refusals.malformed,
            _ => return None,
        };
        Some(if self.for_api { for_api } else { for_pages }.clone())
    }
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

impl<S> Drop for Heads<S> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Heads<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let filled = buffer.filled().len();
        if let Poll::Ready(result) = Pin::new(&mut self.stream).poll_read(context, buffer) {
            self.arrived(&buffer.filled()[filled..]);
            return Poll::Ready(result);
        }
        self.wait(context).map(Err)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Heads<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.refusal.is_none() {
            self.refusal = self.words_for(bytes);
        }
        let this = &mut *self;
        let Some(refusal) = &mut this.refusal else {
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        };
        while refusal.has_remaining() {
            let written = ready!(Pin::new(&mut this.stream).poll_write(context, refusal))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            refusal.advance(written);
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        let this = &mut *self;
        if this.refusal.is_none() {
            return Poll::Ready(Ok(()));
        }
        let farewell = this
            .farewell
            .get_or_insert_with(|| Box::pin(sleep(FAREWELL)));
        let mut space = [0; 4_096];
        while farewell.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut space);
            let read = ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A bare answer is one slice.
        if self.progress.phase() == Phase::Head
            && let [only] = slices
        {
            return self.poll_write(context, only);
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    const BARE: &[u8] =
        b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n";

    fn shared(most_idle: usize) -> Arc<Shared> {
        let refusals = Refusals {
            too_large: [Bytes::from_static(b"{431}"), Bytes::from_static(b"<431>")],
            malformed: [Bytes::from_static(b"{400}"), Bytes::from_static(b"<400>")],
        };
        let patience = Patience {
            head: Duration::from_millis(50),
            idle: Duration::from_hours(1),
            most_idle,
        };
        Arc::new(Shared {
            patience,
            ..Shared::new(refusals)
        })
    }

    fn connected(shared: &Arc<Shared>) -> (DuplexStream, Heads<DuplexStream>, Progress) {
        let (theirs, ours) = duplex(1_024);
        let progress = Progress::new();
        let heads = Heads::new(ours, progress.clone(), Arc::clone(shared));
        (theirs, heads, progress)
    }

    async fn read(heads: &mut Heads<DuplexStream>) -> io::Result<usize> {
        heads.read(&mut [0; 64]).await
    }

    #[tokio::test]
    async fn a_head_is_waited_for_briefly_and_an_answered_connection_for_long() {
        let shared = shared(1);
        let (_theirs, mut fresh, _) = connected(&shared);
        assert_eq!(
            read(&mut fresh).await.unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );

        let (mut theirs, mut slow, _) = connected(&shared);
        theirs.write_all(b"GET / HT").await.unwrap();
        assert_eq!(read(&mut slow).await.unwrap(), 8);
        assert_eq!(
            read(&mut slow).await.unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );

        let (_theirs, mut answered, progress) = connected(&shared);
        let (_others, mut beyond, other) = connected(&shared);
        for progress in [&progress, &other] {
            progress.begin();
            progress.end();
        }
        // Whichever of the two looks first finds one too many, and then the other may stay.
        let first = tokio::select! {
            result = read(&mut answered) => result,
            result = read(&mut beyond) => result,
        };
        assert_eq!(first.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(beyond);
        let stays = tokio::time::timeout(Duration::from_millis(300), read(&mut answered));
        assert!(stays.await.is_err(), "the only one that idles");
    }

    #[tokio::test]
    async fn whoever_is_being_answered_is_not_hurried() {
        let (_theirs, mut heads, progress) = connected(&shared(1));
        progress.begin();
        let stays = tokio::time::timeout(Duration::from_millis(300), read(&mut heads));
        assert!(stays.await.is_err());
    }

    #[tokio::test]
    async fn a_bare_refusal_gets_words_and_no_other_answer_does() {
        let shared = shared(1);
        for (head, words) in [(&b"GET /signin"[..], "<431>"), (b"GET /api/me", "{431}")] {
            let (mut theirs, mut heads, _) = connected(&shared);
            theirs.write_all(head).await.unwrap();
            read(&mut heads).await.unwrap();
            heads.write_all(BARE).await.unwrap();
            // The client goes on sending, and still gets to read the answer.
            theirs.write_all(&[b'x'; 1_000]).await.unwrap();
            theirs.shutdown().await.unwrap();
            heads.shutdown().await.unwrap();
            let mut answer = String::new();
            theirs.read_to_string(&mut answer).await.unwrap();
            assert_eq!(answer, words);
        }
        let (mut theirs, mut heads, progress) = connected(&shared);
        theirs.write_all(b"GET /signin").await.unwrap();
        read(&mut heads).await.unwrap();
        progress.begin();
        heads.write_all(BARE).await.unwrap();
        drop(heads);
        let mut answer = Vec::new();
        theirs.read_to_end(&mut answer).await.unwrap();
        assert_eq!(answer, BARE);
    }
}
