//! Signing in on the wire: by password, and by recovery code.

use super::{Password, Recovery};
use crate::{
    credential::CredentialKind,
    wire::{Base64, length::Bytes32},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /api/signin/start`: how this agent's password is stretched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInStart {
    /// What the agent signs in with.
    #[schema(min_length = 3, max_length = 254, example = "ada@example.org")]
    pub email: String,
}

/// How a password is stretched. For an unknown e-mail it looks the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stretching {
    /// The salt of PBKDF2: 16 bytes.
    pub salt: Base64,
    /// The rounds of PBKDF2. A client refuses fewer than 600 000.
    pub rounds: u32,
}

/// `POST /api/signin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// What the agent signs in with.
    #[schema(min_length = 3, max_length = 254, example = "ada@example.org")]
    pub email: String,
    /// What the client derived from the password: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub auth: Base64,
    /// How the session is handed over.
    #[serde(default)]
    pub credential: CredentialKind,
}

/// `POST /api/recovery/start`: asks for what the recovery code opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryStart {
    /// What the agent signs in with.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// What the client derived from the code: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub auth: Base64,
}

/// What the recovery code opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryWrap {
    /// The person.
    pub agent_id: String,
    /// The agent's seed, sealed under the code.
    pub wrap: Base64,
}

/// `POST /api/recovery/finish`: a new password and a new code, in one step; every session ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoveryFinish {
    /// What the agent signs in with.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// What the client derived from the old code: 32 bytes.
    #[schema(value_type = Bytes32)]
    pub auth: Base64,
    /// The new password.
    pub password: Password,
    /// The new code.
    pub recovery: Recovery,
    /// How the session is handed over.
    #[serde(default)]
    pub credential: CredentialKind,
}
