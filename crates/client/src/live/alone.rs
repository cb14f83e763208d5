//! What a connection was lost with is sent by a call of its own: a socket that breaks does not say what it broke of,
//! and the answer to a call is about its one message.

use wicketgate_protocol::message::SendResponse;

use super::engine::{Engine, Stop};
use crate::error::Error;

impl Engine {
    /// Sends what is in doubt. What is refused for good is told beside its message, and the others go on.
    pub(super) async fn send_alone(&mut self) -> Result<(), Stop> {
        let role = if self.is_agent() { "agent" } else { "customer" };
        let doubtful: Vec<_> = self
            .chats
            .iter_mut()
            .filter_map(|(name, chat)| Some((name.clone(), chat.next_alone()?)))
            .collect();
        for (chat, request) in doubtful {
            let path = format!("/api/chats/{chat}/messages?as={role}");
            let answer: Result<SendResponse, Error> = self
                .server()
                .post(&path, Some(self.bearer()), &request)
                .await;
            match answer {
                Ok(SendResponse { cid, seq, .. }) => {
                    self.acknowledged(&chat, &cid, seq).await?;
                }
                Err(Error::Refused(problem)) => {
                    self.on_problem(*problem, Some(&chat), Some(&request.cid))
                        .await?;
                }
                Err(error) if error.is_passing() => self.retry_soon(None),
                Err(error) => {
                    let conversation = self.chats.get_mut(&chat);
                    let chat_id = conversation.as_ref().map(|chat| chat.chat_id.clone());
                    let refused = conversation.and_then(|chat| chat.refuse(&request.cid));
                    let message = refused.map(|(cid, ids)| (cid, ids.into_iter().flatten().next()));
                    self.complain(chat_id, message, error).await?;
                }
            }
        }
        Ok(())
    }
}
