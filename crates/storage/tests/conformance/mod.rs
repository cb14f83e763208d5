//! What every database must do: plain functions over the ports, each listed once, run on each database.

pub(crate) mod chat;
pub(crate) mod event;
pub(crate) mod event_sweep;
pub(crate) mod key;
pub(crate) mod link;
pub(crate) mod message;
pub(crate) mod partner;
pub(crate) mod seat;
pub(crate) mod session;
pub(crate) mod store;
pub(crate) mod watch;

use wicketgate_domain::{
    Actor, AgentId, ChatRef, Hash, KeyRef, LinkRef, PartnerId, Store, Timestamp,
    chat::Participant,
    device::Device,
    link::{LinkKind, NewLink, Redeemed, Redemption, Sealed},
    partner::{Agent, AgentKeys, Certificate, NewPartner, Partner, PasswordEntry, RecoveryEntry},
    seat::{Handshake, SeatHolder},
    text::{ChatId, Email, PartnerName},
};

/// Runs every case on stores that `$fresh` makes.
macro_rules! conformance {
    ($fresh:path) => {
        conformance_cases! { $fresh;
            store { a_store_is_ready_until_it_is_closed }
            partner {
                a_partner_is_stored_whole
                the_set_up_address_is_good_for_one_partner
                a_partner_and_an_email_exist_once
                accounts_are_found_by_email_and_agent
                credentials_change_only_from_what_was_checked
                new_credentials_end_the_other_sessions
                a_keyring_follows_its_generation
                a_keyring_is_sealed_to_every_agent
                certificates_stay_by_epoch
                the_server_secret_is_made_once
            }
            session {
                a_session_is_found_by_its_token
                a_session_ends_when_it_is_not_used
                a_session_ends_however_much_it_is_used
                sessions_are_listed_and_ended_by_their_agent_only
                dead_sessions_are_swept
            }
            key {
                a_key_is_found_by_id_and_secret
                the_use_of_a_key_is_noted_once_an_hour
                keys_are_listed_newest_first_for_their_partner_only
                a_revoked_key_is_none
                live_keys_are_limited
            }
            link {
                a_new_link_makes_its_chat
                a_repeated_creation_gives_the_stored_row
                an_id_is_bound_to_its_content_and_partner
                a_chat_with_a_customer_takes_the_scope
                an_ended_chat_takes_no_link
                a_sealed_link_names_a_known_epoch
                a_link_is_shown_to_its_partner_only
                lists_are_newest_first_by_state_and_chat
                lists_go_on_after_any_link
                what_was_used_lately_is_listed_by_its_use
                a_valid_link_is_revoked_once
                expiry_is_sharp
                dead_links_are_swept_oldest_first
                an_id_stays_used_when_its_row_is_gone
                a_swept_link_takes_its_unused_chat_along
            }
            seat {
                a_link_is_redeemed_once
                the_same_claim_gets_the_same_success
                the_same_claim_with_another_handshake_is_refused
                the_winner_is_told_what_became_of_the_seat
                whoever_comes_later_is_counted
                a_dead_link_opens_nothing
                an_ended_chat_is_not_opened_by_a_clock_set_back
                a_sealed_link_takes_its_proof
                a_handshake_is_to_a_known_key
                a_new_seat_closes_the_one_before
                a_seat_keeps_what_agents_need
                a_link_has_one_winner_among_many
                a_seat_is_found_by_its_token
                a_seat_lapses_after_thirty_idle_days
            }
            chat {
                a_chat_is_called_as_the_newest_sealed_link_that_was_used
                the_inbox_shows_the_latest_first
                a_chat_is_shown_to_its_partner_only
                cursors_move_forward_only
                unread_counts_what_the_customer_wrote_since
                a_closed_seat_marks_nothing
                a_customer_asks_for_a_new_link_once
                a_closed_seat_asks_for_nothing
                ending_closes_the_seat_and_revokes_the_links
                a_replaced_customer_ends_nothing
                ended_chats_are_swept_in_batches
            }
            message {
                numbers_have_no_gaps
                transcripts_chain_from_the_seats_start
                a_resend_gets_the_first_answer
                a_cid_is_bound_to_its_bytes
                a_resend_is_answered_after_the_seat_has_closed
                only_a_live_seat_is_written_to
                waiting_begins_with_the_customer_and_ends_with_an_answer
                pages_go_both_ways
                a_customer_reads_the_own_seat_only
                an_empty_page_has_the_newest_transcript
                senders_at_once_get_numbers_without_gaps
            }
            event {
                changes_of_accounts_are_told
                changes_of_links_are_told
                a_late_attempt_is_told_though_it_is_refused
                changes_in_chats_are_told
                the_end_of_a_chat_is_one_event_for_all_its_links
                revs_grow_with_each_change_of_their_row_only
                a_revoked_link_is_told_once
                events_are_listed_in_order_for_their_partner_only
                sinks_hear_every_change_in_order_before_its_caller
            }
            event_sweep {
                refused_links_are_not_logged
                refused_redemptions_are_not_logged
                refused_calls_in_chats_are_not_logged
                refused_calls_about_accounts_are_not_logged
                sweeping_rows_writes_no_events
                events_are_swept_by_what_they_are
                numbers_go_on_after_everything_was_swept
                a_clock_that_was_set_back_does_not_disorder_the_log
            }
        }
    };
}

