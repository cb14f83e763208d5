//! Partners, credentials, keyrings and sessions.

use crate::fixtures::{AGENT, BY_AGENT, KEY, PARTNER, after, granted, happened, hash, refusal};
use std::collections::HashSet;
use wicketgate_domain::{
    Actor, AgentId, SessionRef,
    decide::partner::{
        CreateFacts, CredentialFacts, KeyringFacts, create, replace_credentials, replace_keyring,
        session_ended, signed_in,
    },
    device::Device,
    event::{AccountChange, Credential, Event},
    partner::{
        Agent, AgentKeys, Certificate, ExpectedVerifier, NewKeyring, NewPartner, Partner,
        PasswordEntry, RecoveryEntry, SealedKeyring,
    },
    session::Session,
    text::{Email, PartnerName},
};

fn certificate() -> Certificate {
    Certificate {
        epoch: 1,
        not_before: 1,
        not_after: 2,
        public_key: vec![1; Certificate::PUBLIC_KEY_LENGTH],
        signature: [8; 64],
    }
}

fn new(only_if_first: bool) -> NewPartner {
    NewPartner {
        partner: Partner {
            id: PARTNER,
            name: PartnerName::parse("Partner").unwrap(),
            identity: [3; 32],
            generation: 1,
            certificate: certificate(),
            created_at: after(7),
        },
        agent: Agent {
            id: AGENT,
            partner: PARTNER,
            email: Email::parse("agent@example.org").unwrap(),
            password: PasswordEntry {
                verifier: "$argon2id$1".into(),
                salt: [1; 16],
                rounds: 600_000,
                wrap: vec![1],
            },
            recovery: RecoveryEntry {
                verifier: hash("recovery"),
                wrap: vec![2],
            },
        },
        keys: AgentKeys {
            kem: vec![1],
            sign: [2; 32],
        },
        keyring: vec![3],
        only_if_first,
    }
}

#[test]
fn a_partner_is_made_as_the_table_says() {
    const CLOSED: Option<&str> = Some("SetupClosed");
    const EXISTS: Option<&str> = Some("PartnerExists");
    const TAKEN: Option<&str> = Some("EmailTaken");
    // Whether there is any partner, one of the same id, one with the same e-mail.
    for (any_partner, same_id, same_email, by_token, by_operator) in [
        (false, false, false, None, None),
        (true, false, false, CLOSED, None),
        (true, true, false, CLOSED, EXISTS),
        (true, false, true, CLOSED, TAKEN),
        (true, true, true, CLOSED, EXISTS),
    ] {
        let facts = CreateFacts {
            any_partner,
            same_id,
            same_email,
        };
        for (only_if_first, refused) in [(true, by_token), (false, by_operator)] {
            let decision = create(&new(only_if_first), facts);
            if let Some(why) = refused {
                assert_eq!(refusal(&decision), why, "{facts:?}");
                continue;
            }
            let ((), (), told) = granted(decision);
            let made = vec![Event::Account(AccountChange::PartnerCreated)];
            assert_eq!(told, happened(Actor::Visitor, after(7), made));
        }
    }
}

fn session(number: u8) -> Session {
    Session {
        session_ref: SessionRef::from_bytes([number; 16]),
        partner: PARTNER,
        agent: AGENT,
        created_at: after(i64::from(number)),
        used_at: after(50),
        device: Device::Computer,
    }
}

fn credentials(sessions: &[u8]) -> CredentialFacts {
    CredentialFacts {
        password: "$argon2id$1".into(),
        recovery: hash("recovery"),
        sessions: sessions.iter().map(|number| session(*number)).collect(),
    }
}

fn expelled(number: u8) -> Event {
    Event::Expelled(Credential::Session(session(number).session_ref))
}

fn right() -> [ExpectedVerifier; 2] {
    [
        ExpectedVerifier::Password("$argon2id$1".into()),
        ExpectedVerifier::Recovery(hash("recovery")),
    ]
}

