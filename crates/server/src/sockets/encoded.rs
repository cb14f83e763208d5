//! Messages as frames, written once for all who read them.

use std::sync::{Arc, Mutex, PoisonError};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use wicketgate_domain::message::Message;
use wicketgate_protocol::frame::ServerFrame;

/// How many messages are remembered. Readers of one message come to it within moments of each other.
const REMEMBERED: usize = 32;

/// The last few messages with their frames. A frame that a thousand readers get is written once and shared.
#[derive(Debug, Default)]
pub(crate) struct Encoded([Mutex<Option<Written>>; REMEMBERED]);

/// A message and its frame.
type Written = (Arc<Message>, Utf8Bytes);

impl Encoded {
    /// The frame of this message.
    pub(crate) fn message(&self, message: &Arc<Message>) -> Utf8Bytes {
        let slot = usize::from(message.chat.as_bytes()[0]).wrapping_add(low_byte(message.seq));
        let mut slot = self.0[slot % REMEMBERED]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((known, text)) if Arc::ptr_eq(known, message) => text.clone(),
            _ => {
                let text = frame(&ServerFrame::Message((&**message).into()));
                *slot = Some((message.clone(), text.clone()));
                text
            }
        }
    }
}

fn low_byte(seq: u64) -> usize {
    usize::from(seq.to_le_bytes()[0])
}

/// A frame as it goes out.
pub(crate) fn frame(frame: &ServerFrame) -> Utf8Bytes {
    match serde_json::to_string(frame) {
        Ok(text) => text.into(),
        Err(error) => {
            // Only an instant outside the calendar can't be written, and no clock gives one.
            tracing::error!(%error, "a frame could not be written");
            Utf8Bytes::from_static(r#"{"type":"resync"}"#)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wicketgate_domain::{ChatRef, Cid, Hash, Timestamp, seat::SeatNumber, side::Side};

    fn message(seq: u64) -> Arc<Message> {
        Arc::new(Message {
            chat: ChatRef::from_bytes([1; 16]),
            seq,
            seat: SeatNumber(1),
            from: Side::Partner,
            cid: Cid::from_bytes([2; 16]),
            body: vec![3; 156].into(),
            at: Timestamp::from_millis(0),
            transcript: Hash::of(b""),
        })
    }

    #[test]
    fn a_message_is_written_once_for_all_its_readers() {
        let encoded = Encoded::default();
        let first = message(1);
        let text = encoded.message(&first);
        assert_eq!(encoded.message(&first).as_ptr(), text.as_ptr());
    }

    #[test]
    fn messages_that_share_a_place_are_not_mixed_up() {
        let encoded = Encoded::default();
        let (one, other) = (message(1), message(1 + REMEMBERED as u64));
        for _ in 0..2 {
            assert!(encoded.message(&one).contains("\"seq\":1,"));
            assert!(encoded.message(&other).contains("\"seq\":33,"));
        }
    }
}
