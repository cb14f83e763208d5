//! Partners and agents on the wire: set-up, signing in, recovery, sealed keys.

mod signin;

pub use signin::{RecoveryFinish, RecoveryStart, RecoveryWrap, SignIn, SignInStart, Stretching};

pub use crate::certificate::Certificate;

use crate::{
    credential::CredentialKind,
    wire::{
        Base64, FieldError,
        length::{Bytes16, Bytes32, Bytes1216, BytesTo1024, BytesTo262144},
        parsed,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::{
    AgentId, Hash, PartnerId, Timestamp,
    partner::{
        self as domain, Account, AgentKeys, FEWEST_ROUNDS, MOST_ROUNDS, RecoveryEntry,
        SealedKeyring,
    },
    text::{Email, PartnerName},
};

const LONGEST_WRAP: usize = 1_024;

/// A password, as the client derived from it what the server may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// What signing in sends: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub auth: Base64,
    /// The salt of PBKDF2: 16 bytes.
    #[schema(value_type = Bytes16)]
    pub salt: Base64,
    /// The rounds of PBKDF2: at least 600 000.
    #[schema(minimum = 600_000, maximum = 10_000_000)]
    pub rounds: u32,
    /// The agent's seed, sealed under the password.
    #[schema(value_type = BytesTo1024)]
    pub wrap: Base64,
}

impl Password {
    /// What the server keeps, given the verifier that it made of `auth`.
    ///
    /// # Errors
    /// [`FieldError`] naming the field that does not fit.
    pub fn into_entry(self, verifier: String) -> Result<domain::PasswordEntry, FieldError> {
        Ok(domain::PasswordEntry {
            verifier,
            salt: self.salt.exactly("password.salt")?,
            rounds: rounds(self.rounds)?,
            wrap: self.wrap.within("password.wrap", 1..=LONGEST_WRAP)?,
        })
    }
}

fn rounds(rounds: u32) -> Result<u32, FieldError> {
    if (FEWEST_ROUNDS..=MOST_ROUNDS).contains(&rounds) {
        return Ok(rounds);
    }
    Err(FieldError::new(
        "password.rounds",
        format!("must be {FEWEST_ROUNDS} to {MOST_ROUNDS}"),
    ))
}

/// A recovery code, as the client derived from it what the server may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// What recovering sends: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub auth: Base64,
    /// The agent's seed, sealed under the code.
    #[schema(value_type = BytesTo1024)]
    pub wrap: Base64,
}

impl TryFrom<Recovery> for RecoveryEntry {
    type Error = FieldError;

    fn try_from(recovery: Recovery) -> Result<Self, FieldError> {
        let auth: [u8; 32] = recovery.auth.exactly("recovery.auth")?;
        Ok(Self {
            verifier: Hash::of(&auth),
            wrap: recovery.wrap.within("recovery.wrap", 1..=LONGEST_WRAP)?,
        })
    }
}

/// `POST /api/setup`: makes a partner with its first agent. All keys are made by the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetupRequest {
    /// The secret of the set-up address.
    #[schema(max_length = 1000)]
    pub setup_token: String,
    /// The partner's id: a UUID that the client made, for its certificate is bound to it.
    #[schema(format = "uuid")]
    pub partner_id: String,
    /// The agent's id: a UUID that the client made.
    #[schema(format = "uuid")]
    pub agent_id: String,
    /// The organisation's name.
    #[schema(min_length = 1, max_length = 80, pattern = r"\S")]
    pub name: String,
    /// What the agent signs in with.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// The agent's password.
    pub password: Password,
    /// The agent's recovery code.
    pub recovery: Recovery,
    /// The partner's identity: an Ed25519 public key.
    #[schema(value_type = Bytes32)]
    pub identity: Base64,
    /// The agent's X-Wing public key.
    #[schema(value_type = Bytes1216)]
    pub agent_kem: Base64,
    /// The agent's Ed25519 public key.
    #[schema(value_type = Bytes32)]
    pub agent_sign: Base64,
    /// The keyring's generation.
    pub generation: u32,
    /// The keyring, sealed to the agent.
    #[schema(value_type = BytesTo262144)]
    pub keyring: Base64,
    /// The first inbox key.
    pub certificate: Certificate,
    /// How the session is handed over.
    #[serde(default)]
    pub credential: CredentialKind,
}

impl SetupRequest {
    /// The partner to be made, given the verifier that the server made of the password's `auth`.
    ///
    /// # Errors
    /// [`FieldError`] naming the field that does not fit.
    pub fn into_partner(
        self,
        verifier: String,
        only_if_first: bool,
        now: Timestamp,
    ) -> Result<domain::NewPartner, FieldError> {
        const KEY: std::ops::RangeInclusive<usize> =
            domain::Certificate::PUBLIC_KEY_LENGTH..=domain::Certificate::PUBLIC_KEY_LENGTH;
        let id: PartnerId = parsed("partnerId", &self.partner_id)?;
        let partner = domain::Partner {
            id,
            name: PartnerName::parse(&self.name).map_err(|error| FieldError::new("name", error))?,
            identity: self.identity.exactly("identity")?,
            generation: self.generation,
            certificate: self.certificate.try_into()?,
            created_at: now,
        };
        let agent = domain::Agent {
            id: parsed("agentId", &self.agent_id)?,
            partner: id,
            email: Email::parse(&self.email).map_err(|error| FieldError::new("email", error))?,
            password: self.password.into_entry(verifier)?,
            recovery: self.recovery.try_into()?,
        };
        Ok(domain::NewPartner {
            partner,
            agent,
            keys: AgentKeys {
                kem: self.agent_kem.within("agentKem", KEY)?,
                sign: self.agent_sign.exactly("agentSign")?,
            },
            keyring: self.keyring.within("keyring", 1..=SealedKeyring::LONGEST)?,
            only_if_first,
        })
    }
}