#[test]
fn new_credentials_end_every_session_but_the_kept_one() {
    for expected in right() {
        for (sessions, keep, ended) in [
            (&[][..], None, &[][..]),
            (&[], Some(1), &[]),
            (&[3, 2, 1], None, &[3, 2, 1]),
            (&[3, 2, 1], Some(2), &[3, 1]),
            (&[3, 2, 1], Some(9), &[3, 2, 1]),
            (&[2], Some(2), &[]),
        ] {
            let keep = keep.map(|number| session(number).session_ref);
            let facts = credentials(sessions);
            let decision =
                replace_credentials((PARTNER, AGENT), &expected, keep, &facts, after(90));
            let ((), write, told) = granted(decision);
            let refs: Vec<SessionRef> = ended
                .iter()
                .map(|number| session(*number).session_ref)
                .collect();
            assert_eq!(write, refs);
            let mut events = vec![Event::Account(AccountChange::CredentialsReplaced)];
            events.extend(ended.iter().map(|number| expelled(*number)));
            assert_eq!(told, happened(BY_AGENT, after(90), events));
        }
    }
}

#[test]
fn credentials_change_only_from_the_verifier_that_was_checked() {
    // A verifier of one kind is none of the other, whatever its bytes.
    let swapped = CredentialFacts {
        password: "another".into(),
        recovery: hash("another"),
        ..credentials(&[1])
    };
    let wrong_words = CredentialFacts {
        password: "another".into(),
        ..credentials(&[1])
    };
    let wrong_code = CredentialFacts {
        recovery: hash("another"),
        ..credentials(&[1])
    };
    let [words, code] = right();
    for (expected, facts, why) in [
        (&words, &swapped, Some("WrongCredentials")),
        (&words, &wrong_words, Some("WrongCredentials")),
        (&words, &wrong_code, None),
        (&code, &swapped, Some("WrongRecoveryCode")),
        (&code, &wrong_code, Some("WrongRecoveryCode")),
        (&code, &wrong_words, None),
    ] {
        let decision = replace_credentials((PARTNER, AGENT), expected, None, facts, after(90));
        match why {
            Some(why) => assert_eq!(refusal(&decision), why),
            None => assert!(decision.answer.is_ok()),
        }
    }
}

fn keyring(generation: u32, agents: &[u8]) -> NewKeyring {
    let copies = agents.iter().map(|agent| SealedKeyring {
        agent: AgentId::from_bytes([*agent; 16]),
        sealed: vec![*agent],
    });
    NewKeyring {
        generation,
        copies: copies.collect(),
        certificate: certificate(),
    }
}

#[test]
fn a_keyring_is_the_next_one_and_sealed_once_to_each_agent() {
    for (stored, offered, agents, copies, passes) in [
        (1, 2, &[1][..], &[1][..], true),
        (1, 2, &[1, 2, 3], &[3, 1, 2], true),
        (0, 1, &[1], &[1], true),
        (u32::MAX - 1, u32::MAX, &[1], &[1], true),
        // Not the next one.
        (1, 1, &[1], &[1], false),
        (1, 0, &[1], &[1], false),
        (1, 3, &[1], &[1], false),
        (u32::MAX, 0, &[1], &[1], false),
        (u32::MAX, u32::MAX, &[1], &[1], false),
        // Not to each agent, not once, or to somebody else.
        (1, 2, &[1], &[], false),
        (1, 2, &[1, 2], &[1], false),
        (1, 2, &[1], &[1, 1], false),
        (1, 2, &[1, 2], &[1, 2, 2], false),
        (1, 2, &[1], &[1, 2], false),
        (1, 2, &[1, 2], &[1, 3], false),
        (1, 2, &[1], &[2], false),
        (1, 2, &[], &[1], false),
    ] {
        let facts = KeyringFacts {
            generation: stored,
            agents: agents
                .iter()
                .map(|agent| AgentId::from_bytes([*agent; 16]))
                .collect::<HashSet<_>>(),
        };
        let new = keyring(offered, copies);
        for by in [BY_AGENT, Actor::Key(KEY)] {
            let decision = replace_keyring(PARTNER, &new, &facts, by, after(90));
            if passes {
                let ((), (), told) = granted(decision);
                let events = vec![Event::Account(AccountChange::KeyringReplaced)];
                assert_eq!(told, happened(by, after(90), events));
            } else {
                let place = format!("{stored} {offered} {agents:?} {copies:?}");
                assert_eq!(refusal(&decision), "OtherGeneration", "{place}");
            }
        }
    }
}

#[test]
fn a_session_is_told_when_it_begins_and_when_it_ends() {
    let begun = vec![Event::Account(AccountChange::SignedIn(
        session(3).session_ref,
    ))];
    assert_eq!(signed_in(&session(3)), happened(BY_AGENT, after(3), begun));
    let ended = session_ended(&session(3), after(90));
    assert_eq!(ended, happened(BY_AGENT, after(90), vec![expelled(3)]));
}
