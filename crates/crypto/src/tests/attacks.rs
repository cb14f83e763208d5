//! What a server, or whoever holds its database, may try; and that it is noticed.

use super::{generate::NOW, scene::Scene, seeded};
use crate::{
    agent::AgentSeed,
    identity::{IdentityError, IdentitySeed, Signature},
    ids::{AgentId, ChatRef, Epoch, Generation, LinkId, PartnerId},
    inbox::{CERTIFICATE_LIFETIME, InboxCertificate, InboxError, InboxSeed},
    keyring::{Expected, Keyring, KeyringError},
    link::{LinkError, LinkTerms, SealedLink},
    seat::{Redemption, SeatError, SeatLink, SeatRoot},
    vault::{self, Label, Vault, VaultError},
};

fn expected(scene: &Scene) -> Expected {
    let (partner, agent, generation) = (scene.partner, scene.agent, scene.keyring.generation());
    Expected {
        partner,
        agent,
        generation,
        seen: None,
    }
}

#[test]
fn a_swapped_inbox_key_is_refused() {
    let scene = Scene::new(20);
    let identity = scene.keyring.identity();
    let honest = scene.keyring.newest_epoch().unwrap().certificate();
    let own = IdentitySeed::generate(&mut seeded(201));
    let key = InboxSeed::generate(&mut seeded(202)).public_key();
    let forged = InboxCertificate::issue(scene.partner, &own, Epoch::new(1), key.clone(), NOW);
    assert_eq!(
        forged.verify(scene.partner, &identity, NOW),
        Err(InboxError::Signature)
    );
    assert_eq!(
        own.public_key().expect_fingerprint(&identity.fingerprint()),
        Err(IdentityError::Fingerprint)
    );
    let other_partner = PartnerId::from_bytes([7; 16]);
    assert_eq!(
        honest.verify(other_partner, &identity, NOW),
        Err(InboxError::Signature)
    );
    for swapped in [
        InboxCertificate {
            public_key: key,
            ..honest.clone()
        },
        InboxCertificate {
            epoch: Epoch::new(2),
            ..honest.clone()
        },
        InboxCertificate {
            not_before: NOW - 1,
            ..honest.clone()
        },
        InboxCertificate {
            not_after: honest.not_after + 1,
            ..honest.clone()
        },
    ] {
        assert_eq!(
            swapped.verify(scene.partner, &identity, NOW),
            Err(InboxError::Signature)
        );
    }
}

#[test]
fn a_certificate_for_longer_than_ninety_days_is_refused_even_if_signed() {
    let (partner, identity) = (
        PartnerId::from_bytes([1; 16]),
        IdentitySeed::generate(&mut seeded(21)),
    );
    let key = InboxSeed::generate(&mut seeded(22)).public_key();
    for (not_before, not_after) in [
        (NOW, NOW + CERTIFICATE_LIFETIME + 1),
        (NOW, NOW - 1),
        (0, u64::MAX),
    ] {
        let parts: [&[u8]; 5] = [
            partner.as_bytes(),
            &1_u32.to_be_bytes(),
            &not_before.to_be_bytes(),
            &not_after.to_be_bytes(),
            &key.to_bytes(),
        ];
        let signature = identity.sign(&crate::kdf::labelled("inbox", &parts));
        let (epoch, public_key) = (Epoch::new(1), key.clone());
        let certificate = InboxCertificate {
            epoch,
            not_before,
            not_after,
            public_key,
            signature,
        };
        assert_eq!(
            certificate.verify(partner, &identity.public_key(), NOW),
            Err(InboxError::Lifetime)
        );
    }
}

#[test]
fn a_swapped_blob_is_refused() {
    let mut scene = Scene::new(23);
    let honest = &scene.link;
    // Somebody without the link's secret can't seal a blob for it: another link's blob doesn't open.
    let other = SealedLink::create(
        *honest.terms.link_id(),
        scene.chat_ref,
        &scene.inbox,
        &mut scene.rng,
    );
    let link_id = honest.terms.link_id();
    assert_eq!(
        LinkTerms::open(link_id, &honest.secret, &other.blob),
        Err(LinkError::Unopened)
    );
    // Somebody with the secret can, but then the terms aren't what the secret is the hash of.
    let resealed = other.terms.seal(&honest.secret);
    assert_eq!(
        LinkTerms::open(link_id, &honest.secret, &resealed),
        Err(LinkError::Swapped)
    );
    // Nor does a blob open under another link's id.
    let elsewhere = LinkId::generate(&mut scene.rng);
    assert_eq!(
        LinkTerms::open(&elsewhere, &scene.link.secret, &scene.link.blob),
        Err(LinkError::Unopened)
    );
}

