//! The life of a keyring: renewal, colleagues, succession, destruction; and agents' wrapped secrets.

use super::{generate::NOW, scene::Scene, seeded};
use crate::{
    agent::{AgentError, AgentSecret, AgentSeed},
    ids::{AgentId, Epoch, Generation},
    inbox::{CERTIFICATE_LIFETIME, CERTIFICATE_RENEWAL, CLOCK_SLACK, InboxError},
    keyring::{Expected, Keyring, KeyringError},
    password::{MINIMUM_ROUNDS, Password, PasswordSalt},
    recovery::RecoveryCode,
};

fn expected(scene: &Scene, agent: AgentId) -> Expected {
    Expected {
        partner: scene.partner,
        agent,
        generation: scene.keyring.generation(),
        seen: None,
    }
}

#[test]
fn an_agent_comes_back_with_password_or_recovery_code_and_neither_opens_the_others_wrap() {
    let mut scene = Scene::new(1);
    let password = Password::entered("correct horse battery")
        .stretch(&PasswordSalt::generate(&mut scene.rng), MINIMUM_ROUNDS)
        .unwrap();
    let recovery = RecoveryCode::generate(&mut scene.rng).keys();
    let by_password = scene
        .secret
        .wrap(&password.wrap, scene.agent, &mut scene.rng);
    let by_recovery = scene
        .secret
        .wrap(&recovery.wrap, scene.agent, &mut scene.rng);
    for (wrapped, keys) in [(&by_password, &password), (&by_recovery, &recovery)] {
        assert_eq!(
            AgentSecret::unwrap(wrapped, &keys.wrap, scene.agent).unwrap(),
            scene.secret
        );
        let other = AgentId::from_bytes([9; 16]);
        assert_eq!(
            AgentSecret::unwrap(wrapped, &keys.wrap, other),
            Err(AgentError::Unopened)
        );
    }
    assert_eq!(
        AgentSecret::unwrap(&by_password, &recovery.wrap, scene.agent),
        Err(AgentError::OtherKind)
    );
    assert_eq!(
        AgentSecret::unwrap(&by_recovery, &password.wrap, scene.agent),
        Err(AgentError::OtherKind)
    );
    let mut relabelled = by_recovery;
    relabelled[1] = 1;
    assert_eq!(
        AgentSecret::unwrap(&relabelled, &password.wrap, scene.agent),
        Err(AgentError::Unopened)
    );
}

#[test]
fn a_keyring_comes_back_as_it_was() {
    let mut scene = Scene::new(2);
    let sealed = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene, scene.agent)).unwrap(),
        scene.keyring
    );
    assert_eq!(
        Keyring::decode(scene.partner, &scene.keyring.encode()).unwrap(),
        scene.keyring
    );
}

#[test]
fn an_inbox_is_renewed_after_thirty_days_and_the_old_one_still_opens() {
    let mut scene = Scene::new(3);
    assert!(!scene.keyring.needs_renewal(NOW + CERTIFICATE_RENEWAL - 1));
    assert!(scene.keyring.needs_renewal(NOW + CERTIFICATE_RENEWAL));
    scene
        .keyring
        .renew_inbox(NOW + CERTIFICATE_RENEWAL, &mut scene.rng)
        .unwrap();
    let renewed = scene.keyring.inbox(NOW + CERTIFICATE_RENEWAL).unwrap();
    assert_eq!(
        (renewed.epoch(), scene.keyring.generation()),
        (Epoch::new(2), Generation::new(2))
    );
    assert_eq!(scene.agent_root(), scene.redemption.root);
}

#[test]
fn a_destroyed_epoch_opens_nothing_and_the_newest_cannot_be_destroyed() {
    let mut scene = Scene::new(4);
    assert_eq!(scene.keyring.destroy_epoch(Epoch::new(1)), Ok(false));
    scene.keyring.renew_inbox(NOW + 1, &mut scene.rng).unwrap();
    assert_eq!(scene.keyring.destroy_epoch(Epoch::new(1)), Ok(true));
    assert_eq!(scene.keyring.generation(), Generation::new(3));
    assert!(scene.keyring.epoch(Epoch::new(1)).is_none());
    assert_eq!(scene.keyring.destroy_epoch(Epoch::new(2)), Ok(false));
}

