//! How frames come in: each within a time, and none in countless pieces.
//!
//! What reads frames shows whole messages only, so a message that never ends is never seen there. This looks at the
//! bytes on their way to it, and at no more of them than say where a frame ends.

use std::{
    io::{self, Cursor},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};
use tokio_tungstenite::tungstenite::protocol::frame::{FrameHeader, coding::OpCode};

/// How long a message may take from its first byte to its last.
const PATIENCE: Duration = Duration::from_secs(10);

/// In how many frames a message may come. Programs that send in pieces send kilobytes in each.
const MOST_FRAGMENTS: u16 = 128;

/// The longest header of a frame: two bytes, a length of eight, a mask of four (RFC 6455, section 5.2).
const LONGEST_HEADER: usize = 14;

/// Why no more is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Offence {
    /// A message did not end in time.
    #[error("a frame took too long")]
    Slow,
    /// A message came in too many frames.
    #[error("a message came in too many pieces")]
    Crumbs,
}

impl Offence {
    /// The offence behind an error of reading.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// A stream of frames that keeps to its pace.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    place: Place,
    /// How many frames of an unfinished message have come.
    fragments: u16,
    /// When what has begun and not ended began.
    began: Option<Instant>,
    /// Runs while the other end makes us wait for the rest.
    late: Option<Pin<Box<Sleep>>>,
}

/// Where the next byte belongs.
#[derive(Debug)]
enum Place {
    /// Into a header, of which so many bytes are here.
    Header([u8; LONGEST_HEADER], u8),
    /// Into the rest of a frame.
    Payload { left: u64, frame: Frame },
    /// Into something that is no frame, which whoever reads frames refuses.
    Nowhere,
}

/// What a frame is to its message.
#[derive(Debug, Clone, Copy)]
enum Frame {
    /// It may stand between two frames of a message.
    Control,
    /// More of the message follows.
    Piece,
    /// It ends the message.
    Last,
}

impl Place {
    const START: Self = Self::Header([0; LONGEST_HEADER], 0);
}

impl<S> Paced<S> {
    pub(super) const fn new(stream: S) -> Self {
        Self {
            stream,
            place: Place::START,
            fragments: 0,
            began: None,
            late: None,
        }
    }

    /// Follows bytes that have come.
    fn follow(&mut self, mut bytes: &[u8]) -> Result<(), Offence> {
        while let [first, rest @ ..] = bytes {
            match &mut self.place {
                Place::Nowhere => return Ok(()),
                Place::Header(header, length) => {
                    self.began.get_or_insert_with(Instant::now);
                    bytes = rest;
                    if let Some(place) = header.get_mut(usize::from(*length)) {
                        *place = *first;
                        *length += 1;
                    }
                    let known = &header[..usize::from(*length)];
                    match FrameHeader::parse(&mut Cursor::new(known)) {
                        Ok(Some((header, left))) => self.enter(&header, left)?,
                        Ok(None) if known.len() < LONGEST_HEADER => {}
                        Ok(None) | Err(_) => self.place = Place::Nowhere,
                    }
                }
                Place::Payload { left, frame } => {
                    let here = u64::try_from(bytes.len()).unwrap_or(u64::MAX).min(*left);
                    *left -= here;
                    // At most as many as there are.
                    bytes = &bytes[usize::try_from(here).unwrap_or(bytes.len())..];
                    if *left == 0 {
                        let frame = *frame;
                        self.end(frame);
                    }
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, header: &FrameHeader, left: u64) -> Result<(), Offence> {
        let frame = match header.opcode {
            OpCode::Control(_) => Frame::Control,
            OpCode::Data(_) if header.is_final => Frame::Last,
            OpCode::Data(_) => Frame::Piece,
        };
        if !matches!(frame, Frame::Control) {
            self.fragments += 1;
        }
        if self.fragments > MOST_FRAGMENTS {
            return Err(Offence::Crumbs);
        }
        self.place = Place::Payload { left, frame };
        if left == 0 {
            self.end(frame);
        }
        Ok(())
    }

    fn end(&mut self, frame: Frame) {
        self.place = Place::START;
        if matches!(frame, Frame::Last) {
            self.fragments = 0;
        }
        // What stands between two pieces gives the message no more time.
        if self.fragments == 0 {
            (self.began, self.late) = (None, None);
        }
    }

    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(began) = self.began else {
            return Poll::Pending;
        };
        let late = self
            .late
            .get_or_insert_with(|| Box::pin(sleep_until(began + PATIENCE)));
        late.as_mut().poll(context)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Paced<S> {
    /// Says that nothing more comes, and takes what the other end has sent meanwhile, until it says so, too. Closing with
    /// unread bytes in the way would make the system throw away what was just written.
    pub(super) async fn part(&mut self) -> io::Result<()> {
        self.stream.shutdown().await?;
        let mut unread = vec![0; 16 * 1024];
        while self.stream.read(&mut unread).await? > 0 {}
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read
            && let Err(offence) = self.follow(&buffer.filled()[before..])
        {
            return Poll::Ready(Err(io::Error::other(offence)));
        }
        // Whoever sends a byte whenever one is looked for is late, too.
        if !matches!(read, Poll::Ready(Err(_))) && self.poll_late(context).is_ready() {
            return Poll::Ready(Err(io::Error::other(Offence::Slow)));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
