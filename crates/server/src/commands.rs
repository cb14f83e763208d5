//! The commands that change something: each writes to the store and then publishes, for HTTP and the socket alike.
//!
//! Nothing is published before it is durable. A handler whose connection may be cut between the two runs the command in
//! a task of its own.

use crate::app::AppState;
use std::sync::Arc;
use wicketgate_domain::{
    ChatRef, KeyRef, LinkRef, PartnerId, SessionRef, StoreError,
    chat::{Chat, ChatError, Cursors, Participant},
    event::{Credential, Event, Topic},
    key::{ApiKey, KeyError},
    link::{Link, LinkError, LinkQuery, LinkState, Redeemed, Redemption},
    message::{NewMessage, Sent},
    seat::{SeatClosed, SeatHolder, SeatNumber},
    session::Session,
    side::Side,
};

/// The most links of one chat whose revocation is told one by one when the chat ends.
const MOST_TOLD: u32 = 200;

/// Stores a message and tells both sides.
pub(crate) async fn send(
    state: &AppState,
    who: &Participant,
    message: NewMessage,
) -> Result<Sent, ChatError> {
    let sent = state.store.send(who, message).await?;
    if sent.first {
        let (chat, partner) = (sent.chat.chat_ref, sent.chat.partner);
        let event = Event::Message(Arc::new(sent.message.clone()));
        to_both(state, partner, chat, &event);
        let row = Event::Chat(Arc::new(sent.chat.clone()));
        to_agents(state, partner, &row);
    }
    Ok(sent)
}

/// Moves one side's cursors and tells both sides.
pub(crate) async fn seen(
    state: &AppState,
    who: &Participant,
    chat: ChatRef,
    cursors: Cursors,
) -> Result<Cursors, ChatError> {
    let (cursors, row) = state.store.mark_seen(who, chat, cursors).await?;
    let event = Event::Seen {
        chat,
        seat: seat_of(who),
        by: who.side(),
        cursors,
    };
    to_both(state, row.partner, chat, &event);
    if who.side() == Side::Partner {
        to_agents(state, row.partner, &Event::Chat(Arc::new(row)));
    }
    Ok(cursors)
}

/// Tells the other side that someone is typing, or has stopped.
pub(crate) async fn typing(
    state: &AppState,
    who: &Participant,
    chat: ChatRef,
    typing: bool,
) -> Result<(), ChatError> {
    let event = Event::Typing {
        chat,
        by: who.side(),
        typing,
    };
    match who {
        Participant::Agent(partner) => {
            let row = state.store.chat(*partner, chat).await?;
            row.ok_or(ChatError::NotFound)?;
            to_customer(state, chat, &event);
        }
        Participant::Customer(seat) if seat.chat != chat => return Err(ChatError::NotFound),
        Participant::Customer(seat) => {
            if let Some(why) = seat.closed {
                return Err(ChatError::SeatClosed(why));
            }
            to_agents(state, seat.partner, &event);
        }
    }
    Ok(())
}

/// Notes that a customer asks for a new link, and tells the agents the first time.
pub(crate) async fn ask_for_link(state: &AppState, holder: &SeatHolder) -> Result<(), ChatError> {
    let now = state.now();
    let (seat, row) = state.store.ask_for_link(holder, now).await?;
    if seat.asked_at == Some(now) {
        to_agents(state, row.partner, &Event::Seat(Arc::new(seat)));
        to_agents(state, row.partner, &Event::Chat(Arc::new(row)));
    }
    Ok(())
}

/// Ends a chat for good, and tells both sides: the seat is closed, unused links are revoked.
pub(crate) async fn end(
    state: &AppState,
    who: &Participant,
    chat: ChatRef,
) -> Result<Chat, ChatError> {
    let partner = who.partner();
    let live_seat = match who {
        Participant::Customer(seat) => Some(seat.number),
        Participant::Agent(_) => state
            .store
            .chat(partner, chat)
            .await?
            .and_then(|chat| chat.live_seat),
    };
    let now = state.now();
    let row = state.store.end_chat(who, chat, now).await?;
    state.credentials.forget_seats(chat, None);
    if let Some(seat) = live_seat {
        close_seat(state, partner, chat, seat, SeatClosed::ChatEnded);
    }
    let event = Event::Chat(Arc::new(row.clone()));
    to_both(state, partner, chat, &event);
    let revoked = LinkQuery {
        partner,
        state: Some(LinkState::Revoked),
        chat: Some(chat),
        used_since: None,
        after: None,
        limit: MOST_TOLD,
        now,
    };
    // The chat has ended already: that its links can't be listed now must not look as if it had not.
    if let Ok(links) = state.store.links(revoked).await {
        for link in links
            .into_iter()
            .filter(|link| link.revoked_at == Some(now))
        {
            link_changed(state, link);
        }
    }
    Ok(row)
}

