//! Who may make a link, and what it is then.

use crate::fixtures::{
    AGENT, BY_AGENT, HOUR, KEY, MADE, OTHER_PARTNER, PARTNER, after, chat_id, chat_ref, granted,
    happened, hash, plain, refusal, sealed, unchanged,
};
use std::sync::Arc;
use wicketgate_domain::{
    Actor, Hash, LinkRef,
    decide::link::{ChatForLink, CreateFacts, CreateWrite, create},
    event::{Event, LinkChange},
    link::{Link, LinkKind, NewLink},
};

fn new(kind: LinkKind, by: Actor) -> NewLink {
    NewLink {
        id_hash: hash("link"),
        link_ref: LinkRef::from_bytes([5; 16]),
        partner: PARTNER,
        chat_id: chat_id(),
        kind,
        by,
        may_reopen: true,
        content: hash("content"),
        now: MADE,
        expires_at: after(HOUR),
    }
}

/// What lets a sealed link be made to a chat that is not there yet.
fn facts() -> CreateFacts {
    CreateFacts {
        stored: None,
        made_a_seat: false,
        has_partner: true,
        has_epoch: true,
        chat: None,
    }
}

const fn chat(seats: u32, ended: bool) -> ChatForLink {
    ChatForLink { seats, ended }
}

/// Asserts that the link is made so, by that actor.
fn made(new: &NewLink, facts: CreateFacts, makes_chat: bool) -> Link {
    let (answer, write, told) = granted(create(new, facts));
    let expected = CreateWrite {
        link: answer.clone(),
        content: new.content,
        makes_chat,
    };
    assert_eq!(write, expected);
    let event = Event::Link {
        change: LinkChange::Created,
        link: Arc::new(answer.clone()),
    };
    assert_eq!(told, happened(new.by, new.now, vec![event]));
    answer
}

#[test]
fn a_link_is_made_of_what_was_asked_for() {
    for kind in [plain().kind, sealed().kind] {
        let link = made(&new(kind.clone(), BY_AGENT), facts(), true);
        let expected = Link {
            link_ref: LinkRef::from_bytes([5; 16]),
            id_hash: hash("link"),
            partner: PARTNER,
            chat: chat_ref(),
            chat_id: chat_id(),
            kind,
            made_by_key: false,
            created_at: MADE,
            expires_at: after(HOUR),
            used_at: None,
            revoked_at: None,
            device: None,
            later_attempts: 0,
            rev: 1,
        };
        assert_eq!(link, expected);
    }
}

#[test]
fn only_a_key_makes_links_that_no_agent_can_show() {
    for (by, made_by_key) in [
        (Actor::Key(KEY), true),
        (Actor::Agent(AGENT), false),
        (Actor::Server, false),
    ] {
        let link = made(&new(LinkKind::Plain, by), facts(), true);
        assert_eq!(link.made_by_key, made_by_key, "{by:?}");
    }
}

#[test]
fn a_chat_is_made_with_its_first_link_only() {
    for (found, makes_chat) in [
        (None, true),
        (Some(chat(0, false)), false),
        (Some(chat(1, false)), false),
        (Some(chat(9, false)), false),
    ] {
        let facts = CreateFacts {
            chat: found,
            ..facts()
        };
        made(&new(LinkKind::Plain, BY_AGENT), facts, makes_chat);
    }
}

#[test]
fn a_link_that_may_not_be_made_is_refused_with_its_reason() {
    let without = |facts: CreateFacts, why| {
        // A plain link and a sealed one, for a caller who may reopen chats and one who may not.
        move |kind: LinkKind, may_reopen| {
            let new = NewLink {
                may_reopen,
                ..new(kind, BY_AGENT)
            };
            assert_eq!(refusal(&create(&new, facts.clone())), why, "{new:?}");
        }
    };
    let every = |facts: CreateFacts, why| {
        let refused = without(facts, why);
        for may_reopen in [true, false] {
            refused(LinkKind::Plain, may_reopen);
            refused(sealed().kind, may_reopen);
        }
    };
    every(
        CreateFacts {
            made_a_seat: true,
            ..facts()
        },
        "OtherContent",
    );
    every(
        CreateFacts {
            has_partner: false,
            ..facts()
        },
        "NotFound",
    );
    every(
        CreateFacts {
            chat: Some(chat(0, true)),
            ..facts()
        },
        "ChatEnded",
    );
    every(
        CreateFacts {
            chat: Some(chat(3, true)),
            ..facts()
        },
        "ChatEnded",
    );
    for seats in [1, 2, 9] {
        let entered = CreateFacts {
            chat: Some(chat(seats, false)),
            ..facts()
        };
        let refused = without(entered, "ScopeRequired(LinksExisting)");
        refused(LinkKind::Plain, false);
        refused(sealed().kind, false);
    }
}

#[test]
fn a_sealed_link_names_an_epoch_of_its_partner() {
    for may_reopen in [true, false] {
        let unknown = CreateFacts {
            has_epoch: false,
            ..facts()
        };
        let new = NewLink {
            may_reopen,
            ..new(sealed().kind, BY_AGENT)
        };
        assert_eq!(refusal(&create(&new, unknown)), "UnknownEpoch");
    }
}

#[test]
fn a_plain_link_needs_no_epoch_and_a_new_chat_no_scope() {
    let unknown = CreateFacts {
        has_epoch: false,
        ..facts()
    };
    made(&new(LinkKind::Plain, BY_AGENT), unknown, true);
    for found in [None, Some(chat(0, false))] {
        let makes_chat = found.is_none();
        let facts = CreateFacts {
            chat: found,
            ..facts()
        };
        let new = NewLink {
            may_reopen: false,
            ..new(LinkKind::Plain, BY_AGENT)
        };
        made(&new, facts, makes_chat);
    }
}

/// A row of the same id, and facts that would refuse any new one.
fn stored(link: &Link, content: Hash) -> CreateFacts {
    CreateFacts {
        stored: Some((link.clone(), content)),
        made_a_seat: true,
        has_partner: false,
        has_epoch: false,
        chat: Some(chat(3, true)),
    }
}

#[test]
fn a_repeated_call_gets_the_stored_row_whatever_became_of_it() {
    let again = NewLink {
        link_ref: LinkRef::from_bytes([9; 16]),
        now: after(5),
        may_reopen: false,
        ..new(sealed().kind, BY_AGENT)
    };
    let used = Link {
        used_at: Some(after(3)),
        ..sealed()
    };
    for link in [plain(), sealed(), used] {
        let answer = unchanged(create(&again, stored(&link, hash("content"))));
        assert_eq!(answer, link);
    }
}

#[test]
fn an_id_is_bound_to_its_content_and_its_partner() {
    let new = new(LinkKind::Plain, BY_AGENT);
    let others = Link {
        partner: OTHER_PARTNER,
        ..plain()
    };
    for (link, content) in [
        (plain(), hash("another content")),
        (others.clone(), hash("content")),
        (others, hash("another content")),
    ] {
        let decision = create(&new, stored(&link, content));
        assert_eq!(refusal(&decision), "OtherContent");
    }
}
