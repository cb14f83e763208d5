//! What each problem means and what to do about it: the pages under `/problems/` and `docs/problems.md`.

use std::fmt::Write as _;
use wicketgate_protocol::Code;

/// What happened, and what helps.
#[expect(
    clippy::too_many_lines,
    reason = "each code has its words here, and none is without"
)]
pub(crate) const fn explanation(code: Code) -> &'static str {
    match code {
        Code::InvalidJson => {
            "The body of the request is not JSON, or it nests more than 64 levels deep. The sentence names the line and column where reading stopped, if it got that far. Send one JSON object."
        }
        Code::InvalidRequest => {
            "The request is not HTTP as it has to be: its head can't be read, or it does not name one host. A client or a proxy on the way has a defect."
        }
        Code::Unauthenticated => {
            "The call needs a credential and none came along, or it is no longer good: the session was ended or has run out, the key was revoked, the seat belongs to another browser. Sign in again, or send an API key as Authorization: Bearer."
        }
        Code::WrongCredentials => {
            "The e-mail, the password or the recovery code is wrong. Which of them is not said, so that nobody can find out who has an account."
        }
        Code::OtherPartner => {
            "The call names a partner that is not the caller's own. Leave partnerId out: it is the caller's then."
        }
        Code::ScopeRequired => {
            "The API key may not do this. Make a key with the scope that the sentence names, or sign in."
        }
        Code::ProofRequired => {
            "This link also needs the part of its address after the # sign, and that was missing or damaged. The link stays valid. Open the whole address as it was sent, or ask for a new one."
        }
        Code::WrongOrigin => {
            "The request came from a page of another address, or carries a cookie without saying which page it comes from, and was not carried out. A program sends Authorization: Bearer, and is then never asked for an Origin. If you run the server: the address in the browser and the setting --public-url must be the same."
        }
        Code::SetupClosed => {
            "The set-up address was used already, or it is not the one that the server printed at its latest start. Start the server again for a new one, or sign in."
        }
        Code::NotFound => {
            "There is nothing of that name for this caller. What belongs to someone else looks the same as what does not exist."
        }
        Code::LinkNotFound => {
            "There is no link of that id. It may be misspelt, or it ended so long ago that it was removed."
        }
        Code::MethodNotAllowed => {
            "The address exists, but it does not take that method. The header Allow says which it takes."
        }
        Code::TooSlow => {
            "The request did not arrive within ten seconds, so the server stopped waiting. Send it again."
        }
        Code::LinkNoLongerValid => {
            "Only a valid link can be revoked. This one was used or has expired; state says which. Revoking a revoked link again is no problem: it gets the first answer."
        }
        Code::OtherContent => {
            "The same name (a link id, an Idempotency-Key, a cid; field says which) came before with another content. Use a new name for new content."
        }
        Code::HandshakeMismatch => {
            "The same claim came before with another handshake. A retry must repeat the first request exactly."
        }
        Code::UnknownEpoch => {
            "The encryption key that the request was made with is out of date. Read it again and repeat the request."
        }
        Code::OtherGeneration => {
            "Another device renewed the keyring in the meantime. Read it again and repeat the change."
        }
        Code::EmailTaken => "Another agent of this server signs in with this e-mail. Use another.",
        Code::PartnerExists => {
            "A partner with this id exists already. Ids are random: make a new one."
        }
        Code::NoSeat => {
            "Nobody has opened a link to this chat yet, or whoever did made no handshake, so there is no key to write with. Wait for the customer, or make a new link."
        }
        Code::TooManyKeys => {
            "A partner may have 100 API keys at a time. Revoke one that is no longer needed."
        }
        Code::LinkUsed => {
            "The link was opened before, and each link opens its chat once. If it was you, go back to the browser that you opened it with; otherwise ask whoever sent it for a new one."
        }
        Code::LinkExpired => {
            "The link's time passed before anyone opened it. Ask whoever sent it for a new one."
        }
        Code::LinkRevoked => "Whoever sent the link has withdrawn it. Ask them for a new one.",
        Code::SeatClosed => {
            "This browser is no longer in the chat: another link to it was opened, or the chat has ended; seatClosed says which. What was said before stays readable here."
        }
        Code::ChatEnded => {
            "The chat has ended. Nothing more can be said in it, and no link can open it."
        }
        Code::TooLarge => {
            "The body is larger than this call takes; the sentence says how large it may be."
        }
        Code::EncodedBody => {
            "The body is declared as compressed, and the server takes it only as it is. Send it without Content-Encoding."
        }
        Code::NotJson => {
            "The body is not declared as JSON. Send the header Content-Type: application/json."
        }
        Code::InvalidField => {
            "A member of the body or a parameter of the address is missing, unknown, given twice, of the wrong type, or holds something that it can't. field names it, and the sentence says what would be right. Nothing was done: what a call does not know it never ignores."
        }
        Code::UpgradeRequired => {
            "This address speaks WebSocket only: send Upgrade: websocket with the headers that belong to it (RFC 6455)."
        }
        Code::TooManyRequests => {
            "There were too many tries in a short time from this address or for this account. Wait as many seconds as Retry-After says."
        }
        Code::HeadTooLarge => {
            "The head of the request, its cookies in it, is larger than 16 KiB or has more than 128 headers. Send less along."
        }
        Code::Internal => {
            "The server has a defect. Its log holds the cause under the id in the answer's X-Request-Id header."
        }
        Code::Unavailable => {
            "The server can't store or read right now: its disk is full, or its database is away. Nothing was acknowledged and nothing was lost. Try again after as many seconds as Retry-After says."
        }
    }
}

/// The whole list as `docs/problems.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "# Problems\n\n\
         <!-- Made from crates/server/src/problems.rs: UPDATE_SNAPSHOTS=1 cargo nextest run --release -p wicketgate-server docs -->\n\n\
         Every refusal is `application/problem+json` (RFC 9457). `code` is for programs and never changes; `title` names the kind in words, \
         `error` is a sentence for people, `field` is what it is about. The header X-Request-Id finds the request in the server's log.\n",
    );
    for code in Code::ALL {
        // Writing to a string can't fail.
        let _ = write!(
            text,
            "\n## {}\n\nStatus {}, {}. {}\n",
            code.name(),
            code.status(),
            code.title(),
            explanation(*code)
        );
    }
    text
}
