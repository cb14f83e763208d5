//! Founding a partner: every key is made here, and the server gets only what it may have.

use wicketgate_crypto::{
    agent::{AgentSecret, AgentSeed},
    ids::{AgentId, PartnerId},
    keyring::Keyring,
    password::{MINIMUM_ROUNDS, Password, PasswordSalt},
    recovery::RecoveryCode,
};
use wicketgate_protocol::{
    link::CredentialKind,
    partner::{Me, PartnerView, Password as WirePassword, Recovery, SetupRequest, SetupState},
};

use crate::{
    agent_session::AgentSession,
    error::Error,
    server::{Bearer, Server},
    system, trust,
};

/// What a new partner is made from.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The secret of the set-up address.
    pub setup_token: &'a str,
    /// The organisation's name.
    pub name: &'a str,
    /// What its first agent signs in with.
    pub email: &'a str,
    /// The first agent's password.
    pub password: &'a Password,
}

/// A new partner.
#[derive(Debug)]
pub struct Founded {
    /// Its first agent, signed in.
    pub session: AgentSession,
    /// The second way to the agent's keys. It exists nowhere else: show it once.
    pub recovery_code: RecoveryCode,
}

impl Server {
    /// Whether anyone has set this server up.
    ///
    /// # Errors
    /// [`Error::Unreachable`] and the like.
    pub async fn is_set_up(&self) -> Result<bool, Error> {
        self.get::<SetupState>("/api/setup", None)
            .await
            .map(|state| state.done)
    }

    /// Makes a partner with its first agent: an identity, the first inbox key, the agent's keys and the keyring, wrapped
    /// under the password and under a new recovery code.
    ///
    /// # Errors
    /// [`Error::Refused`] with `setup_closed`, `email_taken` or the field that does not fit.
    pub async fn set_up(&self, founding: Founding<'_>) -> Result<Founded, Error> {
        let mut rng = system::random();
        let partner = PartnerId::from_uuid(system::new_uuid());
        let agent = AgentId::from_uuid(system::new_uuid());
        let seed = AgentSeed::generate(&mut rng);
        let entry = seed.roster_entry(agent);
        let keyring = Keyring::found(partner, entry.clone(), system::now_seconds(), &mut rng);
        let secret = AgentSecret {
            seed,
            first_identity: *keyring.first_identity(),
        };
        let certificate = keyring
            .newest_epoch()
            .ok_or(Error::Untrusted("the new keyring has no inbox key"))?
            .certificate();
        let recovery_code = RecoveryCode::generate(&mut rng);
        let request = SetupRequest {
            setup_token: founding.setup_token.to_owned(),
            partner_id: partner.to_string(),
            agent_id: agent.to_string(),
            name: founding.name.to_owned(),
            email: founding.email.to_owned(),
            password: wrapped_by_password(&secret, agent, founding.password)?,
            recovery: wrapped_by_code(&secret, agent, &recovery_code),
            identity: keyring.identity().as_bytes().as_slice().into(),
            agent_kem: entry.kem.to_bytes().as_slice().into(),
            agent_sign: entry.sign.as_bytes().as_slice().into(),
            generation: keyring.generation().number(),
            keyring: keyring.seal(agent, &mut rng)?.into(),
            certificate: trust::to_wire(&certificate),
            credential: CredentialKind::Bearer,
        };
        let me: Me = self.post("/api/setup", None, &request).await?;
        let session = AgentSession::from_parts(self.clone(), me, keyring)?;
        Ok(Founded {
            session,
            recovery_code,
        })
    }

    /// The caller's partner and the keys that links vouch for.
    pub(crate) async fn partner(&self, bearer: &Bearer) -> Result<PartnerView, Error> {
        self.get("/api/partner", Some(bearer)).await
    }
}

fn wrapped_by_password(
    secret: &AgentSecret,
    agent: AgentId,
    password: &Password,
) -> Result<WirePassword, Error> {
    let mut rng = system::random();
    let salt = PasswordSalt::generate(&mut rng);
    let keys = password.stretch(&salt, MINIMUM_ROUNDS)?;
    Ok(WirePassword {
        auth: keys.auth.expose().as_slice().into(),
        salt: salt.as_bytes().as_slice().into(),
        rounds: MINIMUM_ROUNDS,
        wrap: secret.wrap(&keys.wrap, agent, &mut rng).into(),
    })
}

fn wrapped_by_code(secret: &AgentSecret, agent: AgentId, code: &RecoveryCode) -> Recovery {
    let keys = code.keys();
    Recovery {
        auth: keys.auth.expose().as_slice().into(),
        wrap: secret.wrap(&keys.wrap, agent, &mut system::random()).into(),
    }
}