macro_rules! conformance_cases {
    ($fresh:path; $($noun:ident { $($case:ident)* })*) => { $(
        mod $noun { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let fresh = $fresh().await;
                crate::conformance::$noun::$case(&*fresh.store).await;
                fresh.finish().await;
            }
        )* }
    )* };
}

/// When the tests play.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;

/// So many milliseconds after [`NOW`].
pub(crate) fn after(millis: i64) -> Timestamp {
    NOW.plus_millis(millis)
}

/// A hash of its own for each purpose and number.
pub(crate) fn hash(purpose: &str, number: u64) -> Hash {
    Hash::of(format!("{purpose} {number}").as_bytes())
}

/// Sixteen bytes of their own for each purpose and number.
pub(crate) fn name(purpose: &str, number: u64) -> [u8; 16] {
    hash(purpose, number).as_bytes()[..16].try_into().unwrap()
}

pub(crate) fn partner_id(number: u64) -> PartnerId {
    PartnerId::from_bytes(name("partner", number))
}

pub(crate) fn agent_id(number: u64) -> AgentId {
    AgentId::from_bytes(name("agent", number))
}

pub(crate) fn certificate(epoch: u32) -> Certificate {
    Certificate {
        epoch,
        not_before: 1_750_000_000,
        not_after: u64::MAX,
        public_key: vec![u8::try_from(epoch).unwrap(); Certificate::PUBLIC_KEY_LENGTH],
        signature: [8; 64],
    }
}

pub(crate) fn new_partner(number: u64) -> NewPartner {
    let id = partner_id(number);
    NewPartner {
        partner: Partner {
            id,
            name: PartnerName::parse(&format!("Partner {number}")).unwrap(),
            identity: [3; 32],
            generation: 1,
            certificate: certificate(1),
            created_at: NOW,
        },
        agent: Agent {
            id: agent_id(number),
            partner: id,
            email: Email::parse(&format!("agent{number}@example.org")).unwrap(),
            password: password(1),
            recovery: recovery(1),
        },
        keys: AgentKeys {
            kem: vec![1; 1216],
            sign: [2; 32],
        },
        keyring: b"keyring 1".to_vec(),
        only_if_first: false,
    }
}

pub(crate) fn password(number: u8) -> PasswordEntry {
    PasswordEntry {
        verifier: format!("$argon2id${number}"),
        salt: [number; 16],
        rounds: 600_000,
        wrap: vec![number; 100],
    }
}

