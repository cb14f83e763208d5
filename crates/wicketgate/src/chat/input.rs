//! Standard input: each line becomes a message.

use std::{
    io::{self, BufRead as _},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use serde::Deserialize;
use wicketgate_client::{
    Error,
    live::{MessageText, Writer},
};

use super::refuse_line;

/// How a line says to which chat it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addressing {
    /// There is only one.
    OnlyOne,
    /// `{"chat": ID, "text": …}`.
    ByJson,
    /// `@ID text`, or to whoever wrote last.
    ByName,
}

/// The chat that the last message came from.
#[derive(Debug, Clone, Default)]
pub(super) struct Latest(Arc<Mutex<Option<String>>>);

impl Latest {
    /// A message came from this chat.
    pub(super) fn set(&self, chat_id: &str) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.as_deref() != Some(chat_id) {
            *latest = Some(chat_id.to_owned());
        }
    }

    fn name(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[derive(Deserialize)]
struct JsonLine {
    chat: String,
    text: String,
}

/// Reads standard input on a thread of its own, which the end of the program ends. Lines that can't be sent are told as
/// JSON where everything is.
pub(super) fn start(writer: Writer, addressing: Addressing, is_json: bool) -> Latest {
    let latest = Latest::default();
    let read = latest.clone();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            // An input that can't be read has ended.
            if input.read_until(b'\n', &mut bytes).unwrap_or(0) == 0 {
                return;
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.trim().is_empty() {
                continue;
            }
            match address(line, addressing, &read) {
                Ok((chat, text)) => {
                    if writer.write_blocking(chat.as_deref(), text).is_err() {
                        return;
                    }
                }
                Err(error) => refuse_line(is_json, &error),
            }
        }
    });
    latest
}

fn address(
    line: &str,
    addressing: Addressing,
    latest: &Latest,
) -> Result<(Option<String>, MessageText), Error> {
    match addressing {
        Addressing::OnlyOne => Ok((None, MessageText::parse(line)?)),
        Addressing::ByJson => {
            let line: JsonLine = serde_json::from_str(line).map_err(|_| {
                Error::Invalid("A line must be {\"chat\": ID, \"text\": …}.".into())
            })?;
            Ok((Some(line.chat), MessageText::parse(&line.text)?))
        }
        Addressing::ByName => {
            let named = line.strip_prefix('@').and_then(|line| line.split_once(' '));
            if let Some((chat, text)) = named {
                return Ok((Some(chat.to_owned()), MessageText::parse(text)?));
            }
            let chat = latest.name().ok_or_else(|| {
                Error::Invalid("Nobody has written yet: name the chat, like `@ID hello`.".into())
            })?;
            Ok((Some(chat), MessageText::parse(line)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addressed(
        line: &str,
        addressing: Addressing,
        latest: &Latest,
    ) -> Option<(Option<String>, String)> {
        let (chat, text) = address(line, addressing, latest).ok()?;
        Some((chat, text.as_str().to_owned()))
    }

    #[test]
    fn a_line_finds_its_chat() {
        let latest = Latest::default();
        let to = |chat: &str, text: &str| Some((Some(chat.to_owned()), text.to_owned()));
        assert_eq!(
            addressed("@a b", Addressing::OnlyOne, &latest),
            Some((None, "@a b".into()))
        );
        assert_eq!(
            addressed(
                r#"{"chat":"t 4","text":"hi\nyou"}"#,
                Addressing::ByJson,
                &latest
            ),
            to("t 4", "hi\nyou")
        );
        assert_eq!(addressed("hi", Addressing::ByJson, &latest), None);
        assert_eq!(addressed("hi", Addressing::ByName, &latest), None);
        assert_eq!(
            addressed("@t4 hi there", Addressing::ByName, &latest),
            to("t4", "hi there")
        );
        latest.set("t5");
        assert_eq!(addressed("hi", Addressing::ByName, &latest), to("t5", "hi"));
        let long = "x".repeat(16 * 1024 + 1);
        assert_eq!(addressed(&long, Addressing::OnlyOne, &latest), None);
    }
}
