//! Events for programs: one JSON object a line. `docs/bots.md` describes them.

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::Serialize;
use wicketgate_client::{
    Device, Error, SeatClosed, Side, State,
    live::{Content, Event, Incoming, LinkKind, Progress, Status, Trouble, Way},
};

use crate::print;

/// Times have milliseconds, always.
const TIMES: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

#[derive(Serialize)]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum Line<'a> {
    Connection {
        connected: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<&'static str>,
    },
    Ready {
        chat_id: Option<&'a str>,
    },
    Arrived {
        chat_id: &'a str,
        seat: u32,
        link: &'static str,
        device: Device,
    },
    Presence {
        chat_id: &'a str,
        online: bool,
    },
    Message {
        chat_id: &'a str,
        from: Side,
        seq: u64,
        at: String,
        cid: String,
        seat: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<&'static str>,
        text: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        again: bool,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        seen: bool,
    },
    Status {
        chat_id: &'a str,
        cid: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        status: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
    },
    Ended {
        chat_id: &'a str,
        reason: &'static str,
    },
    Waiting {
        unsent: usize,
    },
    Problem(Problem<'a>),
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    code: &'static str,
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsent: Option<usize>,
}

/// Prints what a program wants to know of an event.
pub(super) fn show(event: &Event) {
    match event {
        Event::Connection(way) => print::json(&Line::Connection {
            connected: way.is_some(),
            by: way.map(way_word),
        }),
        Event::Ready { chat_id } => print::json(&Line::Ready {
            chat_id: chat_id.as_deref(),
        }),
        Event::Arrived {
            chat_id,
            seat,
            link,
            device,
        } => print::json(&Line::Arrived {
            chat_id,
            seat: *seat,
            link: link_word(*link),
            device: *device,
        }),
        Event::Presence { chat_id, online } => print::json(&Line::Presence {
            chat_id,
            online: *online,
        }),
        Event::Message(incoming) => message(incoming),
        Event::Status(progress) => status(progress),
        Event::Ended { chat_id, reason } => print::json(&Line::Ended {
            chat_id,
            reason: closed_word(*reason),
        }),
        Event::Problem(trouble) => tell(trouble),
        _ => {}
    }
}

/// Prints why the program ends.
pub(super) fn failure(error: &Error) {
    print::json(&Line::Problem(Problem::of(error)));
}

/// Prints that a line of the input can't be followed.
pub(super) fn bad_line(error: &Error, line: u64) {
    print::json(&Line::Problem(Problem {
        line: Some(line),
        ..Problem::of(error)
    }));
}

/// Prints that the end waits for acknowledgements.
pub(super) fn waiting(unsent: usize) {
    print::json(&Line::Waiting { unsent });
}

/// Prints that not everything was sent.
pub(super) fn unsent(sentence: String, unsent: usize) {
    print::json(&Line::Problem(Problem {
        code: "unsent",
        error: sentence,
        unsent: Some(unsent),
        ..Problem::default()
    }));
}

impl<'a> Problem<'a> {
    fn of(error: &Error) -> Self {
        Self {
            code: error.name(),
            error: error.to_string(),
            state: error.state(),
            ..Self::default()
        }
    }

    fn at(incoming: &'a Incoming, code: &'static str, error: String) -> Self {
        Self {
            code,
            error,
            chat_id: Some(&incoming.chat_id),
            seq: Some(incoming.seq),
            ..Self::default()
        }
    }
}

fn tell(trouble: &Trouble) {
    print::json(&Line::Problem(Problem {
        chat_id: trouble.chat_id.as_deref(),
        cid: trouble.cid.map(|cid| cid.to_string()),
        id: trouble.id.as_deref(),
        ..Problem::of(&trouble.error)
    }));
}

fn status(progress: &Progress) {
    print::json(&Line::Status {
        chat_id: &progress.chat_id,
        cid: progress.cid.to_string(),
        id: progress.id.as_deref(),
        status: word(progress.status),
        seq: progress.seq,
    });
}

fn message(incoming: &Incoming) {
    let seq = incoming.seq;
    let complain = |code, error: String| {
        print::json(&Line::Problem(Problem::at(incoming, code, error)));
    };
    if incoming.differs {
        complain(
            "differs",
            "This history differs from what the other side saw.".to_owned(),
        );
    }
    match &incoming.content {
        Some(Content::Text(text)) => {
            print::json(&Line::Message {
                chat_id: &incoming.chat_id,
                from: incoming.from,
                seq,
                at: time(incoming.at),
                cid: incoming.cid.to_string(),
                seat: incoming.seat,
                link: incoming.link.map(link_word),
                text: text.as_str(),
                again: incoming.again,
                seen: incoming.seen,
            });
        }
        Some(Content::Newer) => complain(
            "newer_kind",
            format!("Message {seq} is of a newer kind than this program knows."),
        ),
        None => complain("unopened", format!("Message {seq} does not open.")),
    }
}

/// A time in RFC 3339; one that no calendar knows is the beginning of all of them.
fn time(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    TIMES.timestamp_to_string(&at)
}

/// How far a message came, in one word.
pub(super) const fn word(status: Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Sent => "sent",
        Status::Delivered => "delivered",
        Status::Read => "read",
    }
}

const fn link_word(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Desk => "desk",
        LinkKind::Key => "key",
        LinkKind::Plain => "plain",
    }
}

/// The words of `docs/bots.md`, which stay as they are whatever the wire calls it.
const fn closed_word(reason: SeatClosed) -> &'static str {
    match reason {
        SeatClosed::Superseded => "replaced",
        SeatClosed::ChatEnded => "ended",
    }
}

const fn way_word(way: Way) -> &'static str {
    match way {
        Way::Socket => "socket",
        Way::Polling => "polling",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_digits_behind_the_second() {
        assert_eq!(time(1_795_974_933_123), "2026-11-29T17:55:33.123Z");
        assert_eq!(time(1_795_974_933_000), "2026-11-29T17:55:33.000Z");
        assert_eq!(time(0), "1970-01-01T00:00:00.000Z");
    }
}
