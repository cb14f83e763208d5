//! Partners and their agents.

use super::{
    NOW, agent_id, agent_of, certificate, hash, new_partner, partner, partner_id, password,
    recovery, session,
};
use wicketgate_domain::{
    Store,
    partner::{ExpectedVerifier, NewKeyring, NewPartner, PartnerError, SealedKeyring},
    text::Email,
};

pub(crate) async fn a_partner_is_stored_whole(store: &dyn Store) {
    assert!(!store.any_partner().await.unwrap());
    assert_eq!(store.partner(partner_id(1)).await.unwrap(), None);
    let new = new_partner(1);
    store.create_partner(new.clone()).await.unwrap();
    assert!(store.any_partner().await.unwrap());
    assert_eq!(
        store.partner(new.partner.id).await.unwrap(),
        Some(new.partner)
    );
}

pub(crate) async fn the_set_up_address_is_good_for_one_partner(store: &dyn Store) {
    let printed = |number| NewPartner {
        only_if_first: true,
        ..new_partner(number)
    };
    store.create_partner(printed(1)).await.unwrap();
    assert!(matches!(
        store.create_partner(printed(2)).await,
        Err(PartnerError::SetupClosed)
    ));
    assert_eq!(store.partner(partner_id(2)).await.unwrap(), None);
    store.create_partner(new_partner(2)).await.unwrap();
}

pub(crate) async fn a_partner_and_an_email_exist_once(store: &dyn Store) {
    partner(store, 1).await;
    assert!(matches!(
        store.create_partner(new_partner(1)).await,
        Err(PartnerError::PartnerExists)
    ));
    let mut second = new_partner(2);
    second.agent.email = Email::parse("AGENT1@example.org").unwrap();
    assert!(matches!(
        store.create_partner(second).await,
        Err(PartnerError::EmailTaken)
    ));
    assert_eq!(store.partner(partner_id(2)).await.unwrap(), None);
}

pub(crate) async fn accounts_are_found_by_email_and_agent(store: &dyn Store) {
    partner(store, 1).await;
    partner(store, 2).await;
    let new = new_partner(2);
    let account = store
        .account_by_email(&new.agent.email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (&account.partner, &account.agent, &account.keyring),
        (&new.partner, &new.agent, &new.keyring)
    );
    assert_eq!(store.account(new.agent.id).await.unwrap(), Some(account));
    assert_eq!(store.account(agent_id(3)).await.unwrap(), None);
    assert_eq!(
        store
            .account_by_email(&Email::parse("nobody@example.org").unwrap())
            .await
            .unwrap(),
        None
    );
}

pub(crate) async fn credentials_change_only_from_what_was_checked(store: &dyn Store) {
    partner(store, 1).await;
    let agent = agent_id(1);
    let by_password = |number: u8| ExpectedVerifier::Password(password(number).verifier);
    let by_code = |number: u8| ExpectedVerifier::Recovery(hash("recovery", number.into()));
    let entries = async || {
        let account = store.account(agent).await.unwrap().unwrap();
        (account.agent.password, account.agent.recovery)
    };

    for (wrong, sentence) in [
        (by_password(9), "E-mail or password is wrong"),
        (by_code(9), "E-mail or recovery code is wrong"),
    ] {
        let refused = store
            .replace_credentials(
                agent,
                wrong,
                Some(password(2)),
                Some(recovery(2)),
                None,
                NOW,
            )
            .await;
        assert_eq!(refused.unwrap_err().to_string(), sentence);
    }
    let nobody = store
        .replace_credentials(
            agent_id(2),
            by_password(1),
            Some(password(2)),
            None,
            None,
            NOW,
        )
        .await;
    assert!(matches!(nobody, Err(PartnerError::WrongCredentials)));
    assert_eq!(entries().await, (password(1), recovery(1)));

    store
        .replace_credentials(agent, by_password(1), Some(password(2)), None, None, NOW)
        .await
        .unwrap();
    assert_eq!(entries().await, (password(2), recovery(1)));
    store
        .replace_credentials(
            agent,
            by_code(1),
            Some(password(3)),
            Some(recovery(2)),
            None,
            NOW,
        )
        .await
        .unwrap();
    assert_eq!(entries().await, (password(3), recovery(2)));
    store
        .replace_credentials(agent, by_code(2), None, Some(recovery(3)), None, NOW)
        .await
        .unwrap();
    assert_eq!(entries().await, (password(3), recovery(3)));
}

