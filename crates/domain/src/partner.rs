//! Partners and their agents: set-up, signing in, recovery, and the sealed keys that the server keeps for them.

use crate::{
    actor::Actor,
    id::{AgentId, Hash, PartnerId, SessionRef},
    store_error::StoreError,
    text::{Email, PartnerName},
    time::Timestamp,
};

/// The fewest rounds of PBKDF2 that a password may be stretched with.
pub const FEWEST_ROUNDS: u32 = 600_000;

/// The most rounds, so that no stored value can freeze a client.
pub const MOST_ROUNDS: u32 = 10_000_000;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its name in the system.
    pub id: PartnerId,
    /// Its name for people.
    pub name: PartnerName,
    /// Its current Ed25519 identity key.
    pub identity: [u8; 32],
    /// The generation of its keyring.
    pub generation: u32,
    /// The newest inbox key's certificate.
    pub certificate: Certificate,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An inbox key with the identity's signature, as customers get it. The server stores it and checks nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The inbox epoch.
    pub epoch: u32,
    /// Seconds since 1970 from which on it may be used.
    pub not_before: u64,
    /// Seconds since 1970 until which it may be used.
    pub not_after: u64,
    /// The X-Wing public key (1216 bytes).
    pub public_key: Vec<u8>,
    /// The Ed25519 signature.
    pub signature: [u8; 64],
}

impl Certificate {
    /// The length of an X-Wing public key, in bytes.
    pub const PUBLIC_KEY_LENGTH: usize = 1_216;
}

/// A person of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The person.
    pub id: AgentId,
    /// The organisation.
    pub partner: PartnerId,
    /// What they sign in with.
    pub email: Email,
    /// How their password is checked.
    pub password: PasswordEntry,
    /// How their recovery code is checked.
    pub recovery: RecoveryEntry,
}

/// What the server keeps of a password: nothing that reveals it, and a blob that only it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordEntry {
    /// Argon2id of the value that the client derived (PHC string).
    pub verifier: String,
    /// The salt of the client's PBKDF2.
    pub salt: [u8; 16],
    /// The rounds of the client's PBKDF2.
    pub rounds: u32,
    /// The agent's seed, sealed under the password.
    pub wrap: Vec<u8>,
}

/// What the server keeps of a recovery code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryEntry {
    /// SHA-256 of the value that the client derived: the code has 160 random bits, so no stretching is needed.
    pub verifier: Hash,
    /// The agent's seed, sealed under the code.
    pub wrap: Vec<u8>,
}

/// The public keys of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentKeys {
    /// X-Wing (1216 bytes).
    pub kem: Vec<u8>,
    /// Ed25519.
    pub sign: [u8; 32],
}

/// A keyring as one agent gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKeyring {
    /// Whose it is.
    pub agent: AgentId,
    /// The keyring, sealed to that agent.
    pub sealed: Vec<u8>,
}

impl SealedKeyring {
    /// The longest keyring that is stored, in bytes.
    pub const LONGEST: usize = 256 * 1024;
}

/// An agent with everything that a fresh device needs from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The organisation.
    pub partner: Partner,
    /// The person.
    pub agent: Agent,
    /// The keyring, sealed to the person.
    pub keyring: Vec<u8>,
}

/// A partner to be made, with its first agent.
#[derive(Debug, Clone)]
pub struct NewPartner {
    /// The organisation.
    pub partner: Partner,
    /// Its first agent.
    pub agent: Agent,
    /// That agent's public keys.
    pub keys: AgentKeys,
    /// The keyring, sealed to that agent.
    pub keyring: Vec<u8>,
    /// Refuse when there is a partner already: the printed set-up token is good for one.
    pub only_if_first: bool,
}

/// A keyring that takes the place of the last one.
#[derive(Debug, Clone)]
pub struct NewKeyring {
    /// Its generation, exactly one above the stored one.
    pub generation: u32,
    /// One copy for every agent of the partner.
    pub copies: Vec<SealedKeyring>,
    /// The newest inbox key's certificate.
    pub certificate: Certificate,
}

/// Why something about a partner was refused.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// The set-up address was used, or is not the one that was printed.
    #[error("This set-up address is no longer good")]
    SetupClosed,
    /// Another agent signs in with this e-mail.
    #[error("This e-mail is in use already")]
    EmailTaken,
    /// A partner with this id exists.
    #[error("This partner exists already")]
    PartnerExists,
    /// The e-mail or the password is wrong. Which of them is not said.
    #[error("E-mail or password is wrong")]
    WrongCredentials,
    /// The e-mail or the recovery code is wrong. Which of them is not said.
    #[error("E-mail or recovery code is wrong")]
    WrongRecoveryCode,
    /// Another device renewed the keyring in the meantime.
    #[error("The keyring was renewed in the meantime")]
    OtherGeneration,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Partners and agents in a database.
#[async_trait::async_trait]
pub trait PartnerStore {
    /// Makes a partner with its first agent.
    ///
    /// # Errors
    /// [`PartnerError::SetupClosed`], [`PartnerError::EmailTaken`], [`PartnerError::PartnerExists`], [`PartnerError::Store`].
    async fn create_partner(&self, new: NewPartner) -> Result<(), PartnerError>;

    /// Whether there is any partner.
    async fn any_partner(&self) -> Result<bool, StoreError>;

    /// One partner.
    async fn partner(&self, partner: PartnerId) -> Result<Option<Partner>, StoreError>;

    /// A partner's certificate of that inbox epoch.
    async fn certificate(
        &self,
        partner: PartnerId,
        epoch: u32,
    ) -> Result<Option<Certificate>, StoreError>;

    /// The account that signs in with this e-mail.
    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// The account of that agent.
    async fn account(&self, agent: AgentId) -> Result<Option<Account>, StoreError>;

    /// Replaces an agent's password, and the recovery code when a new one comes along, in one step, if the stored
    /// verifier is still `expected`. Ends every session but `keep`.
    ///
    /// # Errors
    /// [`PartnerError::WrongCredentials`] or [`PartnerError::WrongRecoveryCode`] when it is not, [`PartnerError::Store`].
    async fn replace_credentials(
        &self,
        agent: AgentId,
        expected: ExpectedVerifier,
        password: Option<PasswordEntry>,
        recovery: Option<RecoveryEntry>,
        keep: Option<SessionRef>,
        now: Timestamp,
    ) -> Result<(), PartnerError>;

    /// Replaces a partner's keyring.
    ///
    /// # Errors
    /// [`PartnerError::OtherGeneration`], [`PartnerError::Store`].
    async fn replace_keyring(
        &self,
        partner: PartnerId,
        keyring: NewKeyring,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), PartnerError>;

    /// A random secret of this database, made once: salts for unknown e-mails come from it.
    async fn server_secret(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError>;
}

/// Which stored verifier a change of credentials was checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedVerifier {
    /// The password's.
    Password(String),
    /// The recovery code's.
    Recovery(Hash),
}

impl ExpectedVerifier {
    /// What is said when the stored verifier is another.
    #[must_use]
    pub const fn refusal(&self) -> PartnerError {
        match self {
            Self::Password(_) => PartnerError::WrongCredentials,
            Self::Recovery(_) => PartnerError::WrongRecoveryCode,
        }
    }
}
