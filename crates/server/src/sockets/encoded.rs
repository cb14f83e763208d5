//! Messages as frames, written once for all who read them.

use std::sync::{Arc, Mutex, PoisonError};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use wicketgate_domain::{message::Message, side::Side};
use wicketgate_protocol::{frame::ServerFrame, message::Message as WireMessage};

/// How many messages are remembered. Readers of one message come to it within moments of each other.
const REMEMBERED: usize = 32;

/// The last few messages with their frames. A frame that a thousand readers get is written once for each side and
/// shared: the author is in that of the agents alone.
#[derive(Debug, Default)]
pub(crate) struct Encoded([Mutex<Option<Written>>; REMEMBERED]);

/// A message, whom its frame is for, and the frame.
type Written = (Arc<Message>, Side, Utf8Bytes);

impl Encoded {
    /// The frame of this message for that side.
    pub(crate) fn message(&self, message: &Arc<Message>, side: Side) -> Utf8Bytes {
        let slot = usize::from(message.chat.as_bytes()[0])
            .wrapping_add(low_byte(message.seq))
            .wrapping_add(usize::from(side.role()));
        let mut slot = self.0[slot % REMEMBERED]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((known, whom, text)) if *whom == side && Arc::ptr_eq(known, message) => {
                text.clone()
            }
            _ => {
                let text = frame(&ServerFrame::Message(WireMessage::for_side(message, side)));
                *slot = Some((message.clone(), side, text.clone()));
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
    use wicketgate_domain::{AgentId, ChatRef, Cid, Hash, Timestamp, seat::SeatNumber};

    fn message(seq: u64) -> Arc<Message> {
        Arc::new(Message {
            chat: ChatRef::from_bytes([1; 16]),
            seq,
            seat: SeatNumber(1),
            from: Side::Partner,
            author: Some(AgentId::from_bytes([4; 16])),
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
        let text = encoded.message(&first, Side::Partner);
        let again = encoded.message(&first, Side::Partner);
        assert_eq!(again.as_ptr(), text.as_ptr());
    }

    #[test]
    fn messages_that_share_a_place_are_not_mixed_up() {
        let encoded = Encoded::default();
        let (one, other) = (message(1), message(1 + REMEMBERED as u64));
        for _ in 0..2 {
            let frame = |message| encoded.message(message, Side::Partner);
            assert!(frame(&one).contains("\"seq\":1,"));
            assert!(frame(&other).contains("\"seq\":33,"));
        }
    }

    #[test]
    fn the_author_never_reaches_a_customer() {
        let encoded = Encoded::default();
        // The neighbour in the row of places is the one that the other side's frame of the message before goes to.
        for (first, second) in [(message(1), message(1)), (message(2), message(1))] {
            for _ in 0..2 {
                assert!(encoded.message(&first, Side::Partner).contains("author"));
                assert!(encoded.message(&second, Side::Partner).contains("author"));
                assert!(!encoded.message(&first, Side::Customer).contains("author"));
                assert!(!encoded.message(&second, Side::Customer).contains("author"));
            }
        }
    }
}
