//! A partner with one agent, a sealed link, and a customer who redeemed it: what most tests begin with.

use rand_chacha::ChaCha20Rng;

use super::{generate::NOW, seeded};
use crate::{
    agent::{AgentSecret, AgentSeed},
    ids::{AgentId, ChatRef, LinkId, MessageId, PartnerId, SeatNumber},
    inbox::TrustedInbox,
    keyring::Keyring,
    link::SealedLink,
    message::Place,
    role::Role,
    seat::{Redemption, SeatLink, SeatRoot},
    vault::{self, Label, Vault},
};

pub(crate) struct Scene {
    pub(crate) rng: ChaCha20Rng,
    pub(crate) partner: PartnerId,
    pub(crate) agent: AgentId,
    pub(crate) secret: AgentSecret,
    pub(crate) keyring: Keyring,
    pub(crate) inbox: TrustedInbox,
    pub(crate) chat_ref: ChatRef,
    pub(crate) link: SealedLink,
    pub(crate) vault: Vec<u8>,
    pub(crate) redemption: Redemption,
}

impl Scene {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = seeded(seed);
        let partner =
            PartnerId::from_bytes([seed.to_be_bytes(), [1; 8]].concat().try_into().unwrap());
        let agent = AgentId::from_bytes([seed.to_be_bytes(), [2; 8]].concat().try_into().unwrap());
        let agent_seed = AgentSeed::generate(&mut rng);
        let keyring = Keyring::found(partner, agent_seed.roster_entry(agent), NOW, &mut rng);
        let secret = AgentSecret {
            seed: agent_seed,
            first_identity: *keyring.first_identity(),
        };
        let inbox = keyring.inbox(NOW).unwrap();
        let chat_ref = ChatRef::derive(partner, "order-4711");
        let link = SealedLink::create(LinkId::generate(&mut rng), chat_ref, &inbox, &mut rng);
        let label = Label::parse("table 4").unwrap();
        let vault = vault::seal_as_agent(
            *link.terms.link_id(),
            &link.secret,
            &label,
            &keyring.desk_key(),
            &mut rng,
        );
        let redemption = Redemption::sealed(&link.terms, &mut rng);
        Self {
            rng,
            partner,
            agent,
            secret,
            keyring,
            inbox,
            chat_ref,
            link,
            vault,
            redemption,
        }
    }

    pub(crate) fn opened_vault(&self) -> Vault {
        Vault::open(
            &self.vault,
            &self.link.terms.link_id().hash(),
            &self.keyring,
        )
        .unwrap()
    }

    /// The root as the agent computes it.
    pub(crate) fn agent_root(&self) -> SeatRoot {
        let vault = self.opened_vault();
        SeatRoot::receive(
            &self.keyring,
            SeatLink::Sealed(&vault),
            &self.chat_ref,
            &self.redemption.handshake,
        )
        .unwrap()
    }

    /// The place of a new message in seat 1.
    pub(crate) fn place(&mut self, role: Role) -> Place {
        let message = MessageId::generate(NOW * 1000, &mut self.rng);
        Place {
            chat_ref: self.chat_ref,
            seat: SeatNumber::new(1),
            role,
            message,
        }
    }
}
