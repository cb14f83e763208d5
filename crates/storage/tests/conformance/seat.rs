//! Redeeming, and the seats that it makes.

use super::{
    DAY, HOUR, NOW, after, agent, agent_of, certificate, handshake, hash, partner, plain, plain_to,
    press, sealed, seated, with_customer,
};
use futures_util::future::join_all;
use std::collections::HashMap;
use wicketgate_domain::{
    ChatRef, Store,
    device::Device,
    link::{Link, LinkError, LinkState, NewLink, Redeemed, Redemption},
    seat::{Handshake, Seat, SeatClosed, SeatGrant, SeatHolder, SeatNumber},
};

pub(crate) async fn a_link_is_redeemed_once(store: &dyn Store) {
    let one = partner(store, 1).await;
    let link = store.create_link(plain(one, 1)).await.unwrap();
    let redeemed = store.redeem_link(press(1, 1)).await.unwrap();
    let seat = SeatGrant {
        chat: link.chat,
        chat_id: link.chat_id.clone(),
        partner: one,
        number: SeatNumber(1),
        first_seq: 1,
        replaced: None,
    };
    let used = Link {
        used_at: Some(after(1000)),
        device: Some(Device::Phone),
        rev: 2,
        ..link
    };
    assert_eq!(
        redeemed,
        Redeemed {
            seat,
            link: used.clone(),
            first: true
        }
    );
    assert_eq!(store.link_at_door(used.id_hash).await.unwrap(), Some(used));
    assert!(matches!(
        store.redeem_link(press(1, 2)).await,
        Err(LinkError::Used(None))
    ));
    let chat = store.chat(one, redeemed.seat.chat).await.unwrap().unwrap();
    assert_eq!(
        (chat.live_seat, chat.seats, chat.active_at),
        (Some(SeatNumber(1)), 1, after(1000))
    );
}

pub(crate) async fn the_same_claim_gets_the_same_success(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(sealed(one, 1)).await.unwrap();
    let press = Redemption {
        proof_hash: Some(hash("proof", 1)),
        ..press(1, 1)
    };
    let first = store.redeem_link(press.clone()).await.unwrap();
    for now in [after(1001), after(10 * DAY)] {
        // The proof is not asked for again: the claim is proof enough.
        let again = store
            .redeem_link(Redemption {
                now,
                proof_hash: None,
                ..press.clone()
            })
            .await
            .unwrap();
        assert_eq!(
            again,
            Redeemed {
                first: false,
                ..first.clone()
            }
        );
    }
    assert_eq!(
        store
            .link_at_door(hash("link", 1))
            .await
            .unwrap()
            .unwrap()
            .later_attempts,
        0
    );
    assert_eq!(store.seats(one, first.seat.chat).await.unwrap().len(), 1);
}

pub(crate) async fn the_same_claim_with_another_handshake_is_refused(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store.redeem_link(press(1, 1)).await.unwrap();
    for other in [
        None,
        Some(handshake(9)),
        Some(Handshake {
            epoch: 2,
            ..handshake(1)
        }),
    ] {
        let refused = store
            .redeem_link(Redemption {
                handshake: other,
                ..press(1, 1)
            })
            .await;
        assert!(matches!(refused, Err(LinkError::HandshakeMismatch)));
    }
    store.redeem_link(press(1, 1)).await.unwrap();
}

pub(crate) async fn the_winner_is_told_what_became_of_the_seat(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let chat = seated(store, 1, 1).await.chat;
    seated(store, 2, 2).await;
    assert!(matches!(
        store.redeem_link(press(1, 1)).await,
        Err(LinkError::Used(Some(SeatClosed::Superseded)))
    ));
    store
        .end_chat(&agent(one), chat, after(2000))
        .await
        .unwrap();
    assert!(matches!(
        store.redeem_link(press(1, 1)).await,
        Err(LinkError::Used(Some(SeatClosed::Superseded)))
    ));
    assert!(matches!(
        store.redeem_link(press(2, 2)).await,
        Err(LinkError::Used(Some(SeatClosed::ChatEnded)))
    ));
    assert!(matches!(
        store.redeem_link(press(2, 1)).await,
        Err(LinkError::Used(None))
    ));
}

pub(crate) async fn whoever_comes_later_is_counted(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store
        .redeem_link(Redemption {
            claim_hash: None,
            ..press(1, 1)
        })
        .await
        .unwrap();
    // Who came without a claim can't come back, not even without one.
    let used = store.link_at_door(hash("link", 1)).await.unwrap().unwrap();
    for (attempt, claim) in [
        (1, None),
        (2, Some(hash("claim", 1))),
        (3, Some(hash("claim", 2))),
    ] {
        let refused = store
            .redeem_link(Redemption {
                claim_hash: claim,
                ..press(1, 1)
            })
            .await;
        assert!(matches!(refused, Err(LinkError::Used(None))));
        let counted = Link {
            later_attempts: attempt,
            rev: used.rev + u64::from(attempt),
            ..used.clone()
        };
        assert_eq!(
            store.link_at_door(hash("link", 1)).await.unwrap(),
            Some(counted)
        );
    }
}