#[test]
fn a_certificate_holds_for_its_time_and_two_days_around_it() {
    let scene = Scene::new(5);
    let certificate = scene.keyring.newest_epoch().unwrap().certificate();
    let verify = |now| {
        certificate
            .verify(scene.partner, &scene.keyring.identity(), now)
            .map(|_| ())
    };
    assert_eq!(certificate.not_after, NOW + CERTIFICATE_LIFETIME);
    assert_eq!(verify(NOW - CLOCK_SLACK), Ok(()));
    assert_eq!(verify(NOW - CLOCK_SLACK - 1), Err(InboxError::NotYet));
    assert_eq!(verify(NOW + CERTIFICATE_LIFETIME + CLOCK_SLACK), Ok(()));
    assert_eq!(
        verify(NOW + CERTIFICATE_LIFETIME + CLOCK_SLACK + 1),
        Err(InboxError::Expired)
    );
    assert!(
        scene
            .keyring
            .inbox(NOW + CERTIFICATE_LIFETIME + CLOCK_SLACK + 1)
            .is_none()
    );
}

#[test]
fn a_certificate_is_the_same_after_a_journey_as_json() {
    let certificate = Scene::new(6).keyring.newest_epoch().unwrap().certificate();
    let json = serde_json::to_value(&certificate).unwrap();
    let mut fields: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(
        fields,
        ["epoch", "notAfter", "notBefore", "publicKey", "signature"]
    );
    assert_eq!(
        serde_json::from_value::<crate::inbox::InboxCertificate>(json).unwrap(),
        certificate
    );
}

#[test]
fn removing_an_agent_makes_an_identity_that_the_colleague_accepts_and_nothing_for_the_removed() {
    let mut scene = Scene::new(7);
    let (colleague, seed) = (
        AgentId::from_bytes([8; 16]),
        AgentSeed::generate(&mut seeded(70)),
    );
    scene
        .keyring
        .add_agent(seed.roster_entry(colleague))
        .unwrap();
    assert_eq!(
        scene.keyring.add_agent(seed.roster_entry(colleague)),
        Err(KeyringError::Roster)
    );
    let before = scene.keyring.identity();
    let secret = AgentSecret {
        seed,
        first_identity: before,
    };
    scene
        .keyring
        .remove_agent(scene.agent, NOW + 5, &mut scene.rng)
        .unwrap();
    assert_ne!(scene.keyring.identity(), before);
    assert_eq!(
        scene.keyring.remove_agent(scene.agent, NOW, &mut scene.rng),
        Err(KeyringError::NotInRoster)
    );
    assert_eq!(
        scene.keyring.seal(scene.agent, &mut scene.rng),
        Err(KeyringError::NotInRoster)
    );
    let sealed = scene.keyring.seal_to_all(&mut scene.rng);
    assert_eq!(
        sealed.iter().map(|(agent, _)| *agent).collect::<Vec<_>>(),
        [colleague]
    );
    let opened = Keyring::open(&sealed[0].1, &secret, &expected(&scene, colleague)).unwrap();
    assert_eq!(
        opened.identities().collect::<Vec<_>>(),
        [before, scene.keyring.identity()]
    );
    assert!(opened.inbox(NOW + 5).is_some());
}

#[test]
fn counters_end_without_a_panic() {
    let mut scene = Scene::new(8);
    scene.keyring.generation = Generation::new(u32::MAX);
    let identity = scene.keyring.identity();
    assert_eq!(
        scene.keyring.renew_inbox(NOW, &mut scene.rng),
        Err(KeyringError::Exhausted)
    );
    assert_eq!(
        scene.keyring.remove_agent(scene.agent, NOW, &mut scene.rng),
        Err(KeyringError::Exhausted)
    );
    assert_eq!(
        scene.keyring.destroy_epoch(Epoch::new(1)),
        Err(KeyringError::Exhausted)
    );
    assert_eq!(scene.keyring.identity.public_key(), identity);
    scene.keyring.generation = Generation::new(1);
    scene.keyring.epochs[0].epoch = Epoch::new(u32::MAX);
    assert_eq!(
        scene.keyring.renew_inbox(NOW, &mut scene.rng),
        Err(KeyringError::Exhausted)
    );
}
