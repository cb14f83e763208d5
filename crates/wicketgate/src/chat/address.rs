//! Whom a typed line reaches. It is fixed before the line is typed, stands in the prompt, and is never guessed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use crate::print::neutral;

/// What a person may type besides text.
const HELP: [&str; 5] = [
    "/to ID     what you type next goes to the chat of that name",
    "/chats     the chats that are open",
    "/help      these lines",
    "//text     sends `/text`: a line that begins with a slash",
    "Ctrl-D     leaves once everything is sent",
];

/// The chats that are open, by the partner's own names for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Chats(Arc<Mutex<BTreeSet<String>>>);

impl Chats {
    pub(super) fn open(&self, chat_id: &str) {
        self.with(|chats| chats.insert(chat_id.to_owned()));
    }

    pub(super) fn end(&self, chat_id: &str) {
        self.with(|chats| chats.remove(chat_id));
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeSet<String>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a typed line turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// To be sent: to the chat of that name, or to the only one.
    Text(Option<String>, String),
    /// Answered here.
    Answer(Vec<String>),
    /// Neither sent nor answered: a sentence says why.
    Refused(String),
}

/// To whom a person is talking.
#[derive(Debug)]
pub(super) struct Addressee {
    /// The chats to choose from; without them there is only one.
    chats: Option<Chats>,
    current: Option<String>,
}

impl Addressee {
    /// The only chat.
    pub(super) const fn only() -> Self {
        Self {
            chats: None,
            current: None,
        }
    }

    /// One of several, to be chosen.
    pub(super) const fn of(chats: Chats) -> Self {
        Self {
            chats: Some(chats),
            current: None,
        }
    }

    /// What stands before the line that is being typed.
    pub(super) fn prompt(&self) -> String {
        match (&self.chats, &self.current) {
            (None, _) => "> ".to_owned(),
            (Some(_), None) => "(to nobody: /to ID) ".to_owned(),
            (Some(_), Some(chat_id)) => format!("{}> ", neutral(chat_id)),
        }
    }

    /// What to do about a line that was typed under the present prompt.
    pub(super) fn typed(&mut self, line: &str) -> Typed {
        if let Some(text) = line.strip_prefix("//") {
            return self.text(&format!("/{text}"));
        }
        let Some(command) = line.strip_prefix('/') else {
            return self.text(line);
        };
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        match name.trim_end() {
            "help" => Typed::Answer(HELP.map(str::to_owned).into()),
            "chats" => Typed::Answer(self.list()),
            "to" => self.to(rest),
            other => Typed::Refused(format!(
                "There is no command /{other}: /help lists them, and // sends a line that begins with a slash."
            )),
        }
    }

    fn text(&self, text: &str) -> Typed {
        let Some(chats) = &self.chats else {
            return Typed::Text(None, text.to_owned());
        };
        match &self.current {
            None => Typed::Refused(
                "Nobody is named, so this was not sent: `/to ID` names the chat, /chats lists them."
                    .to_owned(),
            ),
            Some(chat_id) if chats.with(|chats| chats.contains(chat_id)) => {
                Typed::Text(Some(chat_id.clone()), text.to_owned())
            }
            Some(chat_id) => Typed::Refused(format!(
                "The chat `{chat_id}` has ended, so this was not sent."
            )),
        }
    }

    /// Names are kept in one spelling; whoever types another, or more spaces, means the same chat.
    fn to(&mut self, name: &str) -> Typed {
        let Some(chats) = &self.chats else {
            return Typed::Refused("There is only this one chat.".to_owned());
        };
        let name = wicketgate_text::line(name);
        if chats.with(|chats| chats.contains(&name)) {
            let answer = format!("What you type goes to `{name}`.");
            self.current = Some(name);
            Typed::Answer(vec![answer])
        } else {
            Typed::Refused(format!(
                "There is no chat named `{name}` here: /chats lists them."
            ))
        }
    }

    fn list(&self) -> Vec<String> {
        let Some(chats) = &self.chats else {
            return vec!["There is only this one chat.".to_owned()];
        };
        let list: Vec<_> = chats.with(|chats| {
            let mark = |chat: &String| {
                if self.current.as_ref() == Some(chat) {
                    ">"
                } else {
                    " "
                }
            };
            chats
                .iter()
                .map(|chat| format!("{} {chat}", mark(chat)))
                .collect()
        });
        if list.is_empty() {
            vec!["Nobody is here yet.".to_owned()]
        } else {
            list
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> (Chats, Addressee) {
        let chats = Chats::default();
        for chat in ["Desk", "Desk 7", "Tisch 4 – Grüße", "7 your"] {
            chats.open(chat);
        }
        (chats.clone(), Addressee::of(chats))
    }

    fn to(chat: &str, text: &str) -> Typed {
        Typed::Text(Some(chat.to_owned()), text.to_owned())
    }

    #[test]
    fn a_line_goes_to_the_chat_that_was_named_before_it_was_typed() {
        let (_, mut addressee) = desk();
        assert!(matches!(addressee.typed("hello"), Typed::Refused(_)));
        for chat in ["Desk 7", "Desk", "Tisch 4 – Grüße", "7 your"] {
            assert!(matches!(
                addressee.typed(&format!("/to {chat}")),
                Typed::Answer(_)
            ));
            assert_eq!(addressee.prompt(), format!("{chat}> "));
            assert_eq!(
                addressee.typed("your PIN is 4711"),
                to(chat, "your PIN is 4711")
            );
            assert_eq!(
                addressee.typed("@Desk 7 your PIN"),
                to(chat, "@Desk 7 your PIN"),
                "an @ is text"
            );
        }
        assert!(matches!(addressee.typed("/to nobody"), Typed::Refused(_)));
        assert_eq!(addressee.typed("hi"), to("7 your", "hi"), "still the same");
        addressee.typed("/to   Desk  7  ");
        assert_eq!(addressee.typed("hi"), to("Desk 7", "hi"));
        addressee.typed("/to Tisch 4 – Gru\u{308}ße");
        assert_eq!(addressee.typed("hi"), to("Tisch 4 – Grüße", "hi"));
    }

    #[test]
    fn nothing_that_begins_with_a_slash_is_sent_unless_it_begins_with_two() {
        let (_, mut addressee) = desk();
        addressee.typed("/to Desk");
        for line in [
            "/help", "/chats", "/help ", "/quit", "/", "/to", "/ help", "/HELP",
        ] {
            assert!(!matches!(addressee.typed(line), Typed::Text(..)), "{line}");
        }
        assert_eq!(addressee.typed("//help"), to("Desk", "/help"));
        assert_eq!(addressee.typed("///"), to("Desk", "//"));
        let mut only = Addressee::only();
        assert!(matches!(only.typed("/help"), Typed::Answer(_)));
        assert!(matches!(only.typed("/to Desk"), Typed::Refused(_)));
        assert_eq!(only.typed("hi"), Typed::Text(None, "hi".to_owned()));
        assert_eq!(only.typed("//x"), Typed::Text(None, "/x".to_owned()));
    }

    #[test]
    fn a_chat_that_ended_gets_nothing_and_nobody_takes_its_place() {
        let (chats, mut addressee) = desk();
        addressee.typed("/to Desk 7");
        chats.end("Desk 7");
        assert!(matches!(addressee.typed("your PIN"), Typed::Refused(_)));
        let Typed::Answer(list) = addressee.typed("/chats") else {
            panic!()
        };
        assert!(list.contains(&"  Desk".to_owned()), "{list:?}");
    }
}
