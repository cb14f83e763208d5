//! A partner's rows in memory: what a database does about a decision, without one.

mod books;
mod wish;

use crate::fixtures::{BY_AGENT, PARTNER};
use bytes::Bytes;
use std::{collections::BTreeMap, fmt::Debug};
use wicketgate_domain::{
    ChatRef, Cid, Hash, Timestamp,
    chat::{Chat, Cursors, Participant},
    decide::{
        self, Decision, Happened,
        chat::{AskWrite, EndWrite, SeenFacts, SeenWrite},
        link::{
            ChatForLink, CreateFacts, CreateWrite, OpenSeat, RedeemFacts, RedeemWrite,
            SeatRedemption,
        },
        message::{SendFacts, SendWrite},
    },
    link::{Link, LinkState, NewLink, Redemption},
    message::{Message, NewMessage},
    seat::{Handshake, Seat, SeatClosed, SeatNumber},
    side::Side,
    text::ChatId,
};
pub(crate) use wish::{By, Outcome, Wish};
use wish::{chat_id, chat_ref, new_link, participant, press};

/// The inbox epochs that the partner has.
const EPOCHS: [u32; 2] = [1, 2];

/// A chat with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) chat: Chat,
    pub(crate) transcript: Option<Hash>,
    pub(crate) seats: Vec<(Seat, SeatRedemption)>,
    pub(crate) messages: Vec<Message>,
}

/// Everything that is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct World {
    pub(crate) links: BTreeMap<u8, (Link, Hash)>,
    pub(crate) rooms: BTreeMap<u8, Room>,
}

impl World {
    /// Loads, decides and applies; holds what was written against what is said to have happened.
    pub(crate) fn grant(&mut self, wish: &Wish, now: Timestamp) -> Outcome {
        match wish.clone() {
            Wish::Create {
                link,
                chat,
                is_sealed,
                may_reopen,
            } => self.create(link, &new_link((link, chat), is_sealed, may_reopen, now)),
            Wish::Redeem {
                link,
                someone,
                has_claim,
                has_proof,
                epoch,
            } => {
                let wish = press((link, someone), has_claim, has_proof, epoch, now);
                self.redeem(link, &wish)
            }
            Wish::Revoke { link } => self.revoke(link, now),
            Wish::Send {
                chat,
                by,
                seat,
                cid,
                body,
            } => {
                let new = NewMessage {
                    chat: chat_ref(chat),
                    seat: SeatNumber(seat),
                    cid: Cid::from_bytes([cid; 16]),
                    body: Bytes::from(vec![body]),
                    now,
                };
                self.send(chat, &participant(chat, by), &new)
            }
            Wish::Seen { chat, by, cursors } => {
                self.mark_seen(chat, &participant(chat, by), cursors, now)
            }
            Wish::Ask { chat, seat } => self.ask(chat, &participant(chat, By::Seat(seat)), now),
            Wish::End { chat, by } => self.end(chat, &participant(chat, by), now),
        }
    }

    fn create(&mut self, number: u8, new: &NewLink) -> Outcome {
        let room = self.room_of(&new.chat_id);
        let facts = CreateFacts {
            stored: self.links.get(&number).cloned(),
            made_a_seat: false,
            has_partner: true,
            has_epoch: true,
            chat: room.map(|room| ChatForLink {
                seats: room.chat.seats,
                ended: room.chat.ended.is_some(),
            }),
        };
        let decision = decide::link::create(new, facts);
        self.settle(decision, new.now, |world, write| {
            let CreateWrite {
                link,
                content,
                makes_chat,
            } = write;
            if makes_chat {
                world.make_room(&link, new.now);
            }
            world.links.insert(number, (link, content));
        })
    }

    fn room_of(&self, chat_id: &ChatId) -> Option<&Room> {
        self.rooms
            .values()
            .find(|room| room.chat.chat_id == *chat_id)
    }