/// Tells the agents that a link was made, revoked, used, or tried once more.
pub(crate) fn link_changed(state: &AppState, link: Link) {
    to_agents(state, link.partner, &Event::Link(Arc::new(link)));
}

/// Redeems a link and tells everyone concerned.
pub(crate) async fn redeem(
    state: &AppState,
    redemption: Redemption,
) -> Result<Redeemed, LinkError> {
    let redeemed = match state.store.redeem_link(redemption).await {
        Ok(redeemed) => redeemed,
        Err((error, tried)) => {
            if let Some(link) = tried {
                link_changed(state, *link);
            }
            return Err(error);
        }
    };
    if redeemed.first {
        let seat = &redeemed.seat;
        if let Some(replaced) = seat.replaced {
            let (chat, partner) = (seat.chat, seat.partner);
            state.credentials.forget_seats(chat, Some(replaced));
            close_seat(state, partner, chat, replaced, SeatClosed::Superseded);
        }
        link_changed(state, redeemed.link.clone());
        came_in(state, seat.partner, seat.chat, seat.number).await;
    }
    Ok(redeemed)
}

/// Tells the agents who came in. Nothing is read when none of them listens.
async fn came_in(state: &AppState, partner: PartnerId, chat: ChatRef, number: SeatNumber) {
    if !state.relay.online(Topic::Partner(partner)) {
        return;
    }
    // The redemption is durable: what can't be read now, the agents' next reading brings.
    if let Ok(seats) = state.store.seats(partner, chat).await
        && let Some(seat) = seats.into_iter().find(|seat| seat.number == number)
    {
        to_agents(state, partner, &Event::Seat(Arc::new(seat)));
    }
    if let Ok(Some(row)) = state.store.chat(partner, chat).await {
        to_agents(state, partner, &Event::Chat(Arc::new(row)));
    }
}

/// Ends a valid link; the agents are told the first time.
pub(crate) async fn revoke_link(
    state: &AppState,
    partner: PartnerId,
    link: LinkRef,
) -> Result<Link, LinkError> {
    let now = state.now();
    let link = state.store.revoke_link(partner, link, now).await?;
    if link.revoked_at == Some(now) {
        link_changed(state, link.clone());
    }
    Ok(link)
}

/// Revokes an API key; what is connected with it goes.
pub(crate) async fn revoke_key(
    state: &AppState,
    partner: PartnerId,
    key: KeyRef,
) -> Result<ApiKey, KeyError> {
    let row = state.store.revoke_key(partner, key, state.now()).await?;
    expel(state, partner, Credential::Key(key));
    Ok(row)
}

/// Ends one of an agent's sessions; what is connected with it goes. False when there is none of that name.
pub(crate) async fn end_session(
    state: &AppState,
    asking: &Session,
    ended: SessionRef,
) -> Result<bool, StoreError> {
    let was = state.store.end_session(asking.agent, ended).await?;
    if was {
        expel(state, asking.partner, Credential::Session(ended));
    }
    Ok(was)
}

/// Whoever is connected with that credential must go, and it is not remembered as good.
pub(crate) fn expel(state: &AppState, partner: PartnerId, credential: Credential) {
    state.credentials.forget(credential);
    to_agents(state, partner, &Event::Expelled(credential));
}

fn close_seat(
    state: &AppState,
    partner: PartnerId,
    chat: ChatRef,
    seat: SeatNumber,
    why: SeatClosed,
) {
    to_both(state, partner, chat, &Event::SeatClosed { chat, seat, why });
}

fn to_both(state: &AppState, partner: PartnerId, chat: ChatRef, event: &Event) {
    to_customer(state, chat, event);
    to_agents(state, partner, event);
}

fn to_agents(state: &AppState, partner: PartnerId, event: &Event) {
    state.relay.publish(&[Topic::Partner(partner)], event);
}

fn to_customer(state: &AppState, chat: ChatRef, event: &Event) {
    state.relay.publish(&[Topic::Chat(chat)], event);
}

const fn seat_of(who: &Participant) -> Option<SeatNumber> {
    match who {
        Participant::Agent(_) => None,
        Participant::Customer(seat) => Some(seat.number),
    }
}