pub(crate) async fn new_credentials_end_the_other_sessions(store: &dyn Store) {
    partner(store, 1).await;
    partner(store, 2).await;
    for (number, agent) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
        store
            .create_session(session::session(number, agent), hash("session", number))
            .await
            .unwrap();
    }
    let expected = ExpectedVerifier::Password(password(1).verifier);
    let keep = Some(session::session(2, 1).session_ref);
    store
        .replace_credentials(agent_id(1), expected, Some(password(2)), None, keep, NOW)
        .await
        .unwrap();
    assert_eq!(
        store.sessions(agent_id(1), NOW).await.unwrap(),
        [session::session(2, 1)]
    );
    assert_eq!(
        store.sessions(agent_id(2), NOW).await.unwrap(),
        [session::session(4, 2)]
    );
    for (number, live) in [(1, false), (2, true), (3, false), (4, true)] {
        assert_eq!(
            store
                .session(hash("session", number), NOW)
                .await
                .unwrap()
                .is_some(),
            live,
            "{number}"
        );
    }
}

fn keyring(generation: u32, agents: &[u64]) -> NewKeyring {
    let sealed = format!("keyring {generation}").into_bytes();
    NewKeyring {
        generation,
        copies: agents
            .iter()
            .map(|agent| SealedKeyring {
                agent: agent_id(*agent),
                sealed: sealed.clone(),
            })
            .collect(),
        certificate: certificate(generation),
    }
}

pub(crate) async fn a_keyring_follows_its_generation(store: &dyn Store) {
    let id = partner(store, 1).await;
    for wrong in [0, 1, 3, u32::MAX] {
        let new = NewKeyring {
            generation: wrong,
            ..keyring(2, &[1])
        };
        assert!(
            matches!(
                store.replace_keyring(id, new, agent_of(id), NOW).await,
                Err(PartnerError::OtherGeneration)
            ),
            "{wrong}"
        );
    }
    store
        .replace_keyring(id, keyring(2, &[1]), agent_of(id), NOW)
        .await
        .unwrap();
    assert!(matches!(
        store
            .replace_keyring(id, keyring(2, &[1]), agent_of(id), NOW)
            .await,
        Err(PartnerError::OtherGeneration)
    ));
    let account = store.account(agent_id(1)).await.unwrap().unwrap();
    assert_eq!(account.keyring, b"keyring 2");
    assert_eq!(
        (account.partner.generation, account.partner.certificate),
        (2, certificate(2))
    );
}

pub(crate) async fn a_keyring_is_sealed_to_every_agent(store: &dyn Store) {
    let id = partner(store, 1).await;
    partner(store, 2).await;
    for wrong in [&[][..], &[2], &[1, 1], &[1, 2], &[1, 3]] {
        let refused = store
            .replace_keyring(id, keyring(2, wrong), agent_of(id), NOW)
            .await;
        assert!(
            matches!(refused, Err(PartnerError::OtherGeneration)),
            "{wrong:?}"
        );
    }
    for number in [1, 2] {
        let account = store.account(agent_id(number)).await.unwrap().unwrap();
        assert_eq!(
            (account.keyring, account.partner.generation),
            (b"keyring 1".to_vec(), 1)
        );
    }
    assert!(matches!(
        store
            .replace_keyring(partner_id(3), keyring(2, &[]), agent_of(id), NOW)
            .await,
        Err(PartnerError::OtherGeneration)
    ));
}

pub(crate) async fn certificates_stay_by_epoch(store: &dyn Store) {
    let id = partner(store, 1).await;
    store
        .replace_keyring(id, keyring(2, &[1]), agent_of(id), NOW)
        .await
        .unwrap();
    let renewed = wicketgate_domain::partner::Certificate {
        signature: [9; 64],
        ..certificate(2)
    };
    store
        .replace_keyring(
            id,
            NewKeyring {
                certificate: renewed.clone(),
                ..keyring(3, &[1])
            },
            agent_of(id),
            NOW,
        )
        .await
        .unwrap();
    assert_eq!(
        store.certificate(id, 1).await.unwrap(),
        Some(certificate(1))
    );
    assert_eq!(store.certificate(id, 2).await.unwrap(), Some(renewed));
    assert_eq!(store.certificate(id, 3).await.unwrap(), None);
    assert_eq!(store.certificate(partner_id(2), 1).await.unwrap(), None);
}

pub(crate) async fn the_server_secret_is_made_once(store: &dyn Store) {
    assert_eq!(store.server_secret([1; 32]).await.unwrap(), [1; 32]);
    assert_eq!(store.server_secret([2; 32]).await.unwrap(), [1; 32]);
}