pub(crate) async fn a_dead_link_opens_nothing(store: &dyn Store) {
    let one = partner(store, 1).await;
    for number in 1..=2 {
        store.create_link(sealed(one, number)).await.unwrap();
    }
    store
        .revoke_link(one, plain(one, 1).link_ref, agent_of(one), NOW)
        .await
        .unwrap();
    // The state comes before the proof, which none of these has.
    assert!(matches!(
        store.redeem_link(press(1, 1)).await,
        Err(LinkError::Revoked)
    ));
    let late = Redemption {
        now: after(2 * DAY),
        ..press(2, 1)
    };
    assert!(matches!(
        store.redeem_link(late).await,
        Err(LinkError::Expired)
    ));
    assert!(matches!(
        store.redeem_link(press(3, 1)).await,
        Err(LinkError::NotFound)
    ));
    assert!(
        store
            .seat_holder(hash("token", 1), after(1000))
            .await
            .unwrap()
            .is_none()
    );
}

pub(crate) async fn an_ended_chat_is_not_opened_by_a_clock_set_back(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let short = NewLink {
        expires_at: after(1500),
        ..plain_to(one, 2, 1)
    };
    store.create_link(short).await.unwrap();
    // It had expired when the chat ended, so that it was not revoked.
    let ended = store
        .end_chat(&agent(one), customer.chat, after(2000))
        .await
        .unwrap();
    let early = Redemption {
        now: after(1400),
        ..press(2, 2)
    };
    assert!(matches!(
        store.redeem_link(early).await,
        Err(LinkError::Revoked)
    ));
    let chat = store.chat(one, customer.chat).await.unwrap();
    assert_eq!(chat, Some(ended));
}

pub(crate) async fn a_sealed_link_takes_its_proof(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    store.create_link(sealed(one, 1)).await.unwrap();
    store.create_link(sealed(one, 2)).await.unwrap();
    for (proof, bearer) in [
        (None, None),
        (Some(hash("proof", 2)), None),
        (None, Some(two)),
    ] {
        let refused = store
            .redeem_link(Redemption {
                proof_hash: proof,
                bearer,
                ..press(1, 1)
            })
            .await;
        assert!(matches!(refused, Err(LinkError::ProofRequired)));
    }
    let untouched = store.link_at_door(hash("link", 1)).await.unwrap().unwrap();
    assert_eq!(
        (untouched.state(NOW), untouched.later_attempts),
        (LinkState::Valid, 0)
    );
    store
        .redeem_link(Redemption {
            proof_hash: Some(hash("proof", 1)),
            ..press(1, 1)
        })
        .await
        .unwrap();
    store
        .redeem_link(Redemption {
            bearer: Some(one),
            ..press(2, 2)
        })
        .await
        .unwrap();
    // A used link says so, proof or not.
    assert!(matches!(
        store.redeem_link(press(1, 3)).await,
        Err(LinkError::Used(None))
    ));
}

pub(crate) async fn a_handshake_is_to_a_known_key(store: &dyn Store) {
    let one = partner(store, 1).await;
    store.create_link(plain(one, 1)).await.unwrap();
    store.create_link(sealed(one, 2)).await.unwrap();
    for link in [1, 2] {
        let unknown = Redemption {
            handshake: Some(Handshake {
                epoch: 2,
                ..handshake(1)
            }),
            proof_hash: Some(hash("proof", link)),
            ..press(link, 1)
        };
        assert!(matches!(
            store.redeem_link(unknown).await,
            Err(LinkError::UnknownEpoch)
        ));
    }
    let copies = vec![wicketgate_domain::partner::SealedKeyring {
        agent: super::agent_id(1),
        sealed: vec![1],
    }];
    let keyring = wicketgate_domain::partner::NewKeyring {
        generation: 2,
        copies,
        certificate: certificate(2),
    };
    store
        .replace_keyring(one, keyring, agent_of(one), NOW)
        .await
        .unwrap();
    let second = |link| Redemption {
        handshake: Some(Handshake {
            epoch: 2,
            ..handshake(1)
        }),
        proof_hash: Some(hash("proof", link)),
        ..press(link, 1)
    };
    store.redeem_link(second(1)).await.unwrap();
    // A sealed link vouches for the key of its own epoch only.
    assert!(matches!(
        store.redeem_link(second(2)).await,
        Err(LinkError::UnknownEpoch)
    ));
    let bare = Redemption {
        handshake: None,
        proof_hash: Some(hash("proof", 2)),
        ..press(2, 2)
    };
    store.redeem_link(bare).await.unwrap();
}

pub(crate) async fn a_new_seat_closes_the_one_before(store: &dyn Store) {
    let (one, first) = with_customer(store).await;
    for n in 0..3 {
        store
            .send(&first.who(), super::message::message(first.chat, 1, n))
            .await
            .unwrap();
    }
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let second = seated(store, 2, 2).await;
    let seat = &second.redeemed.seat;
    assert_eq!(
        (seat.number, seat.first_seq, seat.replaced),
        (SeatNumber(2), 4, Some(SeatNumber(1)))
    );
    assert_eq!(second.chat, first.chat);
    let again = store.redeem_link(press(2, 2)).await.unwrap();
    assert_eq!((again.seat, again.first), (seat.clone(), false));
    let holder = store
        .seat_holder(hash("token", 1), after(1000))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        holder,
        SeatHolder {
            closed: Some(SeatClosed::Superseded),
            ..first.holder
        }
    );
    let chat = store.chat(one, first.chat).await.unwrap().unwrap();
    assert_eq!(
        (chat.live_seat, chat.seats, chat.last_seq),
        (Some(SeatNumber(2)), 2, 3)
    );
}