/// `GET /api/setup`: whether anyone has set this server up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    /// Whether there is a partner.
    pub done: bool,
}

/// The signed-in agent, with everything that a fresh device needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The organisation.
    #[schema(format = "uuid")]
    pub partner_id: String,
    /// Its name.
    pub partner_name: String,
    /// The person.
    #[schema(format = "uuid")]
    pub agent_id: String,
    /// What the person signs in with.
    pub email: String,
    /// The partner's identity key.
    pub identity: Base64,
    /// The agent's seed, sealed under the password.
    pub wrap: Base64,
    /// How the password is stretched.
    pub stretching: Stretching,
    /// The keyring's generation.
    pub generation: u32,
    /// The keyring, sealed to the agent.
    pub keyring: Base64,
    /// The newest inbox key.
    pub certificate: Certificate,
    /// The session's token, if `credential` was `bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What whoever runs the server should put right; left out where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<ServerWarning>,
}

/// Something that whoever runs the server should put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerWarning {
    /// What is wrong.
    pub code: WarningCode,
    /// What is missing: a setting as it is to be written, or a header.
    pub remedy: String,
}

/// What can be wrong with how a server is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// Requests come through a proxy that is not among the trusted ones, so all visitors look like one.
    ProxyNotTrusted,
    /// The trusted proxy does not say for whom it speaks, so all visitors look like one.
    ProxySilent,
}

impl Me {
    /// The same with what whoever runs the server should put right.
    #[must_use]
    pub fn with_warnings(mut self, warnings: Vec<ServerWarning>) -> Self {
        self.warnings = warnings;
        self
    }

    /// The account, with the session's token where it is handed over in the answer.
    #[must_use]
    pub fn of(account: Account, token: Option<String>) -> Self {
        let Account {
            partner,
            agent,
            keyring,
        } = account;
        Self {
            partner_id: partner.id.to_string(),
            partner_name: partner.name.to_string(),
            agent_id: agent.id.to_string(),
            email: agent.email.to_string(),
            identity: partner.identity.as_slice().into(),
            wrap: agent.password.wrap.into(),
            stretching: Stretching {
                salt: agent.password.salt.as_slice().into(),
                rounds: agent.password.rounds,
            },
            generation: partner.generation,
            keyring: keyring.into(),
            certificate: partner.certificate.into(),
            token,
            warnings: Vec::new(),
        }
    }
}

/// `POST /api/me/password`: a new password; every other session ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// What the client derived from the password until now: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub current: Base64,
    /// The new password.
    pub password: Password,
}

/// `POST /api/me/recovery`: a new recovery code; the old one is no longer good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryChange {
    /// What the client derived from the password: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub current: Base64,
    /// The new code.
    pub recovery: Recovery,
}

/// `POST /api/keyring`: a keyring that takes the place of the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyringRequest {
    /// Its generation: one above the last.
    pub generation: u32,
    /// One copy for every agent.
    pub copies: Vec<KeyringCopy>,
    /// The newest inbox key.
    pub certificate: Certificate,
}

/// A keyring sealed to one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyringCopy {
    /// Whose it is.
    #[schema(format = "uuid")]
    pub agent_id: String,
    /// The sealed keyring.
    #[schema(value_type = BytesTo262144)]
    pub sealed: Base64,
}

impl TryFrom<KeyringRequest> for domain::NewKeyring {
    type Error = FieldError;

    fn try_from(request: KeyringRequest) -> Result<Self, FieldError> {
        let copies = request
            .copies
            .into_iter()
            .map(|copy| {
                Ok(SealedKeyring {
                    agent: parsed::<AgentId>("copies.agentId", &copy.agent_id)?,
                    sealed: copy
                        .sealed
                        .within("copies.sealed", 1..=SealedKeyring::LONGEST)?,
                })
            })
            .collect::<Result<_, FieldError>>()?;
        Ok(Self {
            generation: request.generation,
            copies,
            certificate: request.certificate.try_into()?,
        })
    }
}

/// `GET /api/partner`: the caller's partner and the keys that links vouch for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerView {
    /// The partner.
    #[schema(format = "uuid")]
    pub partner_id: String,
    /// Its name.
    pub name: String,
    /// Its identity key.
    pub identity: Base64,
    /// Its newest inbox key.
    pub certificate: Certificate,
}

impl From<domain::Partner> for PartnerView {
    fn from(partner: domain::Partner) -> Self {
        Self {
            partner_id: partner.id.to_string(),
            name: partner.name.to_string(),
            identity: partner.identity.as_slice().into(),
            certificate: partner.certificate.into(),
        }
    }
}

/// Something was done, and there is nothing else to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub success: bool,
}

impl Done {
    /// The answer.
    pub const YES: Self = Self { success: true };
}
