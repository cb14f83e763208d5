//! Messages: sealed one by one under keys from the seat's root, padded, and witnessing what the sender had seen.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    aead,
    encoding::{Malformed, Reader},
    ids::{ChatRef, MessageId, SeatNumber},
    kdf,
    role::Role,
    seat::SeatRoot,
    transcript::{Transcript, Witness},
};

const VERSION: u8 = 1;

/// Plaintexts are padded to a multiple of this many bytes.
const BLOCK: usize = 128;

/// Ends the content; only zeros follow.
const PADDING: u8 = 0x80;

/// What stands before the JSON: the version, and the witness's number and transcript.
const HEAD: usize = 1 + 8 + 32;

/// The greatest length of a text, in bytes of UTF-8 (16 KiB).
pub const LONGEST_TEXT: usize = 16 * 1024;

/// The greatest length of the JSON that is sealed, in bytes of UTF-8 (32 KiB). A text within its own limit may pass
/// this one: JSON takes two bytes for a quotation mark and six for a control character.
pub const LONGEST_JSON: usize = 32 * 1024;

/// The greatest length of a sealed message, in bytes: the longest JSON with what stands around it. Every road to the
/// server takes this much.
pub const LONGEST_SEALED: usize =
    aead::NONCE_LENGTH + (HEAD + LONGEST_JSON + 1).next_multiple_of(BLOCK) + aead::TAG_LENGTH;

/// Why a message was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The text is empty, has more than 16 KiB, or its JSON has more than 32 KiB.
    #[error("a message has between 1 byte and 16 KiB of text, and less of control characters")]
    Length,
    /// There is nothing to see in the text.
    #[error("the message shows nothing: it has only spaces and invisible characters")]
    Blank,
    /// It doesn't open: it belongs to another chat, seat, sender or message, or was changed.
    #[error("the message does not open")]
    Unopened,
    /// It opens, but what is inside isn't a message of a version that is known here.
    #[error("the message has no content that can be read")]
    Malformed,
}

impl From<Malformed> for MessageError {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}

/// Where a message belongs. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The chat.
    pub chat_ref: ChatRef,
    /// The seat in the chat.
    pub seat: SeatNumber,
    /// Who sent it.
    pub role: Role,
    /// The message's own name.
    pub message: MessageId,
}

impl Place {
    fn associated(&self) -> [u8; 38] {
        let mut bytes = [0; 38];
        bytes[0] = VERSION;
        bytes[1..17].copy_from_slice(self.chat_ref.as_bytes());
        bytes[17..21].copy_from_slice(&self.seat.to_be_bytes());
        bytes[21] = self.role.byte();
        bytes[22..].copy_from_slice(self.message.as_bytes());
        bytes
    }
}

/// The text of a message. One to send is neither empty nor beyond a limit; a received one is as the peer wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageText(Zeroizing<String>);

