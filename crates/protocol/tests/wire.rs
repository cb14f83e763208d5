//! The wire to the letter: what other people's programs rely on.

use serde_json::{from_str, from_value, json, to_value};
use wicketgate_domain::{
    Lifetime, Timestamp,
    link::{LinkDraft, LinkError, LinkState},
    seat::SeatClosed as DomainSeatClosed,
};
use wicketgate_protocol::{
    Base64, Code, Instant, Problem,
    frame::{ClientFrame, ServerFrame},
    link::{GenerateRequest, State},
    problem::SeatClosed,
};

fn draft(body: serde_json::Value) -> Result<LinkDraft, String> {
    let request: GenerateRequest = from_value(body).map_err(|error| error.to_string())?;
    LinkDraft::try_from(request).map_err(|error| error.to_string())
}

#[test]
fn a_link_needs_nothing_and_lives_a_day() {
    for body in [json!({}), json!({ "expiryHours": null, "chatId": null })] {
        let draft = draft(body).unwrap();
        assert_eq!(draft.lifetime, Lifetime::DEFAULT);
        assert_eq!((draft.partner, draft.chat_id), (None, None));
    }
}

#[test]
fn a_refused_field_is_named() {
    for (body, said) in [
        (json!({ "expiryHours": 0 }), "expiryHours must be a number"),
        (
            json!({ "expiryHours": 721 }),
            "expiryHours must be a number",
        ),
        (json!({ "partnerId": "me" }), "partnerId is not"),
        (json!({ "chatId": " " }), "chatId must not be empty"),
    ] {
        let error = draft(body).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn bytes_have_one_spelling() {
    let bytes: Base64 = from_str(r#""_-8""#).unwrap();
    assert_eq!(bytes, Base64(vec![0xff, 0xef]));
    for wrong in [r#""/+8""#, r#""_-8=""#, r#""_-9""#, r#""_""#, "7"] {
        assert!(from_str::<Base64>(wrong).is_err(), "{wrong}");
    }
    assert_eq!(format!("{bytes:?}"), "Base64(2 bytes)");
}

#[test]
fn instants_are_rfc_3339_in_utc() {
    let at = Instant(Timestamp::from_millis(1_764_000_000_123));
    let text = to_value(at).unwrap();
    assert_eq!(text, "2025-11-24T16:00:00.123Z");
    assert_eq!(from_value::<Instant>(text).unwrap(), at);
    assert!(from_str::<Instant>(r#""yesterday""#).is_err());
    for (millis, text) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_764_000_000_000, "2025-11-24T16:00:00.000Z"),
        (1_764_000_000_100, "2025-11-24T16:00:00.100Z"),
        (253_370_764_799_999, "9998-12-31T23:59:59.999Z"),
    ] {
        let at = Instant(Timestamp::from_millis(millis));
        assert_eq!(to_value(at).unwrap(), text, "always three digits");
    }
}

#[test]
fn frames_are_told_apart_by_their_type() {
    let typing: ClientFrame = from_value(json!({ "type": "typing", "chat": "c" })).unwrap();
    assert_eq!(
        typing,
        ClientFrame::Typing {
            chat: "c".into(),
            typing: true
        }
    );
    assert!(from_value::<ClientFrame>(json!({ "type": "shout" })).is_err());
    let closed = ServerFrame::Closed {
        chat: "c".into(),
        reason: SeatClosed::Superseded,
    };
    assert_eq!(
        to_value(closed).unwrap(),
        json!({ "type": "closed", "chat": "c", "reason": "superseded" })
    );
}

#[test]
fn every_dead_link_says_its_sentence() {
    for (error, status, sentence, state) in [
        (LinkError::NotFound, 404, "Link not found", State::NotFound),
        (
            LinkError::Used(None),
            410,
            "Link has already been used",
            State::Used,
        ),
        (LinkError::Expired, 410, "Link has expired", State::Expired),
        (
            LinkError::Revoked,
            410,
            "Link has been revoked",
            State::Revoked,
        ),
    ] {
        let problem = Problem::from(error);
        assert_eq!((problem.status, problem.error.as_str()), (status, sentence));
        assert_eq!((problem.state, problem.success), (Some(state), false));
        assert_eq!(state.sentence(), sentence);
    }
    let late = Problem::from(LinkError::NoLongerValid(LinkState::Used));
    assert_eq!((late.status, late.state), (409, Some(State::Used)));
    let own = Problem::from(LinkError::Used(Some(DomainSeatClosed::Superseded)));
    assert_eq!(own.seat_closed, Some(SeatClosed::Superseded));
}

#[test]
fn every_code_has_a_name_of_its_own_and_a_refusing_status() {
    let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
    for code in Code::ALL {
        assert!((400..600).contains(&code.status()), "{}", code.name());
        assert_eq!(to_value(code).unwrap(), code.name());
        let problem = Problem::new(*code, "a sentence about this very case");
        assert_eq!(problem.title, code.title(), "the title is the kind's");
        assert!((1..=30).contains(&code.title().len()), "{}", code.title());
    }
    let titles: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.title()).collect();
    assert_eq!(titles.len(), Code::ALL.len(), "each kind has its own title");
}
