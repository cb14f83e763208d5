//! Many links in one call: each is asked for, and answered, as by the call that makes one.

use super::{GenerateRequest, GenerateResponse, SealedLinkRequest};
use crate::{problem::Problem, wire::FieldError};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// `POST /api/links/batch`: makes many links.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// 1 to 1 000 links. Each is kept as it was sent, so that one that does not fit is refused by itself.
    #[schema(value_type = Vec<BatchLink>, min_items = 1, max_items = 1000)]
    pub links: Vec<Box<RawValue>>,
}

impl BatchRequest {
    /// The most links that one call makes.
    pub const MOST: usize = 1_000;

    /// The links, if their number is one that a call takes.
    ///
    /// # Errors
    /// [`FieldError`] that names `links`.
    pub fn links(self) -> Result<Vec<Box<RawValue>>, FieldError> {
        if (1..=Self::MOST).contains(&self.links.len()) {
            Ok(self.links)
        } else {
            Err(FieldError::new("links", "must hold 1 to 1000 links"))
        }
    }
}

/// One link of a batch. It is sealed if it names its `linkId`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum BatchLink {
    /// As `POST /api/links` takes it.
    Sealed(SealedLinkRequest),
    /// As `POST /api/generate-secure-link` takes it.
    Plain(GenerateRequest),
}

/// What became of each link, in the order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchResponse {
    /// As many as there were links.
    pub results: Vec<BatchResult>,
}

/// What became of one link of a batch: `success` says whether it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum BatchResult {
    /// It was made.
    Made(GenerateResponse),
    /// It was not, and why.
    Refused(Box<Problem>),
}