pub(crate) async fn a_seat_keeps_what_agents_need(store: &dyn Store) {
    let (one, two) = (partner(store, 1).await, partner(store, 2).await);
    store.create_link(sealed(one, 1)).await.unwrap();
    store.create_link(plain_to(one, 2, 1)).await.unwrap();
    let press = Redemption {
        proof_hash: Some(hash("proof", 1)),
        ..press(1, 1)
    };
    let chat = store.redeem_link(press).await.unwrap().seat.chat;
    store
        .redeem_link(Redemption {
            handshake: None,
            device: Device::Terminal,
            ..super::press(2, 2)
        })
        .await
        .unwrap();
    let first = Seat {
        chat,
        number: SeatNumber(1),
        handshake: Some(handshake(1)),
        vault: Some(b"vault 1".to_vec()),
        link_hash: hash("link", 1),
        made_by_key: true,
        first_seq: 1,
        opened_at: after(1000),
        closed: Some(SeatClosed::Superseded),
        asked_at: None,
        device: Device::Phone,
        delivered: 0,
        read: 0,
        rev: 2,
    };
    let second = Seat {
        number: SeatNumber(2),
        handshake: None,
        vault: None,
        link_hash: hash("link", 2),
        made_by_key: false,
        closed: None,
        device: Device::Terminal,
        rev: 1,
        ..first.clone()
    };
    assert_eq!(store.seats(one, chat).await.unwrap(), [first, second]);
    assert_eq!(store.seats(two, chat).await.unwrap(), []);
    assert_eq!(
        store.seats(one, ChatRef::of(one, "none")).await.unwrap(),
        []
    );
}

pub(crate) async fn a_link_has_one_winner_among_many(store: &dyn Store) {
    const LINKS: u64 = 200;
    const OTHERS: u64 = 32;
    let one = partner(store, 1).await;
    for link in 0..LINKS {
        store.create_link(plain(one, link)).await.unwrap();
    }
    // Interleaved, so that the redeemers of one link fall into one group and into several.
    let presses =
        (0..OTHERS).flat_map(|someone| (0..LINKS).map(move |link| (link, link * OTHERS + someone)));
    let answers = presses.map(|(link, someone)| async move {
        loop {
            match store.redeem_link(press(link, someone)).await {
                // Too many wait: a caller who is told so comes again.
                Err(LinkError::Store(_)) => tokio::task::yield_now().await,
                answer => return (link, someone, answer),
            }
        }
    });
    let mut winners = HashMap::new();
    for (link, someone, answer) in join_all(answers).await {
        if let Ok(redeemed) = answer {
            assert!(redeemed.first);
            assert_eq!(
                winners.insert(link, someone),
                None,
                "link {link} was redeemed twice"
            );
        } else {
            assert!(matches!(answer, Err(LinkError::Used(None))), "{answer:?}");
        }
    }
    assert_eq!(winners.len(), usize::try_from(LINKS).unwrap());
    for (link, someone) in winners {
        let again = store.redeem_link(press(link, someone)).await.unwrap();
        assert!(!again.first);
        assert_eq!(again.seat.number, SeatNumber(1));
    }
}

pub(crate) async fn a_seat_is_found_by_its_token(store: &dyn Store) {
    let (one, customer) = with_customer(store).await;
    let expected = SeatHolder {
        partner: one,
        chat: customer.chat,
        number: SeatNumber(1),
        closed: None,
    };
    assert_eq!(customer.holder, expected);
    assert_eq!(
        store
            .seat_holder(hash("token", 2), after(1000))
            .await
            .unwrap(),
        None
    );
    // The same claim on another link makes the same token: its holder is asked for the newer seat.
    store.create_link(plain(one, 2)).await.unwrap();
    let newer = store.redeem_link(press(2, 1)).await.unwrap().seat.chat;
    assert_eq!(
        store
            .seat_holder(hash("token", 1), after(1000))
            .await
            .unwrap()
            .unwrap()
            .chat,
        newer
    );
}

pub(crate) async fn a_seat_lapses_after_thirty_idle_days(store: &dyn Store) {
    with_customer(store).await;
    let visit = async |millis| {
        let holder = store
            .seat_holder(hash("token", 1), after(1000 + millis))
            .await
            .unwrap();
        store.ready().await.unwrap();
        holder.is_some()
    };
    assert!(visit(HOUR - 1).await);
    assert!(visit(30 * DAY - 1).await, "noted at the redemption");
    assert!(visit(60 * DAY - 2).await, "noted at the last visit");
    assert!(!visit(90 * DAY - 2).await);
}
