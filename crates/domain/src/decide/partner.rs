//! What is decided about partners and their agents: set-up, new credentials, a renewed keyring, sessions.

use super::{Decision, Happened};
use crate::{
    actor::Actor,
    event::{AccountChange, Credential, Event},
    id::{AgentId, Hash, PartnerId, SessionRef},
    partner::{ExpectedVerifier, NewKeyring, NewPartner, PartnerError},
    session::Session,
    time::Timestamp,
};
use std::collections::HashSet;

/// What making a partner rests on. No other partner may be made meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CreateFacts {
    /// Whether there is any partner.
    pub any_partner: bool,
    /// Whether there is one with this id.
    pub same_id: bool,
    /// Whether an agent signs in with this e-mail.
    pub same_email: bool,
}

/// Decides whether a partner is made. What it writes is what was asked for.
pub fn create(new: &NewPartner, facts: CreateFacts) -> Decision<(), (), PartnerError> {
    if new.only_if_first && facts.any_partner {
        return Decision::refuse(PartnerError::SetupClosed);
    }
    if facts.same_id {
        return Decision::refuse(PartnerError::PartnerExists);
    }
    if facts.same_email {
        return Decision::refuse(PartnerError::EmailTaken);
    }
    let happened = Happened {
        partner: new.partner.id,
        by: Actor::Visitor,
        at: new.partner.created_at,
        events: vec![Event::Account(AccountChange::PartnerCreated)],
    };
    Decision::commit((), (), happened)
}

/// What replacing credentials rests on. The agent's row may not change meanwhile, and no session of the agent begin.
#[derive(Debug, Clone)]
pub struct CredentialFacts {
    /// The verifier of the agent's password.
    pub password: String,
    /// The verifier of the agent's recovery code.
    pub recovery: Hash,
    /// Every session of the agent.
    pub sessions: Vec<Session>,
}

/// Decides whether an agent's credentials are replaced: only if the stored verifier still is the one that was checked.
/// Writes which sessions end, which are all but `keep`.
pub fn replace_credentials(
    (partner, agent): (PartnerId, AgentId),
    expected: &ExpectedVerifier,
    keep: Option<SessionRef>,
    facts: &CredentialFacts,
    now: Timestamp,
) -> Decision<(), Vec<SessionRef>, PartnerError> {
    let unchanged = match expected {
        ExpectedVerifier::Password(verifier) => *verifier == facts.password,
        ExpectedVerifier::Recovery(verifier) => *verifier == facts.recovery,
    };
    if !unchanged {
        return Decision::refuse(expected.refusal());
    }
    let ended: Vec<SessionRef> = facts
        .sessions
        .iter()
        .map(|session| session.session_ref)
        .filter(|session| Some(*session) != keep)
        .collect();
    let mut events = vec![Event::Account(AccountChange::CredentialsReplaced)];
    let expelled = |session: &SessionRef| Event::Expelled(Credential::Session(*session));
    events.extend(ended.iter().map(expelled));
    let happened = Happened {
        partner,
        by: Actor::Agent(agent),
        at: now,
        events,
    };
    Decision::commit((), ended, happened)
}

/// What renewing a keyring rests on. Neither the partner's row nor its list of agents may change meanwhile.
#[derive(Debug, Clone)]
pub struct KeyringFacts {
    /// The generation of the stored keyring.
    pub generation: u32,
    /// Every agent of the partner.
    pub agents: HashSet<AgentId>,
}

/// Decides whether a keyring takes the place of the stored one: it is the next generation, and sealed once to each agent.
/// Whoever it was not sealed to would be shut out, so the caller's list of agents has to be the stored one.
pub fn replace_keyring(
    partner: PartnerId,
    keyring: &NewKeyring,
    facts: &KeyringFacts,
    by: Actor,
    now: Timestamp,
) -> Decision<(), (), PartnerError> {
    let sealed_to: HashSet<AgentId> = keyring.copies.iter().map(|copy| copy.agent).collect();
    let is_next = facts.generation.checked_add(1) == Some(keyring.generation);
    if !is_next || sealed_to.len() != keyring.copies.len() || sealed_to != facts.agents {
        return Decision::refuse(PartnerError::OtherGeneration);
    }
    let happened = Happened {
        partner,
        by,
        at: now,
        events: vec![Event::Account(AccountChange::KeyringReplaced)],
    };
    Decision::commit((), (), happened)
}

/// What happens when a session begins.
#[must_use]
pub fn signed_in(session: &Session) -> Happened {
    Happened {
        partner: session.partner,
        by: Actor::Agent(session.agent),
        at: session.created_at,
        events: vec![Event::Account(AccountChange::SignedIn(session.session_ref))],
    }
}

/// What happens when an agent ends a session.
#[must_use]
pub fn session_ended(session: &Session, now: Timestamp) -> Happened {
    Happened {
        partner: session.partner,
        by: Actor::Agent(session.agent),
        at: now,
        events: vec![Event::Expelled(Credential::Session(session.session_ref))],
    }
}
