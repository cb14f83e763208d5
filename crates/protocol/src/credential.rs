//! The forms in which a credential is handed over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a credential is handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// In a cookie that scripts can't read.
    #[default]
    Cookie,
    /// In the answer, to be sent as `Authorization: Bearer`.
    Bearer,
}
