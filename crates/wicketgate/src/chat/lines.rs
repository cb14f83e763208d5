//! Events for programs: one JSON object a line.

use serde::Serialize;
use wicketgate_client::{
    Error, Side, State,
    live::{Content, Event, Incoming, Status},
};

use crate::print;

#[derive(Serialize)]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum Line<'a> {
    Ready {
        chat_id: Option<&'a str>,
    },
    Message {
        chat_id: &'a str,
        from: Side,
        seq: u64,
        text: &'a str,
    },
    Status {
        cid: String,
        status: &'static str,
    },
    Ended {
        chat_id: &'a str,
    },
    Problem {
        error: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<State>,
        #[serde(skip_serializing_if = "Option::is_none")]
        chat_id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cid: Option<String>,
    },
}

/// Prints what a program wants to know of an event.
pub(super) fn show(event: &Event) {
    match event {
        Event::Ready { chat_id } => print::json(&Line::Ready {
            chat_id: chat_id.as_deref(),
        }),
        Event::Message(incoming) => message(incoming),
        Event::Status { cid, status } => {
            print::json(&Line::Status {
                cid: cid.to_string(),
                status: word(*status),
            });
        }
        Event::Ended { chat_id, .. } => print::json(&Line::Ended { chat_id }),
        Event::Problem {
            chat_id,
            cid,
            error,
        } => {
            problem(chat_id.as_deref(), cid.map(|cid| cid.to_string()), error);
        }
        _ => {}
    }
}

/// Prints that something did not work.
pub(super) fn problem(chat_id: Option<&str>, cid: Option<String>, error: &Error) {
    print::json(&Line::Problem {
        error: error.to_string(),
        state: error.state(),
        chat_id,
        cid,
    });
}

fn message(incoming: &Incoming) {
    let Incoming {
        chat_id, from, seq, ..
    } = incoming;
    let complain = |error: &str| {
        let error = error.to_owned();
        print::json(&Line::Problem {
            error,
            state: None,
            chat_id: Some(chat_id),
            cid: None,
        });
    };
    if incoming.differs {
        complain("This history differs from what the other side saw.");
    }
    match &incoming.content {
        Some(Content::Text(text)) => {
            print::json(&Line::Message {
                chat_id,
                from: *from,
                seq: *seq,
                text: text.as_str(),
            });
        }
        Some(Content::Newer) => complain(&format!(
            "Message {seq} is of a newer kind than this program knows."
        )),
        None => complain(&format!("Message {seq} does not open.")),
    }
}

/// How far a message came, in one word.
pub(super) const fn word(status: Status) -> &'static str {
    match status {
        Status::Sent => "sent",
        Status::Delivered => "delivered",
        Status::Read => "read",
    }
}