    fn make_room(&mut self, link: &Link, now: Timestamp) {
        let number = (0..=u8::MAX).find(|number| chat_id(*number) == link.chat_id);
        let chat = Chat {
            chat_ref: link.chat,
            chat_id: link.chat_id.clone(),
            created_at: now,
            active_at: now,
            ..crate::fixtures::unused_chat()
        };
        let room = Room {
            chat,
            transcript: None,
            seats: Vec::new(),
            messages: Vec::new(),
        };
        self.rooms.insert(number.unwrap(), room);
    }

    fn redeem(&mut self, number: u8, wish: &Redemption) -> Outcome {
        let Some((link, _)) = self.links.get(&number).cloned() else {
            return Outcome::missing();
        };
        let (chat, room) = self
            .rooms
            .iter()
            .find(|(_, room)| room.chat.chat_ref == link.chat)
            .unwrap();
        let chat = *chat;
        let made = room
            .seats
            .iter()
            .find(|(seat, _)| seat.link_hash == wish.id_hash);
        let known = |handshake: &Handshake| EPOCHS.contains(&handshake.epoch);
        let facts = RedeemFacts {
            made: made.map(|(seat, made)| SeatRedemption {
                closed: seat.closed,
                ..made.clone()
            }),
            has_epoch: wish.handshake.as_ref().is_some_and(known),
            chat: room.chat.clone(),
            link,
        };
        let decision = decide::link::redeem(wish, facts);
        self.settle(decision, wish.now, |world, write| match write {
            RedeemWrite::CountAttempt(link) => world.put_link(number, *link),
            RedeemWrite::Open(opened) => {
                world.put_link(number, opened.link.clone());
                world.open_seat(chat, *opened);
            }
        })
    }

    fn put_link(&mut self, number: u8, link: Link) {
        self.links.get_mut(&number).unwrap().0 = link;
    }

    fn open_seat(&mut self, chat: u8, opened: OpenSeat) {
        let room = self.rooms.get_mut(&chat).unwrap();
        if let Some(replaced) = opened.replaced {
            room.close(replaced, SeatClosed::Superseded);
        }
        let made = SeatRedemption {
            claim: opened.claim_hash,
            handshake: opened.seat.handshake.clone(),
            closed: None,
            number: opened.seat.number,
            first_seq: opened.seat.first_seq,
            replaced: opened.replaced,
        };
        room.seats.push((opened.seat, made));
        (room.chat, room.transcript) = (opened.chat, opened.transcript);
    }

    fn revoke(&mut self, number: u8, now: Timestamp) -> Outcome {
        let Some((link, _)) = self.links.get(&number).cloned() else {
            return Outcome::missing();
        };
        let decision = decide::link::revoke(link, BY_AGENT, now);
        self.settle(decision, now, |world, link| world.put_link(number, link))
    }

    fn send(&mut self, chat: u8, who: &Participant, new: &NewMessage) -> Outcome {
        let Some(room) = self.rooms.get(&chat) else {
            return Outcome::missing();
        };
        let is_it = |message: &&Message| message.cid == new.cid && message.from == who.side();
        let facts = SendFacts {
            chat: room.chat.clone(),
            transcript: room.transcript,
            stored: room.messages.iter().find(is_it).cloned(),
        };
        let decision = decide::message::send(who, new, facts);
        self.settle(decision, new.now, |world, write| {
            let SendWrite { message, chat: row } = write;
            let room = world.rooms.get_mut(&chat).unwrap();
            room.transcript = Some(message.transcript);
            room.messages.push(message);
            room.chat = row;
        })
    }

    fn mark_seen(&mut self, chat: u8, who: &Participant, at: Cursors, now: Timestamp) -> Outcome {
        let Some(room) = self.rooms.get(&chat) else {
            return Outcome::missing();
        };
        let read = decide::chat::possible(at, room.chat.last_seq).read;
        let count = |above, up_to| Ok::<_, ()>(room.written_by_customer(above, up_to));
        let facts = SeenFacts {
            unread: decide::chat::unread_after(&room.chat, read, count).unwrap(),
            seat: who.seat().and_then(|number| room.seat(number).cloned()),
            chat: room.chat.clone(),
        };
        let decision = decide::chat::mark_seen(who, at, facts, now);
        self.settle(decision, now, |world, write| {
            let room = world.rooms.get_mut(&chat).unwrap();
            match write {
                SeenWrite::Chat(row) => room.chat = row,
                SeenWrite::Seat(seat) => room.put_seat(seat),
            }
        })
    }

