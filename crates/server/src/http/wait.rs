//! Waiting for a message over plain HTTP, for bots and for networks that break sockets.

use super::identity::Admission;
use crate::{sockets::Signal, state::AppState};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use wicketgate_domain::{
    ChatRef,
    chat::{ChatError, Participant},
    event::Event,
    message::{Message, Page, Range},
};
use wicketgate_relay::Delivery;

/// The longest that a client may wait.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(25);

/// Reads a stretch of a chat; while it is empty, waits that long for a message and reads again. What the other side does
/// besides ends the wait too: how the chat stands then is to be asked for.
///
/// # Errors
/// As [`wicketgate_domain::message::MessageStore::messages`].
pub(crate) async fn page(
    state: &AppState,
    admission: &Admission,
    chat: ChatRef,
    range: Range,
    limit: u32,
    wait: Duration,
) -> Result<Page, ChatError> {
    let read = || state.store.messages(&admission.who, chat, range, limit);
    if wait.is_zero() {
        return read().await;
    }
    // Listening before reading: what is stored in between is heard.
    let mut subscription = state.relay.listen(&admission.who);
    let mut heartbeat = state.sockets.join();
    let deadline = Instant::now() + wait.min(LONGEST_WAIT);
    loop {
        let page = read().await?;
        if !page.messages.is_empty() {
            return Ok(page);
        }
        let news = async {
            loop {
                tokio::select! {
                    delivery = subscription.recv() => match news(&delivery, admission, chat) {
                        News::None => {}
                        News::Message => return true,
                        News::PeerStatus | News::End => return false,
                    },
                    signal = heartbeat.next() => if signal == Signal::Leave {
                        return false;
                    },
                }
            }
        };
        if timeout_at(deadline, news).await != Ok(true) {
            return Ok(page);
        }
    }
}

/// What an event means to someone who waits.
enum News {
    None,
    Message,
    /// How far the other side has read, or whether it is there.
    PeerStatus,
    End,
}

fn news(delivery: &Delivery, admission: &Admission, chat: ChatRef) -> News {
    let Delivery::Event(told) = delivery else {
        return News::Message;
    };
    let own = admission.who.side();
    match &told.event {
        Event::Message(message) if is_for(message, &admission.who, chat) => News::Message,
        Event::Expelled(credential) if *credential == admission.credential => News::End,
        Event::Seen { chat: of, by, .. } if *of == chat && *by != own => News::PeerStatus,
        Event::Presence { chat: of, by, .. } if of.is_none_or(|of| of == chat) && *by != own => {
            News::PeerStatus
        }
        Event::SeatClosed { chat: of, .. } if *of == chat => News::End,
        _ => News::None,
    }
}

fn is_for(message: &Message, who: &Participant, chat: ChatRef) -> bool {
    message.chat == chat
        && match who {
            Participant::Agent { .. } => true,
            Participant::Customer(own) => own.number == message.seat,
        }
}