#[test]
fn a_vault_of_another_link_or_partner_is_refused() {
    let (scene, stranger) = (Scene::new(24), Scene::new(25));
    let own = scene.link.terms.link_id().hash();
    assert_eq!(
        Vault::open(&stranger.vault, &own, &scene.keyring),
        Err(VaultError::Unopened)
    );
    assert_eq!(
        Vault::open(
            &scene.vault,
            &stranger.link.terms.link_id().hash(),
            &scene.keyring
        ),
        Err(VaultError::Unopened)
    );
    assert_eq!(
        Vault::open(&scene.vault, &own, &stranger.keyring),
        Err(VaultError::Unopened)
    );
}

#[test]
fn a_forged_vault_leads_to_no_qr_code() {
    let mut scene = Scene::new(26);
    // Anyone can seal to the inbox key, so a server can make a vault for a link of its own making …
    let stranger = Scene::new(27);
    let label = Label::parse("").unwrap();
    let forged = |scene: &mut Scene, link: &SealedLink| {
        let id = *link.terms.link_id();
        let bytes =
            vault::seal_with_api_key(id, &link.secret, &label, &scene.inbox, &mut scene.rng);
        Vault::open(&bytes, &id.hash(), &scene.keyring).unwrap()
    };
    // … but not one that leads to other keys,
    let vault = forged(&mut scene, &stranger.link);
    let chat_ref = stranger.chat_ref;
    assert_eq!(
        vault.check(&stranger.link.blob, &chat_ref, &scene.keyring),
        Err(VaultError::OtherKeys)
    );
    // another chat,
    let (id, elsewhere) = (
        LinkId::generate(&mut scene.rng),
        ChatRef::from_bytes([3; 16]),
    );
    let link = SealedLink::create(id, elsewhere, &scene.inbox, &mut seeded(28));
    let vault = forged(&mut scene, &link);
    assert_eq!(
        vault.check(&link.blob, &scene.chat_ref, &scene.keyring),
        Err(VaultError::OtherTerms)
    );
    // or that has another link's blob.
    assert_eq!(
        vault.check(&scene.link.blob, &elsewhere, &scene.keyring),
        Err(VaultError::OtherTerms)
    );
    assert!(vault.check(&link.blob, &elsewhere, &scene.keyring).is_ok());
    assert_eq!(vault.maker, vault::Maker::ApiKey);
}

#[test]
fn a_vault_that_names_another_link_inside_is_refused() {
    let scene = Scene::new(29);
    let id = LinkId::from_bytes([5; 16]);
    let plain = [
        scene.link.terms.link_id().as_bytes(),
        scene.link.secret.expose().as_slice(),
    ]
    .concat();
    let desk = scene.keyring.desk_key();
    let mut vault = vec![1, 1];
    vault.extend(crate::aead::seal(
        desk.expose(),
        &plain,
        id.hash().as_bytes(),
        &mut seeded(30),
    ));
    assert_eq!(
        Vault::open(&vault, &id.hash(), &scene.keyring),
        Err(VaultError::OtherLink)
    );
}

#[test]
fn an_older_keyring_is_refused() {
    let mut scene = Scene::new(31);
    let old = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    scene.keyring.renew_inbox(NOW + 1, &mut scene.rng).unwrap();
    let generation = scene.keyring.generation();
    let rolled_back = Expected {
        generation: Generation::new(1),
        seen: Some(generation),
        ..expected(&scene)
    };
    assert_eq!(
        Keyring::open(&old, &scene.secret, &rolled_back),
        Err(KeyringError::Older)
    );
    // Nor can it be passed off as the newer one.
    let renamed = Expected {
        seen: Some(generation),
        ..expected(&scene)
    };
    assert_eq!(
        Keyring::open(&old, &scene.secret, &renamed),
        Err(KeyringError::Unopened)
    );
    let new = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&new, &scene.secret, &renamed).unwrap(),
        scene.keyring
    );
}

#[test]
fn a_keyring_for_another_agent_or_partner_is_refused() {
    let mut scene = Scene::new(32);
    let sealed = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    let other_agent = Expected {
        agent: AgentId::from_bytes([1; 16]),
        ..expected(&scene)
    };
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &other_agent),
        Err(KeyringError::Unopened)
    );
    let other_partner = Expected {
        partner: PartnerId::from_bytes([1; 16]),
        ..expected(&scene)
    };
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &other_partner),
        Err(KeyringError::Unopened)
    );
}

#[test]
fn a_keyring_with_an_identity_of_the_servers_making_is_refused() {
    let mut scene = Scene::new(33);
    // The server knows the agent's public key, so it can seal to it.
    let entry = scene.secret.seed.roster_entry(scene.agent);
    let mut forged = Keyring::found(scene.partner, entry, NOW, &mut scene.rng);
    let sealed = forged.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::Identity)
    );
    // It can claim that the agent's identity handed over to its own, but not sign that …
    let step = crate::identity::Succession {
        identity: forged.identity.public_key(),
        signature: Signature::from_bytes([1; 64]),
    };
    forged.first_identity = scene.secret.first_identity;
    forged.successions = vec![step];
    let sealed = forged.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::Identity)
    );
    // … nor use a step that was signed for another partner …
    let elsewhere = PartnerId::from_bytes([4; 16]);
    forged.successions = vec![scene.keyring.identity.hand_over(elsewhere, step.identity)];
    let sealed = forged.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::Identity)
    );
    // … nor name the right identity without its seed.
    forged.successions.clear();
    let sealed = forged.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::Identity)
    );
}

