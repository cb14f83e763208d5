//! Links on the wire: the two calls of the contract, the sealed call, the door, the list.

mod batch;
mod row;

pub use batch::{BatchLink, BatchRequest, BatchResponse, BatchResult};
pub use row::{
    Fields, LinkList, LinkListAnswer, LinkListPart, LinkListQuery, LinkPart, LinkRow, LinkStatus,
};

pub use crate::{credential::CredentialKind, link_state::State};

use crate::{
    certificate::Certificate,
    wire::{
        Base64, FieldError, Instant,
        length::{Bytes16, Bytes32, Bytes1120, BytesTo2048},
        parsed,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wicketgate_domain::{
    Hash, Lifetime, LinkId,
    device::Device as DomainDevice,
    link::{LinkDraft, LinkKind, Sealed},
    seat::Handshake as DomainHandshake,
    text::ChatId,
};

/// Plain or sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Made by the bare call.
    Plain,
    /// Made by a client that holds keys; needs the proof from its address.
    Sealed,
}

impl From<&LinkKind> for Kind {
    fn from(kind: &LinkKind) -> Self {
        match kind {
            LinkKind::Plain => Self::Plain,
            LinkKind::Sealed(_) => Self::Sealed,
        }
    }
}

/// What kind of device opened a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// A telephone.
    Phone,
    /// A tablet.
    Tablet,
    /// A desktop or laptop computer.
    Computer,
    /// A terminal client or another program.
    Terminal,
    /// It did not say.
    Unknown,
}

impl From<DomainDevice> for Device {
    fn from(device: DomainDevice) -> Self {
        match device {
            DomainDevice::Phone => Self::Phone,
            DomainDevice::Tablet => Self::Tablet,
            DomainDevice::Computer => Self::Computer,
            DomainDevice::Terminal => Self::Terminal,
            DomainDevice::Unknown => Self::Unknown,
        }
    }
}

/// `POST /api/generate-secure-link`: makes a plain link.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenerateRequest {
    /// The caller's own partner; may be left out.
    #[schema(format = "uuid")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// The caller's own name for the chat; made if new, generated when left out. Stored in clear: no personal data.
    /// Names that look alike are one: it is kept in Unicode's normal form C, with single spaces and none around it.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"\S",
        example = "order-4711"
    )]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Hours until the link expires: a number from 1/3600 to 720; 24 when left out or null.
    #[schema(minimum = 0.000_277_777_777_777_777_8, maximum = 720, example = 24)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_hours: Option<f64>,
}

impl TryFrom<GenerateRequest> for LinkDraft {
    type Error = FieldError;

    fn try_from(request: GenerateRequest) -> Result<Self, FieldError> {
        Ok(Self {
            partner: request
                .partner_id
                .map(|text| parsed("partnerId", &text))
                .transpose()?,
            chat_id: request.chat_id.as_deref().map(chat_id).transpose()?,
            lifetime: lifetime(request.expiry_hours)?,
            kind: LinkKind::Plain,
        })
    }
}

fn chat_id(text: &str) -> Result<ChatId, FieldError> {
    ChatId::parse(text).map_err(|error| FieldError::new("chatId", error))
}

/// The chat's name where the link is bound to its bytes: another spelling of it would be another chat to the client.
fn spelt_as_kept(text: &str) -> Result<ChatId, FieldError> {
    let read = chat_id(text)?;
    if read.as_str() == text {
        return Ok(read);
    }
    Err(FieldError::new(
        "chatId",
        "must be in Unicode's normal form C with single spaces between words and none around them, for the link is bound to its bytes",
    ))
}

fn lifetime(hours: Option<f64>) -> Result<Lifetime, FieldError> {
    hours.map_or(Ok(Lifetime::DEFAULT), |hours| {
        Lifetime::from_hours(hours).map_err(|_| {
            FieldError::new(
                "expiryHours",
                "must be a number from one second (1/3600) to 720 hours",
            )
        })
    })
}

/// `POST /api/links`: makes a sealed link. The same bytes again get the same link, with `repeated` and its present `state`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedLinkRequest {
    /// The id that the client made: sixteen random bytes (22 characters).
    #[schema(value_type = Bytes16)]
    pub link_id: String,
    /// The partner's own name for the chat, spelt as it is kept: in Unicode's normal form C, with single spaces and none
    /// around it. The client knows it, for the link is bound to its bytes.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"\S",
        example = "order-4711"
    )]
    pub chat_id: String,
    /// Hours until the link expires: a number from 1/3600 to 720; 24 when left out or null.
    #[schema(minimum = 0.000_277_777_777_777_777_8, maximum = 720, example = 24)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_hours: Option<f64>,
    /// The inbox epoch whose key the link vouches for.
    pub epoch: u32,
    /// The keys that the link vouches for, encrypted under the address's secret.
    #[schema(value_type = BytesTo2048)]
    pub blob: Base64,
    /// SHA-256 of the proof.
    #[schema(value_type = Bytes32)]
    pub proof_hash: Base64,
    /// The address and label, encrypted to the partner's agents.
    #[schema(value_type = BytesTo2048)]
    pub vault: Base64,
}

