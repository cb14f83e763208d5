//! What holds whatever people wish for, and in whatever order.

use crate::{
    fixtures::{MADE, hash},
    model::{By, Outcome, Wish, World},
};
use proptest::prelude::*;
use std::collections::HashMap;
use wicketgate_domain::{Timestamp, chat::Cursors, link::LinkState, seat::SeatNumber};

fn who() -> impl Strategy<Value = By> {
    prop_oneof![Just(By::Agent), (0_u32..4).prop_map(By::Seat)]
}

fn cursors() -> impl Strategy<Value = Cursors> {
    (0_u64..9, 0_u64..9).prop_map(|(delivered, read)| Cursors { delivered, read })
}

fn creation() -> impl Strategy<Value = Wish> {
    (0_u8..8, 0_u8..3, any::<bool>(), any::<bool>()).prop_map(
        |(link, chat, is_sealed, may_reopen)| Wish::Create {
            link,
            chat,
            is_sealed,
            may_reopen,
        },
    )
}

fn redemption(links: u8) -> impl Strategy<Value = Wish> {
    let epoch =
        prop_oneof![3 => Just(Some(1)), 1 => Just(None), 1 => Just(Some(2)), 1 => Just(Some(3))];
    let (claim, proof) = (prop::bool::weighted(0.8), prop::bool::weighted(0.8));
    (0..links, 0_u8..4, claim, proof, epoch).prop_map(
        |(link, someone, has_claim, has_proof, epoch)| Wish::Redeem {
            link,
            someone,
            has_claim,
            has_proof,
            epoch,
        },
    )
}

fn sending() -> impl Strategy<Value = Wish> {
    (0_u8..3, who(), 0_u32..4, 0_u8..6, 0_u8..2).prop_map(|(chat, by, seat, cid, body)| {
        // A customer mostly writes from the own seat.
        let seat = match by {
            By::Seat(own) if cid > 0 => own,
            By::Agent | By::Seat(_) => seat,
        };
        Wish::Send {
            chat,
            by,
            seat,
            cid,
            body,
        }
    })
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        4 => creation(),
        4 => redemption(8),
        1 => (0_u8..8).prop_map(|link| Wish::Revoke { link }),
        8 => sending(),
        4 => (0_u8..3, who(), cursors()).prop_map(|(chat, by, cursors)| Wish::Seen { chat, by, cursors }),
        2 => (0_u8..3, 0_u32..4).prop_map(|(chat, seat)| Wish::Ask { chat, seat }),
        1 => (0_u8..3, who()).prop_map(|(chat, by)| Wish::End { chat, by }),
    ]
}

/// Wishes with the instants at which they come; now and then the clock is set back, or goes on for hours.
fn history(most: usize) -> impl Strategy<Value = Vec<(Wish, i64)>> {
    let step = prop_oneof![12 => 0_i64..1_000, 1 => -5_000_i64..0, 1 => 600_000_i64..2_000_000];
    prop::collection::vec((wish(), step), 1..most)
}

/// Grants one wish after the other; the books are checked after each.
fn lived(history: &[(Wish, i64)]) -> (World, Vec<Outcome>) {
    let (mut world, mut now) = (World::default(), MADE);
    let outcomes = history
        .iter()
        .map(|(wish, step)| {
            now = now.plus_millis(*step);
            world.grant(wish, now)
        })
        .collect();
    (world, outcomes)
}

/// A world in which one customer sits in chat 0, on seat 1.
fn seated() -> World {
    let mut world = World::default();
    let wishes = [
        Wish::Create {
            link: 0,
            chat: 0,
            is_sealed: false,
            may_reopen: false,
        },
        Wish::Redeem {
            link: 0,
            someone: 0,
            has_claim: true,
            has_proof: false,
            epoch: Some(1),
        },
    ];
    for wish in &wishes {
        assert_eq!(world.grant(wish, MADE).answer, Ok(()));
    }
    world
}

