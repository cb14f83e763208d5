//! No secret is printed by `Debug`.

use zeroize::Zeroizing;

use super::scene::Scene;
use crate::{
    agent::{AgentSecret, AgentSeed, AuthKey, WrapKey, WrapKind},
    api_key::ApiKey,
    identity::{DeskKey, IdentityPublicKey, IdentitySeed},
    inbox::InboxSeed,
    link::{Fragment, LinkProof, LinkSecret},
    message::{Content, MessageText},
    password::{AgentKeys, Password},
    recovery::RecoveryCode,
    seat::{Claim, SeatRoot},
    vault::Label,
};

#[test]
fn debug_of_a_secret_prints_its_name_alone() {
    let printed = [
        format!("{:?}", AgentSeed::from_bytes([7; 32])),
        format!("{:?}", AuthKey::from_bytes([7; 32])),
        format!(
            "{:?}",
            WrapKey::new(WrapKind::Password, Zeroizing::new([7; 32]))
        ),
        format!("{:?}", IdentitySeed::from_bytes([7; 32])),
        format!("{:?}", DeskKey::from_bytes([7; 32])),
        format!("{:?}", InboxSeed::from_bytes([7; 32])),
        format!("{:?}", LinkSecret::from_bytes([7; 32])),
        format!("{:?}", LinkProof::from_bytes([7; 32])),
        format!("{:?}", Fragment::Sealed(LinkSecret::from_bytes([7; 32]))),
        format!("{:?}", Password::entered("hunter2")),
        format!("{:?}", RecoveryCode::from_bytes([7; 20])),
        format!("{:?}", Claim::from_bytes([7; 32])),
        format!("{:?}", SeatRoot::from_bytes([7; 32])),
        format!("{:?}", Label::parse("table 7").unwrap()),
        format!("{:?}", Content::Text(MessageText::parse("hello").unwrap())),
        format!(
            "{:?}",
            ApiKey::parse("wg_777777777777.77777777777777777777777777777777").unwrap()
        ),
        format!(
            "{:?}",
            AgentKeys {
                auth: AuthKey::from_bytes([7; 32]),
                wrap: WrapKey::new(WrapKind::Recovery, Zeroizing::new([7; 32])),
            }
        ),
        format!(
            "{:?}",
            AgentSecret {
                seed: AgentSeed::from_bytes([7; 32]),
                first_identity: IdentityPublicKey::from_bytes([1; 32]),
            }
        ),
    ];
    insta::assert_snapshot!(printed.join("\n"));
}

#[test]
fn debug_of_what_holds_secrets_prints_none() {
    let scene = Scene::new(90);
    let printed = format!(
        "{:?} {:?} {:?} {:?}",
        scene.keyring,
        scene.link,
        scene.redemption,
        scene.opened_vault()
    );
    let secrets: [&[u8; 32]; 5] = [
        scene.keyring.identity.expose(),
        scene.keyring.epochs[0].seed.expose(),
        scene.link.secret.expose(),
        scene.redemption.claim.expose(),
        scene.redemption.root.expose(),
    ];
    for secret in secrets {
        assert!(!printed.contains(&crate::encoding::encode(secret)));
        assert!(!printed.contains(&format!("{secret:?}")));
        assert!(!printed.contains(&hex::encode(secret)));
    }
    assert!(!printed.contains("table 4"));
}