impl MessageText {
    /// Takes a text to send. Whatever is taken here can be sent.
    ///
    /// # Errors
    /// [`MessageError::Length`] or [`MessageError::Blank`].
    pub fn parse(text: &str) -> Result<Self, MessageError> {
        if text.is_empty() || text.len() > LONGEST_TEXT {
            return Err(MessageError::Length);
        }
        if wicketgate_text::is_blank(text) {
            return Err(MessageError::Blank);
        }
        let text = Self(Zeroizing::new(text.to_owned()));
        if to_json(&text).len() > LONGEST_JSON {
            return Err(MessageError::Length);
        }
        Ok(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for MessageText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MessageText(…)")
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(MessageText),
    /// A kind that this version doesn't know, to be shown as "a newer kind of message".
    Newer,
}

/// An opened message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// What the sender had seen when it was written.
    pub witness: Witness,
    /// What it says.
    pub content: Content,
}

/// Seals a text. Keep the result until the server has it: a retry sends the same bytes.
#[must_use]
pub fn seal(
    root: &SeatRoot,
    place: &Place,
    witness: &Witness,
    text: &MessageText,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    seal_json(root, place, witness, &to_json(text), rng)
}

/// Opens a message.
///
/// # Errors
/// [`MessageError::Unopened`] or [`MessageError::Malformed`]; the messages after it are not affected.
pub fn open(root: &SeatRoot, place: &Place, body: &[u8]) -> Result<Opened, MessageError> {
    let (witness, json) = open_json(root, place, body)?;
    Ok(Opened {
        witness,
        content: parse_json(&json)?,
    })
}

pub(crate) fn key(root: &SeatRoot, place: &Place) -> Zeroizing<[u8; 32]> {
    kdf::derive(
        root.expose(),
        "message",
        &[&[place.role.byte()], place.message.as_bytes()],
    )
}

pub(crate) fn seal_json(
    root: &SeatRoot,
    place: &Place,
    witness: &Witness,
    json: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let length = (HEAD + json.len() + 1).next_multiple_of(BLOCK);
    let mut plain = Zeroizing::new(Vec::with_capacity(length));
    plain.push(VERSION);
    plain.extend_from_slice(&witness.number.to_be_bytes());
    plain.extend_from_slice(witness.transcript.as_bytes());
    plain.extend_from_slice(json);
    plain.push(PADDING);
    plain.resize(length, 0);
    aead::seal(&key(root, place), &plain, &place.associated(), rng)
}

pub(crate) fn open_json(
    root: &SeatRoot,
    place: &Place,
    body: &[u8],
) -> Result<(Witness, Zeroizing<Vec<u8>>), MessageError> {
    let plain = aead::open(&key(root, place), body, &place.associated())
        .map_err(|_| MessageError::Unopened)?;
    let mut reader = Reader::new(without_padding(&plain)?);
    if reader.u8()? != VERSION {
        return Err(MessageError::Malformed);
    }
    let witness = Witness {
        number: reader.u64()?,
        transcript: Transcript::from_bytes(reader.array()?),
    };
    Ok((witness, Zeroizing::new(reader.rest().to_vec())))
}

/// Takes off 0x80 and the zeros after it, of which there are fewer than a block.
fn without_padding(plain: &[u8]) -> Result<&[u8], MessageError> {
    let end = plain
        .iter()
        .rposition(|byte| *byte != 0)
        .ok_or(MessageError::Malformed)?;
    let whole_blocks = plain.len().is_multiple_of(BLOCK);
    if plain[end] != PADDING || !whole_blocks || plain.len() - end > BLOCK {
        return Err(MessageError::Malformed);
    }
    Ok(&plain[..end])
}

fn to_json(MessageText(text): &MessageText) -> Zeroizing<Vec<u8>> {
    #[derive(Serialize)]
    struct Json<'a> {
        r#type: &'static str,
        text: &'a str,
    }
    // Escapes make a text at most six times as long; the capacity keeps copies of it from staying behind.
    let mut json = Zeroizing::new(Vec::with_capacity(6 * text.len() + 32));
    #[expect(
        clippy::expect_used,
        reason = "two strings serialise, and a Vec takes any bytes"
    )]
    serde_json::to_writer(
        &mut *json,
        &Json {
            r#type: "text",
            text,
        },
    )
    .expect("strings serialise");
    json
}

fn parse_json(json: &[u8]) -> Result<Content, MessageError> {
    #[derive(Deserialize)]
    struct Kind {
        r#type: String,
    }
    #[derive(Deserialize)]
    struct Text {
        text: String,
    }
    let kind: Kind = serde_json::from_slice(json).map_err(|_| MessageError::Malformed)?;
    if kind.r#type != "text" {
        return Ok(Content::Newer);
    }
    let Text { text } = serde_json::from_slice(json).map_err(|_| MessageError::Malformed)?;
    Ok(Content::Text(MessageText(Zeroizing::new(text))))
}
