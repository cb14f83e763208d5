//! The shape of a vector file. Bytes are base64url text, ids are UUID text.

use serde::{Deserialize, Serialize};

macro_rules! records {
    ($($(#[$meta:meta])* $name:ident { $($(#[$of_field:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct $name {
                $(
                    $(#[$of_field])*
                    pub(crate) $field: $type,
                )*
            }
        )*
    };
}

records! {
    Vectors {
        kdf: Vec<Kdf>,
        chat_ref: Vec<ChatRefVector>,
        fingerprint: Vec<FingerprintVector>,
        identity: Vec<IdentityVector>,
        certificate: Vec<CertificateVector>,
        password: Vec<PasswordVector>,
        recovery: Vec<RecoveryVector>,
        agent_wrap: Vec<AgentWrapVector>,
        keyring: Vec<KeyringVector>,
        link: Vec<LinkVector>,
        vault: Vec<VaultVector>,
        redeem: Vec<RedeemVector>,
        message: Vec<MessageVector>,
        transcript: Vec<TranscriptVector>,
        words: Vec<WordsVector>,
        api_key: Vec<ApiKeyVector>,
    }
    Kdf { secret: String, purpose: String, context: String, out: String, }
    ChatRefVector { partner_id: String, chat_id: String, out: String, }
    FingerprintVector { public_key: String, out: String, }
    IdentityVector { seed: String, public_key: String, }
    CertificateVector {
        partner_id: String,
        identity_seed: String,
        epoch: u32,
        not_before: u64,
        not_after: u64,
        public_key: String,
        signature: String,
    }
    PasswordVector { password: String, salt: String, rounds: u32, auth: String, wrap: String, }
    RecoveryVector { code: String, auth: String, wrap: String, }
    AgentWrapVector {
        kdf_id: u8,
        key: String,
        agent_id: String,
        nonce: String,
        seed: String,
        identity: String,
        out: String,
    }
    KeyringVector {
        partner_id: String,
        agent_id: String,
        agent_seed: String,
        plain: String,
        sealed: String,
        parsed: ParsedKeyring,
    }
    ParsedKeyring {
        generation: u32,
        identity_seed: String,
        first_identity: String,
        successions: Vec<ParsedSuccession>,
        epochs: Vec<ParsedEpoch>,
        roster: Vec<ParsedAgent>,
    }
    ParsedSuccession { identity: String, signature: String, }
    ParsedEpoch { epoch: u32, not_before: u64, not_after: u64, seed: String, signature: String, }
    ParsedAgent { agent_id: String, kem: String, sign: String, }
    LinkVector {
        link_id: String,
        partner_id: String,
        chat_id: String,
        chat_ref: String,
        r: String,
        epoch: u32,
        inbox_public: String,
        identity_public: String,
        fixed: String,
        f: String,
        blob: String,
        proof: String,
        proof_hash: String,
        fragment: String,
    }
    VaultVector {
        kind: u8,
        link_id: String,
        f: String,
        label: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        desk_key: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        nonce: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        epoch: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        inbox_seed: Option<String>,
        out: String,
    }
    RedeemVector {
        kind: String,
        chat_ref: String,
        link_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        f: Option<String>,
        inbox_seed: String,
        inbox_public: String,
        enc: String,
        root: String,
    }
    MessageVector {
        root: String,
        chat_ref: String,
        seat: u32,
        role: u8,
        cid: String,
        n: u64,
        transcript: String,
        nonce: String,
        json: String,
        key: String,
        body: String,
    }
    TranscriptVector { chat_ref: String, seat: u32, enc: String, start: String, messages: Vec<TranscriptStep>, }
    TranscriptStep { n: u64, role: u8, cid: String, body: String, out: String, }
    WordsVector { root: String, words: Vec<String>, }
    ApiKeyVector { text: String, id: String, secret: String, fingerprint: Option<String>, }
}
