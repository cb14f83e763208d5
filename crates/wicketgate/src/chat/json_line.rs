//! What a program writes: one JSON object a line, or, where there is only one chat, plain text.

use serde::Deserialize;
use wicketgate_client::{
    Error, LineError,
    live::{Line, MessageText},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JsonLine {
    chat_id: Option<String>,
    text: Option<String>,
    cid: Option<String>,
    id: Option<String>,
    seen: Option<u64>,
}

/// Reads a line. Where several chats are attended, each names its own.
pub(super) fn parse(line: &str, has_many: bool) -> Result<Line, Error> {
    if !has_many && !line.starts_with('{') {
        return Ok(Line::saying(MessageText::parse(line)?));
    }
    let unreadable = |reason: &str| Error::from(LineError::Unreadable(reason.to_owned()));
    let parsed: JsonLine =
        serde_json::from_str(line).map_err(|error| unreadable(&error.to_string()))?;
    if has_many && parsed.chat_id.is_none() {
        return Err(LineError::NoChat.into());
    }
    if parsed.text.is_none() && parsed.seen.is_none() {
        return Err(unreadable("it has neither `text` nor `seen`"));
    }
    if parsed.text.is_none() && parsed.cid.is_some() {
        return Err(unreadable("`cid` names a `text`, and there is none"));
    }
    let cid = match &parsed.cid {
        Some(cid) => Some(
            cid.parse()
                .map_err(|_| unreadable("`cid` must be a UUID"))?,
        ),
        None => None,
    };
    let text = match &parsed.text {
        Some(text) => Some(MessageText::parse(text)?),
        None => None,
    };
    Ok(Line {
        chat_id: parsed.chat_id,
        text,
        cid,
        id: parsed.id,
        seen: parsed.seen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str, has_many: bool) -> String {
        parse(line, has_many).unwrap_err().to_string()
    }

    #[test]
    fn a_line_names_its_chat_and_what_it_says() {
        let line = parse(
            r#"{"chatId":"Desk 7","text":"two\nlines","cid":"8C8B5CD2-0A0A-4B4B-8C8C-0D0D0D0D0D0D","id":"a","seen":4}"#,
            true,
        )
        .unwrap();
        assert_eq!(line.chat_id.as_deref(), Some("Desk 7"));
        assert_eq!(line.text.unwrap().as_str(), "two\nlines");
        assert_eq!(
            line.cid.unwrap().to_string(),
            "8c8b5cd2-0a0a-4b4b-8c8c-0d0d0d0d0d0d"
        );
        assert_eq!((line.id.as_deref(), line.seen), (Some("a"), Some(4)));
        let line = parse(r#"{"chatId":"c","seen":1}"#, true).unwrap();
        assert!(line.text.is_none());
    }

    #[test]
    fn a_line_without_a_chat_is_refused_where_there_are_several() {
        for line in [r#"{"text":"hi"}"#, r#"{"chatId":null,"text":"hi"}"#] {
            assert_eq!(
                refused(line, true),
                "The line does not say to which chat it goes."
            );
            assert!(parse(line, false).is_ok(), "there is only one");
        }
        assert!(refused("hi", true).starts_with("The line was not understood"));
    }

    #[test]
    fn an_unknown_member_is_named() {
        for member in ["chat", "chat_id", "message", "Text", "seq"] {
            let line = format!(r#"{{"chatId":"c","text":"hi","{member}":1}}"#);
            assert!(refused(&line, true).contains(&format!("`{member}`")));
        }
    }

    #[test]
    fn text_that_could_be_a_damaged_object_is_never_sent() {
        assert_eq!(
            parse("hello {", false).unwrap().text.unwrap().as_str(),
            "hello {"
        );
        for line in [
            "{",
            "{}",
            r#"{"text":"#,
            r#"{"text":"a"} x"#,
            r#"{"text":"a","text":"b"}"#,
            r#"{"text":4}"#,
            r#"{"text":""}"#,
            r#"{"cid":"8c8b5cd2-0a0a-4b4b-8c8c-0d0d0d0d0d0d","seen":1}"#,
            r#"{"text":"a","cid":"1"}"#,
            r#"{"text":"a","seen":-1}"#,
        ] {
            assert!(parse(line, false).is_err(), "{line}");
            assert!(parse(line, true).is_err(), "{line}");
        }
    }
}