pub(crate) fn recovery(number: u8) -> RecoveryEntry {
    RecoveryEntry {
        verifier: hash("recovery", number.into()),
        wrap: vec![number; 90],
    }
}

/// Makes a partner with one agent and inbox epoch 1.
pub(crate) async fn partner(store: &dyn Store, number: u64) -> PartnerId {
    store.create_partner(new_partner(number)).await.unwrap();
    partner_id(number)
}

/// The agent who acts for a partner.
pub(crate) fn agent_of(partner: PartnerId) -> Actor {
    let number = (1..9).find(|number| partner_id(*number) == partner);
    Actor::Agent(agent_id(number.unwrap_or_default()))
}

/// The same in a chat.
pub(crate) fn agent(partner: PartnerId) -> Participant {
    let Actor::Agent(agent) = agent_of(partner) else {
        unreachable!("agents are agents")
    };
    Participant::Agent { partner, agent }
}

/// A plain link for a day, to a chat of its own.
pub(crate) fn plain(partner: PartnerId, number: u64) -> NewLink {
    NewLink {
        id_hash: hash("link", number),
        link_ref: LinkRef::from_bytes(name("link", number)),
        partner,
        chat_id: ChatId::parse(&format!("order {number}")).unwrap(),
        kind: LinkKind::Plain,
        by: agent_of(partner),
        may_reopen: false,
        content: hash("content", number),
        now: NOW,
        expires_at: after(DAY),
    }
}

/// A plain link to the chat of another link's.
pub(crate) fn plain_to(partner: PartnerId, number: u64, chat: u64) -> NewLink {
    NewLink {
        chat_id: plain(partner, chat).chat_id,
        may_reopen: true,
        ..plain(partner, number)
    }
}

/// A sealed link of inbox epoch 1.
pub(crate) fn sealed(partner: PartnerId, number: u64) -> NewLink {
    let sealed = Sealed {
        epoch: 1,
        blob: vec![1; 1400],
        proof_hash: hash("proof", number),
        vault: format!("vault {number}").into_bytes(),
    };
    NewLink {
        kind: LinkKind::Sealed(sealed),
        by: Actor::Key(KeyRef::from_bytes(name("key", 1))),
        ..plain(partner, number)
    }
}

pub(crate) fn handshake(seed: u8) -> Handshake {
    Handshake {
        epoch: 1,
        enc: vec![seed; Handshake::ENC_LENGTH],
    }
}

/// A press of the button by someone: each has an own claim, token and handshake.
pub(crate) fn press(link: u64, someone: u64) -> Redemption {
    Redemption {
        id_hash: hash("link", link),
        claim_hash: Some(hash("claim", someone)),
        proof_hash: None,
        bearer: None,
        handshake: Some(handshake(someone.to_be_bytes()[7])),
        token_hash: hash("token", someone),
        device: Device::Phone,
        now: after(1000),
    }
}

/// A customer on a seat, and the redemption that it came from.
pub(crate) struct Customer {
    pub(crate) redeemed: Redeemed,
    pub(crate) holder: SeatHolder,
    pub(crate) chat: ChatRef,
}

impl Customer {
    pub(crate) fn who(&self) -> Participant {
        Participant::Customer(self.holder.clone())
    }
}

/// Redeems a stored link for someone.
pub(crate) async fn seated(store: &dyn Store, link: u64, someone: u64) -> Customer {
    let redeemed = store.redeem_link(press(link, someone)).await.unwrap();
    let holder = store
        .seat_holder(hash("token", someone), after(1000))
        .await
        .unwrap()
        .unwrap();
    Customer {
        chat: holder.chat,
        redeemed,
        holder,
    }
}

/// Makes partner 1 with a link to chat 1 and a customer, number 1, in it.
pub(crate) async fn with_customer(store: &dyn Store) -> (PartnerId, Customer) {
    let partner = partner(store, 1).await;
    store.create_link(plain(partner, 1)).await.unwrap();
    (partner, seated(store, 1, 1).await)
}