    fn ask(&mut self, chat: u8, who: &Participant, now: Timestamp) -> Outcome {
        let found = self.rooms.get(&chat).and_then(|room| {
            let seat = room.seat(who.seat()?)?;
            Some((room.chat.clone(), seat.clone()))
        });
        let Some((row, seat)) = found else {
            return Outcome::missing();
        };
        let decision = decide::chat::ask_for_link(who, row, seat, now);
        self.settle(decision, now, |world, write| {
            let AskWrite { seat, chat: row } = write;
            let room = world.rooms.get_mut(&chat).unwrap();
            room.put_seat(seat);
            room.chat = row;
        })
    }

    fn end(&mut self, chat: u8, who: &Participant, now: Timestamp) -> Outcome {
        let Some(room) = self.rooms.get(&chat) else {
            return Outcome::missing();
        };
        let seat = who.seat().and_then(|number| room.seat(number));
        let decision = decide::chat::end(who, room.chat.clone(), seat, now);
        self.settle(decision, now, |world, write| {
            let EndWrite {
                chat: row,
                closes,
                now,
            } = write;
            world.revoke_all(row.chat_ref, now);
            let room = world.rooms.get_mut(&chat).unwrap();
            if let Some(seat) = closes {
                room.close(seat, SeatClosed::ChatEnded);
            }
            room.chat = row;
        })
    }

    fn revoke_all(&mut self, chat: ChatRef, now: Timestamp) {
        for (link, _) in self.links.values_mut() {
            if link.chat == chat && link.state(now) == LinkState::Valid {
                link.revoked_at = Some(now);
                link.rev += 1;
            }
        }
    }

    /// Applies what was decided, and checks the books.
    fn settle<T: Debug, W, E: Debug>(
        &mut self,
        decision: Decision<T, W, E>,
        now: Timestamp,
        apply: impl FnOnce(&mut Self, W),
    ) -> Outcome {
        let Decision {
            answer,
            write,
            happened,
        } = decision;
        let (before, wrote) = (self.clone(), write.is_some());
        assert_eq!(
            wrote,
            happened.is_some(),
            "an event is there exactly when something is written"
        );
        if let Some(write) = write {
            apply(self, write);
        }
        let events = happened.map_or_else(Vec::new, |happened| {
            let Happened {
                partner,
                at,
                events,
                ..
            } = happened;
            assert_eq!((partner, at), (PARTNER, now));
            assert!(!events.is_empty());
            events
        });
        books::check(&before, self, &events);
        Outcome {
            answer: answer.map(|_| ()).map_err(|error| format!("{error:?}")),
            wrote,
        }
    }
}

impl Room {
    fn seat(&self, number: SeatNumber) -> Option<&Seat> {
        let mut seats = self.seats.iter().map(|(seat, _)| seat);
        seats.find(|seat| seat.number == number)
    }

    fn put_seat(&mut self, seat: Seat) {
        let mut seats = self.seats.iter_mut().map(|(seat, _)| seat);
        let old = seats.find(|old| old.number == seat.number).unwrap();
        *old = seat;
    }

    fn close(&mut self, number: SeatNumber, why: SeatClosed) {
        let seat = self.seat(number).unwrap().clone();
        self.put_seat(Seat {
            closed: Some(why),
            rev: seat.rev + 1,
            ..seat
        });
    }

    /// How many messages of the customer's stand above one number and up to another.
    pub(crate) fn written_by_customer(&self, above: u64, up_to: u64) -> u32 {
        let counted = self.messages.iter().filter(|message| {
            message.from == Side::Customer && message.seq > above && message.seq <= up_to
        });
        u32::try_from(counted.count()).unwrap()
    }
}
