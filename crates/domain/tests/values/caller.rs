//! Who calls, and what it may do.

use wicketgate_domain::{
    Actor, AgentId, KeyRef, PartnerId, SessionRef,
    key::{KeyError, MOST_KEYS, Principal, Scope},
    link::LinkError,
    partner::{ExpectedVerifier, PartnerError},
};

const PARTNER: PartnerId = PartnerId::from_bytes([1; 16]);
const AGENT: AgentId = AgentId::from_bytes([2; 16]);
const KEY: KeyRef = KeyRef::from_bytes([3; 16]);

fn agent() -> Principal {
    Principal::Agent {
        partner: PARTNER,
        agent: AGENT,
        session: SessionRef::from_bytes([4; 16]),
    }
}

fn key(scopes: &[Scope]) -> Principal {
    Principal::Key {
        partner: PARTNER,
        key: KEY,
        scopes: scopes.to_vec(),
    }
}

#[test]
fn a_caller_acts_in_its_own_name_for_its_partner() {
    for (caller, actor) in [(agent(), Actor::Agent(AGENT)), (key(&[]), Actor::Key(KEY))] {
        assert_eq!((caller.partner(), caller.actor()), (PARTNER, actor));
    }
}

#[test]
fn a_key_may_do_what_its_scopes_say_and_an_agent_all() {
    for scope in Scope::ALL {
        assert_eq!(agent().require(scope), Ok(()));
        assert_eq!(key(&Scope::ALL).require(scope), Ok(()));
        assert_eq!(key(&[scope]).require(scope), Ok(()));
        assert_eq!(key(&[]).require(scope), Err(scope));
        let others: Vec<Scope> = Scope::ALL
            .into_iter()
            .filter(|other| *other != scope)
            .collect();
        assert_eq!(others.len(), 2);
        assert_eq!(key(&others).require(scope), Err(scope));
    }
}

#[test]
fn a_scope_is_found_by_its_name() {
    let names = ["links:write", "links:read", "links:existing"];
    for (scope, name) in Scope::ALL.into_iter().zip(names) {
        assert_eq!((scope.as_str(), Scope::named(name)), (name, Some(scope)));
    }
    for unknown in ["", "links", "links:", "LINKS:READ", "links:read "] {
        assert_eq!(Scope::named(unknown), None, "{unknown:?}");
    }
}

#[test]
fn refusals_are_said_in_sentences() {
    let words = ExpectedVerifier::Password(String::new()).refusal();
    assert!(matches!(words, PartnerError::WrongCredentials));
    let most = format!("There are already {MOST_KEYS} API keys; revoke one first");
    assert_eq!(KeyError::TooMany.to_string(), most);
    assert_eq!(KeyError::NotFound.to_string(), "API key not found");
    let scope = LinkError::ScopeRequired(Scope::LinksExisting);
    assert_eq!(
        scope.to_string(),
        "This API key lacks the scope links:existing"
    );
    // Which of the two is wrong is not said.
    assert_eq!(words.to_string(), "E-mail or password is wrong");
}