fn later(step: usize) -> Timestamp {
    MADE.plus_millis(i64::try_from(step).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_books_agree_whatever_happens(history in history(80)) {
        let (_, outcomes) = lived(&history);
        for outcome in outcomes {
            // A refusal writes nothing, but for the count of late attempts.
            if let (Err(why), true) = (&outcome.answer, outcome.wrote) {
                prop_assert_eq!(why, "Used(None)");
            }
        }
    }

    #[test]
    fn a_wish_that_comes_again_changes_nothing(history in history(40), again in wish()) {
        let (mut world, _) = lived(&history);
        // The same instant again, as by a client that had no answer.
        let now = MADE.plus_millis(history.iter().map(|(_, step)| *step).sum());
        let first = world.grant(&again, now);
        let before = world.clone();
        let second = world.grant(&again, now);
        // Somebody without a claim is nobody who could come again, and a late attempt is one more each time.
        let nameless = matches!(again, Wish::Redeem { has_claim: false, .. });
        if !nameless && first.answer.is_ok() {
            prop_assert_eq!(second.answer, Ok(()));
            prop_assert!(!second.wrote);
            prop_assert_eq!(before, world);
        }
    }

    #[test]
    fn a_link_has_one_winner_whatever_the_order(
        is_sealed: bool,
        presses in prop::collection::vec(redemption(1), 1..40),
    ) {
        let mut world = World::default();
        let create = Wish::Create { link: 0, chat: 0, is_sealed, may_reopen: false };
        world.grant(&create, MADE);
        let (mut winner, mut late) = (None, 0);
        for (step, press) in presses.iter().enumerate() {
            let Wish::Redeem { someone, has_claim, has_proof, epoch, .. } = *press else {
                unreachable!("only presses")
            };
            let Outcome { answer, wrote } = world.grant(press, later(step));
            let claim = has_claim.then_some(someone);
            let won = (claim, epoch);
            match (winner, answer) {
                (None, Ok(())) => {
                    prop_assert!(wrote && (has_proof || !is_sealed));
                    winner = Some(won);
                }
                (None, Err(_)) => prop_assert!(!wrote),
                // Only whoever has the winner's claim and handshake is let in again.
                (Some(first), Ok(())) => prop_assert!(!wrote && first == won && claim.is_some()),
                (Some(first), Err(why)) if first.0 == claim && claim.is_some() => {
                    prop_assert!(!wrote && why == "HandshakeMismatch" && first != won);
                }
                (Some(_), Err(why)) => {
                    prop_assert!(wrote && why == "Used(None)");
                    late += 1;
                }
            }
        }
        let (link, _) = &world.links[&0];
        prop_assert_eq!(link.used_at.is_some(), winner.is_some());
        prop_assert_eq!(link.later_attempts, late);
        prop_assert_eq!(world.rooms[&0].seats.len(), usize::from(winner.is_some()));
    }

    #[test]
    fn messages_are_numbered_without_gaps_whatever_is_refused(
        sends in prop::collection::vec(sending(), 1..60),
    ) {
        let mut world = seated();
        let mut numbers = HashMap::new();
        for (step, send) in sends.iter().enumerate() {
            let before = world.rooms[&0].chat.last_seq;
            let outcome = world.grant(send, later(step));
            let after = world.rooms[&0].chat.last_seq;
            let (stored, room) = (outcome.answer.is_ok() && outcome.wrote, &world.rooms[&0]);
            prop_assert_eq!(after, before + u64::from(stored));
            if stored {
                let newest = room.messages.last().unwrap();
                prop_assert_eq!(newest.seq, after);
                let name = (newest.cid, newest.from.role());
                prop_assert_eq!(numbers.insert(name, newest.seq), None, "a name is used once");
            }
        }
        prop_assert_eq!(numbers.len() as u64, world.rooms[&0].chat.last_seq);
    }

    #[test]
    fn cursors_stand_at_the_furthest_that_was_said_and_possible(
        said in prop::collection::vec((any::<bool>(), cursors()), 1..30),
        messages in 0_u64..7,
    ) {
        let mut world = seated();
        for number in 0..messages {
            let cid = u8::try_from(number).unwrap();
            let send = Wish::Send { chat: 0, by: By::Agent, seat: 1, cid, body: 0 };
            world.grant(&send, MADE);
        }
        let mut furthest = [(0, 0); 2];
        for (step, (by_agent, cursors)) in said.iter().enumerate() {
            let by = if *by_agent { By::Agent } else { By::Seat(1) };
            let seen = Wish::Seen { chat: 0, by, cursors: *cursors };
            let outcome = world.grant(&seen, later(step));
            prop_assert_eq!(outcome.answer, Ok(()));
            let (delivered, read) = &mut furthest[usize::from(*by_agent)];
            let before = (*delivered, *read);
            *read = cursors.read.min(messages).max(*read);
            *delivered = cursors.delivered.min(messages).max(*read).max(*delivered);
            prop_assert_eq!(outcome.wrote, before != (*delivered, *read));
        }
        let room = &world.rooms[&0];
        let (seat, _) = &room.seats[0];
        prop_assert_eq!(furthest[0], (seat.delivered, seat.read));
        prop_assert_eq!(furthest[1], (room.chat.delivered, room.chat.read));
    }

    #[test]
    fn an_ended_chat_leaves_no_way_in(history in history(40), after in history(40)) {
        let (mut world, _) = lived(&history);
        let mut now = MADE.plus_millis(history.iter().map(|(_, step)| *step).sum());
        for chat in 0..3 {
            world.grant(&Wish::End { chat, by: By::Agent }, now);
        }
        let ended: Vec<u8> = world.rooms.keys().copied().collect();
        let rooms = world.rooms.clone();
        for (link, _) in world.links.values() {
            prop_assert_ne!(link.state(now), LinkState::Valid);
        }
        for (wish, step) in &after {
            now = now.plus_millis(*step);
            world.grant(wish, now);
        }
        for chat in ended {
            let (is, was) = (&world.rooms[&chat], &rooms[&chat]);
            prop_assert_eq!((&is.messages, &is.seats), (&was.messages, &was.seats));
            prop_assert_eq!(is.chat.live_seat, None);
        }
    }
}

#[test]
fn the_model_has_a_customer_in_it() {
    // Of a model in which nothing ever works, all of the above would hold too.
    let world = seated();
    let room = &world.rooms[&0];
    assert_eq!(room.chat.live_seat, Some(SeatNumber(1)));
    assert_eq!(room.seats[0].1.claim, Some(hash("claim 0")));
}
