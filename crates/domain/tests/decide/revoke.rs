//! Which links can still be ended.

use crate::fixtures::{
    BY_AGENT, HOUR, KEY, after, granted, happened, plain, refusal, sealed, unchanged,
};
use std::sync::Arc;
use wicketgate_domain::{
    Actor, Timestamp,
    decide::link::revoke,
    event::{Event, LinkChange},
    link::{Link, LinkState},
};

#[test]
fn a_valid_link_is_revoked_by_whoever_asks() {
    for link in [plain(), sealed()] {
        for by in [BY_AGENT, Actor::Key(KEY), Actor::Server] {
            let revoked = Link {
                revoked_at: Some(after(9)),
                rev: 8,
                ..link.clone()
            };
            let (answer, write, told) = granted(revoke(link.clone(), by, after(9)));
            assert_eq!((&answer, &write), (&revoked, &revoked));
            let event = Event::Link {
                change: LinkChange::Revoked,
                link: Arc::new(revoked),
            };
            assert_eq!(told, happened(by, after(9), vec![event]));
        }
    }
}

#[test]
fn a_revoked_link_stays_as_it_is() {
    let revoked = Link {
        revoked_at: Some(after(9)),
        ..plain()
    };
    for now in [after(10), after(2 * HOUR)] {
        let answer = unchanged(revoke(revoked.clone(), BY_AGENT, now));
        assert_eq!(answer, revoked);
    }
}

#[test]
fn a_used_or_expired_link_is_not_revoked() {
    let used = Link {
        used_at: Some(after(3)),
        ..plain()
    };
    let used_and_revoked = Link {
        revoked_at: Some(after(4)),
        ..used.clone()
    };
    for (link, now, why) in [
        (used.clone(), after(5), "NoLongerValid(Used)"),
        (used, after(2 * HOUR), "NoLongerValid(Used)"),
        (used_and_revoked, after(5), "NoLongerValid(Used)"),
        (plain(), after(HOUR), "NoLongerValid(Expired)"),
        (plain(), after(HOUR + 1), "NoLongerValid(Expired)"),
    ] {
        assert_eq!(refusal(&revoke(link, BY_AGENT, now)), why, "{now:?}");
    }
}

#[test]
fn a_link_is_in_the_state_that_its_row_and_the_clock_say() {
    let row = |used: bool, revoked: bool| Link {
        used_at: used.then_some(after(3)),
        revoked_at: revoked.then_some(after(4)),
        ..plain()
    };
    let (before, end) = (after(HOUR - 1), after(HOUR));
    let table: [(bool, bool, Timestamp, LinkState); 8] = [
        (false, false, before, LinkState::Valid),
        (false, false, end, LinkState::Expired),
        (false, true, before, LinkState::Revoked),
        (false, true, end, LinkState::Revoked),
        (true, false, before, LinkState::Used),
        (true, false, end, LinkState::Used),
        (true, true, before, LinkState::Used),
        (true, true, end, LinkState::Used),
    ];
    for (used, revoked, now, state) in table {
        assert_eq!(
            row(used, revoked).state(now),
            state,
            "{used} {revoked} {now:?}"
        );
    }
}
