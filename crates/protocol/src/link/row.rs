//! Links as their partner sees them: a row, a page of rows, and which rows and members to list.

use super::{Device, Kind, State};
use crate::wire::{Base64, FieldError, Instant};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema, schema::AnyOfBuilder},
};
use wicketgate_domain::{
    Timestamp,
    link::{Link, LinkKind, LinkState},
};

/// A link as its partner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkRow {
    /// The public name of its row.
    #[serde(rename = "ref")]
    pub link_ref: String,
    /// SHA-256 of its id, which its vault is bound to.
    pub id_hash: Base64,
    /// Where it stands.
    pub state: State,
    /// Plain or sealed.
    pub kind: Kind,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The public name of the chat.
    pub chat_ref: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it stops being valid.
    pub expires_at: Instant,
    /// Whether it was redeemed.
    pub is_used: bool,
    /// When it was redeemed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Instant>,
    /// When the partner ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
    /// What kind of device redeemed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// How often someone else tried it after it was used.
    pub later_attempts: u32,
    /// Counts the changes of this row: of two of them, the one with the higher number is the newer.
    pub rev: u64,
    /// Whether an API key made it, so that it can only be issued anew, not shown again.
    pub made_by_key: bool,
    /// A sealed link's inbox epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// A sealed link's blob, which whoever opens the vault also opens and checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<Base64>,
    /// A sealed link's address and label, encrypted to the agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<Base64>,
}

impl LinkRow {
    /// The link as it stands at that instant.
    #[must_use]
    pub fn at(link: &Link, now: Timestamp) -> Self {
        let sealed = match &link.kind {
            LinkKind::Plain => None,
            LinkKind::Sealed(sealed) => Some(sealed),
        };
        Self {
            link_ref: link.link_ref.to_string(),
            id_hash: link.id_hash.as_bytes().as_slice().into(),
            state: link.state(now).into(),
            kind: (&link.kind).into(),
            chat_id: link.chat_id.to_string(),
            chat_ref: link.chat.to_string(),
            created_at: link.created_at.into(),
            expires_at: link.expires_at.into(),
            is_used: link.used_at.is_some(),
            used_at: link.used_at.map(Into::into),
            revoked_at: link.revoked_at.map(Into::into),
            device: link.device.map(Into::into),
            later_attempts: link.later_attempts,
            rev: link.rev,
            made_by_key: link.made_by_key,
            epoch: sealed.map(|sealed| sealed.epoch),
            blob: sealed.map(|sealed| sealed.blob.as_slice().into()),
            vault: sealed.map(|sealed| sealed.vault.as_slice().into()),
        }
    }
}

/// A page of links, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkList {
    /// The links.
    pub links: Vec<LinkRow>,
    /// What to pass as `after` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Members of a [`LinkRow`] that a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<&'static str>);

impl Fields {
    /// Every member that a row can have.
    pub const ALL: [&str; 18] = [
        "ref",
        "idHash",
        "state",
        "kind",
        "chatId",
        "chatRef",
        "createdAt",
        "expiresAt",
        "isUsed",
        "usedAt",
        "revokedAt",
        "device",
        "laterAttempts",
        "madeByKey",
        "rev",
        "epoch",
        "blob",
        "vault",
    ];

    /// Reads names with commas between.
    ///
    /// # Errors
    /// [`FieldError`] when one of them is none, or stands there twice.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let mut fields = Vec::new();
        for name in text.split(',') {
            let known = Self::ALL.into_iter().find(|known| *known == name);
            let known = known.ok_or_else(|| {
                let all = Self::ALL.join(", ");
                FieldError::new(
                    "fields",
                    format!("must be names of {all}, with commas between"),
                )
            })?;
            if fields.contains(&known) {
                return Err(FieldError::new("fields", format!("names {known} twice")));
            }
            fields.push(known);
        }
        Ok(Self(fields))
    }
}

/// Some members of a [`LinkRow`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct LinkPart(serde_json::Map<String, serde_json::Value>);

impl LinkRow {
    /// The members that were asked for; what this link lacks stays absent.
    #[must_use]
    pub fn part(&self, fields: &Fields) -> LinkPart {
        // A row is an object, and consists of what always serialises.
        let Ok(serde_json::Value::Object(mut members)) = serde_json::to_value(self) else {
            return LinkPart(serde_json::Map::new());
        };
        members.retain(|name, _| fields.0.contains(&name.as_str()));
        LinkPart(members)
    }
}

impl ToSchema for LinkPart {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        LinkRow::schemas(schemas);
    }
}

impl PartialSchema for LinkPart {
    fn schema() -> RefOr<Schema> {
        let mut schema = LinkRow::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            object.description = Some("The members of a link that were asked for.".to_owned());
        }
        schema
    }
}

/// A page of links of which only some members were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LinkListPart {
    /// The links.
    pub links: Vec<LinkPart>,
    /// What to pass as `after` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A page of links: whole rows, or of each row what `fields` names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LinkListAnswer {
    /// Whole rows.
    Whole(LinkList),
    /// Some members of each.
    Part(LinkListPart),
}

impl ToSchema for LinkListAnswer {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        LinkList::schemas(schemas);
        LinkListPart::schemas(schemas);
        schemas.push(("LinkList".to_owned(), LinkList::schema()));
        schemas.push(("LinkListPart".to_owned(), LinkListPart::schema()));
    }
}

impl PartialSchema for LinkListAnswer {
    fn schema() -> RefOr<Schema> {
        // A whole row is a row of all its members as well: both fit, so it is not "one of".
        let any_of = AnyOfBuilder::new()
            .item(Ref::from_schema_name("LinkList"))
            .item(Ref::from_schema_name("LinkListPart"))
            .description(Some("Whole rows, or of each row what `fields` names."));
        Schema::AnyOf(any_of.build()).into()
    }
}

/// A state that a link can be listed by: that of one that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkStatus {
    /// It opens its chat.
    Valid,
    /// It was redeemed.
    Used,
    /// Its time passed before anyone used it.
    Expired,
    /// The partner ended it.
    Revoked,
}

impl From<LinkStatus> for LinkState {
    fn from(status: LinkStatus) -> Self {
        match status {
            LinkStatus::Valid => Self::Valid,
            LinkStatus::Used => Self::Used,
            LinkStatus::Expired => Self::Expired,
            LinkStatus::Revoked => Self::Revoked,
        }
    }
}

/// Which links to list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LinkListQuery {
    /// Only those in this state.
    pub state: Option<LinkStatus>,
    /// Only those to this chat, by its `chatRef`.
    #[param(
        min_length = 22,
        max_length = 22,
        pattern = "^[A-Za-z0-9_-]{21}[AQgw]$"
    )]
    pub chat: Option<String>,
    /// Only those to this chat, by the partner's own name for it; an empty page where it does not exist. Not beside `chat`.
    #[param(min_length = 1, max_length = 128)]
    pub chat_id: Option<String>,
    /// Only those that were used at or after this instant (RFC 3339), the latest use first.
    #[param(value_type = Option<String>, format = DateTime)]
    pub used_since: Option<Instant>,
    /// The members that each row is to have, with commas between; all when left out.
    #[param(
        example = "ref,chatId,usedAt",
        max_length = 200,
        pattern = "^[A-Za-z]+(,[A-Za-z]+)*$"
    )]
    pub fields: Option<String>,
    /// The `next` of the page before.
    #[param(
        min_length = 22,
        max_length = 22,
        pattern = "^[A-Za-z0-9_-]{21}[AQgw]$"
    )]
    pub after: Option<String>,
    /// How many at the most: 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}