#[test]
fn an_added_reader_gets_nothing() {
    let mut scene = Scene::new(34);
    let intruder = AgentSeed::generate(&mut seeded(35)).roster_entry(AgentId::from_bytes([6; 16]));
    assert_eq!(
        scene.keyring.seal(intruder.agent, &mut scene.rng),
        Err(KeyringError::NotInRoster)
    );
    // The server replaces this agent's key in what it lists: the roster decides, and it has the old key.
    let sealed = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    assert!(Keyring::open(&sealed, &scene.secret, &expected(&scene)).is_ok());
    // A keyring whose roster has other keys for its reader isn't accepted either.
    scene.keyring.roster[0].sign = intruder.sign;
    let sealed = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::NotInRoster)
    );
}

#[test]
fn an_inbox_key_that_the_partner_did_not_certify_is_refused_in_a_keyring() {
    let mut scene = Scene::new(36);
    scene.keyring.epochs[0].seed = InboxSeed::generate(&mut scene.rng);
    let sealed = scene.keyring.seal(scene.agent, &mut scene.rng).unwrap();
    assert_eq!(
        Keyring::open(&sealed, &scene.secret, &expected(&scene)),
        Err(KeyringError::Inbox)
    );
}

#[test]
fn a_seat_moved_to_another_chat_link_or_kind_has_another_root() {
    let mut scene = Scene::new(37);
    let (vault, handshake) = (scene.opened_vault(), scene.redemption.handshake.clone());
    assert_eq!(scene.agent_root(), scene.redemption.root);
    let receive = |link, chat_ref: &ChatRef| {
        SeatRoot::receive(&scene.keyring, link, chat_ref, &handshake).unwrap()
    };
    let elsewhere = ChatRef::derive(scene.partner, "order-4712");
    assert_ne!(
        receive(SeatLink::Sealed(&vault), &elsewhere),
        scene.redemption.root
    );
    let link = vault.link_id.hash();
    assert_ne!(
        receive(SeatLink::Plain(&link), &scene.chat_ref),
        scene.redemption.root
    );
    let other = Scene::new(38).opened_vault();
    assert_ne!(
        receive(SeatLink::Sealed(&other), &scene.chat_ref),
        scene.redemption.root
    );
    scene.redemption.handshake.epoch = Epoch::new(9);
    let missing = SeatRoot::receive(
        &scene.keyring,
        SeatLink::Sealed(&vault),
        &scene.chat_ref,
        &scene.redemption.handshake,
    );
    assert_eq!(missing, Err(SeatError::NoKey));
}

#[test]
fn a_plain_link_gives_both_ends_the_same_root_and_words() {
    let mut scene = Scene::new(39);
    let link_id = LinkId::generate(&mut scene.rng);
    let customer = Redemption::plain(&link_id, &scene.chat_ref, &scene.inbox, &mut scene.rng);
    let receive = |link_id: &LinkId| {
        SeatRoot::receive(
            &scene.keyring,
            SeatLink::Plain(&link_id.hash()),
            &scene.chat_ref,
            &customer.handshake,
        )
    };
    assert_eq!(receive(&link_id).unwrap(), customer.root);
    assert_eq!(
        crate::words::words(&receive(&link_id).unwrap()),
        crate::words::words(&customer.root)
    );
    assert_ne!(
        receive(&LinkId::from_bytes([0; 16])).unwrap(),
        customer.root
    );
    assert!(customer.proof.is_none());
}

#[test]
fn a_sealed_link_leads_the_customer_to_the_partner() {
    let scene = Scene::new(40);
    let address =
        crate::link::LinkAddress::parse(&scene.link.address("https://chat.example/").to_url())
            .unwrap();
    let crate::link::Fragment::Sealed(secret) = address.fragment() else {
        panic!("{address:?}")
    };
    let terms = LinkTerms::open(address.link_id(), secret, &scene.link.blob).unwrap();
    assert_eq!(terms, scene.link.terms);
    assert_eq!(
        (terms.chat_ref(), *terms.identity()),
        (&scene.chat_ref, scene.keyring.identity())
    );
    assert_eq!(secret.proof().hash(), scene.link.proof_hash);
    assert_eq!(scene.redemption.proof, Some(secret.proof()));
    let vault = scene.opened_vault();
    assert_eq!(
        (vault.label.as_str(), vault.maker),
        ("table 4", vault::Maker::Agent)
    );
    assert_eq!(
        vault
            .check(&scene.link.blob, &scene.chat_ref, &scene.keyring)
            .unwrap(),
        terms
    );
}
