//! One seat's keys: seals what goes out, opens what comes in, and follows the transcript.

use rand_core::CryptoRng;
use wicketgate_crypto::{
    ids::{ChatRef, LinkHash, MessageId, SeatNumber},
    keyring::Keyring,
    message::{self, Content, MessageText, Place},
    seat::{Handshake, SeatLink, SeatRoot},
    transcript::{Agreement, Chain, Witness},
    vault::Vault,
};
use wicketgate_protocol::{
    chat::SeatRow,
    message::{LONGEST_BODY, Message, Side},
};

use crate::{
    customer::Customer,
    error::Error,
    server::Bearer,
    trust::{self, bytes, parsed},
};

/// Whatever can be sealed, the server takes.
const _: () = assert!(message::LONGEST_SEALED == LONGEST_BODY);

/// A seat's keys and how far its messages were followed.
#[derive(Debug)]
pub(crate) struct SeatKeys {
    chat_ref: ChatRef,
    seat: SeatNumber,
    own: Side,
    root: SeatRoot,
    chain: Chain,
}

/// A message that was followed.
#[derive(Debug)]
pub(crate) struct Followed {
    /// What it says; nothing where it doesn't open.
    pub(crate) content: Option<Content>,
    /// Whether its sender saw another history than this side.
    pub(crate) differs: bool,
}

impl SeatKeys {
    /// A customer's own seat, from its beginning, and the right to it.
    pub(crate) fn of_customer(customer: Customer) -> (Bearer, Self) {
        let Customer {
            bearer,
            chat_ref,
            seat,
            first_seq,
            handshake,
            root,
            ..
        } = customer;
        let seat = SeatNumber::new(seat);
        let chain = Chain::start(&chat_ref, seat, &handshake.enc, first_seq);
        (
            bearer,
            Self {
                chat_ref,
                seat,
                own: Side::Customer,
                root,
                chain,
            },
        )
    }

    /// A customer's seat as the partner's agents compute it. `newest` is the newest message of the chat that this side
    /// has, and `named` the transcript that the server named for it; a seat that begins later begins from its own start.
    pub(crate) fn of_agent(
        keyring: &Keyring,
        row: &SeatRow,
        newest: u64,
        named: Option<Witness>,
    ) -> Result<Self, Error> {
        let chat_ref: ChatRef = parsed("chat", &row.chat)?;
        let handshake = row.handshake.as_ref().ok_or(Error::Untrusted(
            "the customer's browser took part without keys, so nobody could read it there",
        ))?;
        let handshake = trust::handshake(handshake)?;
        let seat = SeatNumber::new(row.number);
        let root = agent_root(keyring, row, &chat_ref, &handshake)?;
        let chain = if row.first_seq > newest {
            Chain::start(&chat_ref, seat, &handshake.enc, row.first_seq)
        } else {
            let named = named.filter(|witness| witness.number == newest);
            Chain::resume(named.ok_or_else(|| Error::Strange("it lacks a transcript".into()))?)
        };
        Ok(Self {
            chat_ref,
            seat,
            own: Side::Partner,
            root,
            chain,
        })
    }

    /// Seals a text of this side.
    pub(crate) fn seal(
        &self,
        cid: MessageId,
        text: &MessageText,
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        message::seal(
            &self.root,
            &self.place(self.own, cid),
            &self.chain.newest(),
            text,
            rng,
        )
    }

    /// Follows the next message. What doesn't open is followed too: the rest goes on.
    pub(crate) fn follow(&mut self, message: &Message) -> Result<Followed, Error> {
        let cid: MessageId = parsed("message", &message.cid)?;
        let place = self.place(message.from, cid);
        let opened = message::open(&self.root, &place, &message.body.0).ok();
        // Compared before it is appended: a sender can't have seen its own message.
        let differs = opened
            .as_ref()
            .is_some_and(|opened| self.contradicts(&opened.witness));
        self.chain
            .append(message.seq, place.role, cid, &message.body.0)
            .map_err(|gap| Error::Strange(gap.to_string()))?;
        Ok(Followed {
            content: opened.map(|opened| opened.content),
            differs,
        })
    }

    fn contradicts(&self, witness: &Witness) -> bool {
        match self.chain.compare(witness) {
            Agreement::Same | Agreement::Forgotten => false,
            // Naming a message that has no number yet is as wrong as naming another one.
            Agreement::Differs | Agreement::Ahead => true,
        }
    }

    fn place(&self, from: Side, message: MessageId) -> Place {
        Place {
            chat_ref: self.chat_ref,
            seat: self.seat,
            role: trust::role(from),
            message,
        }
    }
}

fn agent_root(
    keyring: &Keyring,
    row: &SeatRow,
    chat_ref: &ChatRef,
    handshake: &Handshake,
) -> Result<SeatRoot, Error> {
    let link: LinkHash = bytes("link", &row.link_hash)?;
    let refused =
        |_| Error::Untrusted("the keys of this chat don't open with the partner's keyring");
    match &row.vault {
        Some(vault) => {
            let vault = Vault::open(&vault.0, &link, keyring).map_err(|_| {
                Error::Untrusted("the link of this chat doesn't open with the partner's keyring")
            })?;
            SeatRoot::receive(keyring, SeatLink::Sealed(&vault), chat_ref, handshake)
                .map_err(refused)
        }
        None => {
            SeatRoot::receive(keyring, SeatLink::Plain(&link), chat_ref, handshake).map_err(refused)
        }
    }
}
