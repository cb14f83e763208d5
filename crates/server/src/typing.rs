//! Typing: it passes, so it is told and not kept.

use crate::state::AppState;
use wicketgate_domain::{
    ChatRef,
    chat::{ChatError, Participant},
    event::{Event, Told},
};

/// Tells the other side that someone is typing, or has stopped.
///
/// # Errors
/// [`ChatError::NotFound`], [`ChatError::SeatClosed`], [`ChatError::Store`].
pub(crate) async fn tell(
    state: &AppState,
    who: &Participant,
    chat: ChatRef,
    typing: bool,
) -> Result<(), ChatError> {
    match who {
        Participant::Agent { partner, .. } => {
            let row = state.store.chat(*partner, chat).await?;
            row.ok_or(ChatError::NotFound)?;
        }
        Participant::Customer(seat) if seat.chat != chat => return Err(ChatError::NotFound),
        Participant::Customer(seat) => {
            if let Some(why) = seat.closed {
                return Err(ChatError::SeatClosed(why));
            }
        }
    }
    let event = Event::Typing {
        chat,
        by: who.side(),
        typing,
    };
    state.relay.tell(who.partner(), &Told::passing(event));
    Ok(())
}