impl TryFrom<SealedLinkRequest> for (LinkId, LinkDraft) {
    type Error = FieldError;

    fn try_from(request: SealedLinkRequest) -> Result<Self, FieldError> {
        let id = LinkId::parse(&request.link_id)
            .map_err(|_| FieldError::new("linkId", "must be sixteen bytes in base64url"))?;
        let sealed = Sealed {
            epoch: request.epoch,
            blob: request.blob.within("blob", 1..=Sealed::LONGEST_BLOB)?,
            proof_hash: Hash::from_bytes(request.proof_hash.exactly("proofHash")?),
            vault: request.vault.within("vault", 1..=Sealed::LONGEST_VAULT)?,
        };
        let draft = LinkDraft {
            partner: None,
            chat_id: Some(spelt_as_kept(&request.chat_id)?),
            lifetime: lifetime(request.expiry_hours)?,
            kind: LinkKind::Sealed(sealed),
        };
        Ok((id, draft))
    }
}

/// A link was made. For a sealed link `secureUrl` lacks the fragment, which only its maker knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GenerateResponse {
    /// Always true.
    pub success: bool,
    /// The link's id. It is shown in this answer only.
    pub link_id: String,
    /// The address for the customer.
    pub secure_url: String,
    /// When the link stops being valid.
    pub expires_at: Instant,
    /// The public name of the link's row.
    #[serde(rename = "ref")]
    pub link_ref: String,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// The public name of the chat.
    pub chat_ref: String,
    /// Where the link stands now: a repeated call may come after it was used.
    pub state: State,
    /// Whether an earlier call with the same `Idempotency-Key` (of a sealed link: the same `linkId`) had made it. Then
    /// this is that call's answer, but for `state`.
    pub repeated: bool,
}

/// The customer's half of the handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Handshake {
    /// The inbox epoch it is sealed to.
    pub epoch: u32,
    /// The encapsulated key: X-Wing, 1120 bytes.
    #[schema(value_type = Bytes1120)]
    pub enc: Base64,
}

impl TryFrom<Handshake> for DomainHandshake {
    type Error = FieldError;

    fn try_from(handshake: Handshake) -> Result<Self, FieldError> {
        let enc = handshake
            .enc
            .within("handshake.enc", Self::ENC_LENGTH..=Self::ENC_LENGTH)?;
        Ok(Self {
            epoch: handshake.epoch,
            enc,
        })
    }
}

impl From<DomainHandshake> for Handshake {
    fn from(handshake: DomainHandshake) -> Self {
        Self {
            epoch: handshake.epoch,
            enc: handshake.enc.into(),
        }
    }
}

/// `POST /api/validate-secure-link`: redeems a link. `{linkId}` alone redeems a plain link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidateRequest {
    /// The link's id.
    #[schema(value_type = Bytes16)]
    pub link_id: String,
    /// Thirty-two random bytes that make a retry safe: the same claim again gets the same success.
    #[schema(value_type = Option<Bytes32>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Base64>,
    /// What a sealed link's address proves.
    #[schema(value_type = Option<Bytes32>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Base64>,
    /// The handshake; a seat without it can't send messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<Handshake>,
    /// `bearer` to get the seat's token in the answer; `cookie`, as this server's pages ask, to get it in a cookie. Left
    /// out, no credential is handed over: the same claim gets one later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<CredentialKind>,
}

/// A link was redeemed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValidateResponse {
    /// Always true.
    pub success: bool,
    /// The partner's own name for the chat.
    pub chat_id: String,
    /// Whose chat it is.
    #[schema(format = "uuid")]
    pub partner_id: String,
    /// The public name of the chat, by which every other call names it.
    pub chat_ref: String,
    /// The number of the seat that this made.
    pub seat: u32,
    /// The number that the seat's first message has or will have.
    pub first_seq: u64,
    /// The seat's token, if `credential` was `bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// `POST /api/links/door`: looks at a link without changing anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoorRequest {
    /// What stands in a link's address as its id. Whatever can't be one is no link, which is an answer too.
    pub link_id: String,
}

/// What a visitor may know of a link before the button is pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Door {
    /// Where it stands.
    pub state: State,
    /// Plain or sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Whose it is.
    #[schema(format = "uuid")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// The name of who invites.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_name: Option<String>,
    /// The public name of the chat that it opens, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_ref: Option<String>,
    /// When it stops being valid, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// A sealed link's blob, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<Base64>,
    /// A plain link's identity key, to be checked against the address, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Base64>,
    /// A plain link's inbox key, while it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
}

impl Door {
    /// What is said of a link that does not exist.
    pub const NOT_FOUND: Self = Self {
        state: State::NotFound,
        kind: None,
        partner_id: None,
        partner_name: None,
        chat_ref: None,
        expires_at: None,
        blob: None,
        identity: None,
        certificate: None,
    };
}
