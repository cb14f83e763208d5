//! Partners and their agents on SQLite.

use super::{
    Sqlite,
    log::apply,
    rows::{Columns, Sql, stored},
    session,
    writer::Applied,
};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use std::collections::HashSet;
use wicketgate_domain::{
    Actor, AgentId, PartnerId, SessionRef, StoreError, Timestamp,
    decide::partner::{self as decide, CreateFacts, CredentialFacts, KeyringFacts},
    partner::{
        Account, Agent, Certificate, ExpectedVerifier, NewKeyring, NewPartner, Partner,
        PartnerError, PartnerStore, PasswordEntry, RecoveryEntry,
    },
    text::{Email, PartnerName},
};

#[async_trait::async_trait]
impl PartnerStore for Sqlite {
    async fn create_partner(&self, new: NewPartner) -> Result<(), PartnerError> {
        self.change(move |db| create(db, &new)).await
    }

    async fn any_partner(&self) -> Result<bool, StoreError> {
        self.point(any).await
    }

    async fn partner(&self, partner: PartnerId) -> Result<Option<Partner>, StoreError> {
        self.point(|db| {
            db.prepare_cached(select_partner!("", "WHERE p.uuid = ?1"))?
                .query_row([partner.as_bytes()], |row| {
                    read_partner(&mut Columns::of(row))
                })
                .optional()
        })
        .await
    }

    async fn certificate(
        &self,
        partner: PartnerId,
        epoch: u32,
    ) -> Result<Option<Certificate>, StoreError> {
        self.point(|db| {
            db.prepare_cached(
                "SELECT epoch, not_before, not_after, public_key, signature FROM certificate \
                 WHERE partner = (SELECT id FROM partner WHERE uuid = ?1) AND epoch = ?2",
            )?
            .query_row(params![partner.as_bytes(), epoch], |row| {
                read_certificate(&mut Columns::of(row))
            })
            .optional()
        })
        .await
    }

    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        self.point(|db| account(db, select_account!("WHERE a.email = ?1"), [email.as_str()]))
            .await
    }

    async fn account(&self, agent: AgentId) -> Result<Option<Account>, StoreError> {
        self.point(|db| account(db, select_account!("WHERE a.uuid = ?1"), [agent.as_bytes()]))
            .await
    }

    async fn replace_credentials(
        &self,
        agent: AgentId,
        expected: ExpectedVerifier,
        password: Option<PasswordEntry>,
        recovery: Option<RecoveryEntry>,
        keep: Option<SessionRef>,
        now: Timestamp,
    ) -> Result<(), PartnerError> {
        self.change(move |db| {
            let Some((id, partner, facts)) = credential_facts(db, agent)? else {
                return Ok(Applied::answered(Err(expected.refusal())));
            };
            let decision =
                decide::replace_credentials((partner, agent), &expected, keep, &facts, now);
            apply(db, decision, |ended| {
                replace_entries(db, id, password.as_ref(), recovery.as_ref())?;
                ended
                    .into_iter()
                    .try_for_each(|session| session::end(db, session))
            })
        })
        .await
    }

    async fn replace_keyring(
        &self,
        partner: PartnerId,
        keyring: NewKeyring,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), PartnerError> {
        self.change(move |db| replace_keyring(db, partner, &keyring, by, now))
            .await
    }

    async fn server_secret(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        self.write(move |db| {
            let secret = db
                .prepare_cached("UPDATE server SET secret = coalesce(secret, ?1) RETURNING secret")?
                .query_row([fresh], |row| row.get(0))?;
            Ok(secret)
        })
        .await
    }
}

macro_rules! select_partner {
    ($more:literal, $($rest:literal)*) => {
        concat!(
            "SELECT p.uuid, p.name, p.identity, p.generation, p.created_at, c.epoch, c.not_before, c.not_after, c.public_key, \
             c.signature",
            $more,
            " FROM partner p JOIN certificate c ON c.partner = p.id AND c.epoch = p.epoch ",
            $($rest),*
        )
    };
}
use select_partner;

macro_rules! select_account {
    ($rest:literal) => {
        select_partner!(
            ", a.uuid, a.email, a.password_verifier, a.password_salt, a.password_rounds, a.password_wrap, a.recovery_verifier, \
             a.recovery_wrap, a.keyring",
            "JOIN agent a ON a.partner = p.id " $rest
        )
    };
}
use select_account;

fn read_partner(columns: &mut Columns<'_>) -> Sql<Partner> {
    Ok(Partner {
        id: columns.map(PartnerId::from_bytes)?,
        name: columns.parse(|text: String| PartnerName::parse(&text).ok())?,
        identity: columns.take()?,
        generation: columns.take()?,
        created_at: columns.time()?,
        certificate: read_certificate(columns)?,
    })
}

fn read_certificate(columns: &mut Columns<'_>) -> Sql<Certificate> {
    Ok(Certificate {
        epoch: columns.take()?,
        not_before: columns.count()?,
        not_after: columns.count()?,
        public_key: columns.take()?,
        signature: columns.take()?,
    })
}

fn account(db: &Connection, statement: &str, values: impl Params) -> Sql<Option<Account>> {
    db.prepare_cached(statement)?
        .query_row(values, read_account)
        .optional()
}

fn read_account(row: &Row<'_>) -> Sql<Account> {
    let mut columns = Columns::of(row);
    let partner = read_partner(&mut columns)?;
    let agent = Agent {
        id: columns.map(AgentId::from_bytes)?,
        partner: partner.id,
        email: columns.parse(|text: String| Email::parse(&text).ok())?,
        password: PasswordEntry {
            verifier: columns.take()?,
            salt: columns.take()?,
            rounds: columns.take()?,
            wrap: columns.take()?,
        },
        recovery: RecoveryEntry {
            verifier: columns.hash()?,
            wrap: columns.take()?,
        },
    };
    Ok(Account {
        partner,
        agent,
        keyring: columns.take()?,
    })
}

fn any(db: &Connection) -> Sql<bool> {
    db.prepare_cached("SELECT 1 FROM partner LIMIT 1")?
        .exists([])
}

fn create(db: &Connection, new: &NewPartner) -> Sql<Applied<(), PartnerError>> {
    let facts = CreateFacts {
        any_partner: any(db)?,
        same_id: db
            .prepare_cached("SELECT 1 FROM partner WHERE uuid = ?1")?
            .exists([new.partner.id.as_bytes()])?,
        same_email: db
            .prepare_cached("SELECT 1 FROM agent WHERE email = ?1")?
            .exists([new.agent.email.as_str()])?,
    };
    apply(db, decide::create(new, facts), |()| insert(db, new))
}

fn insert(db: &Connection, new: &NewPartner) -> Sql<()> {
    let (partner, agent) = (&new.partner, &new.agent);
    let id = db
        .prepare_cached("INSERT INTO partner (uuid, name, identity, generation, epoch, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .insert(params![
            partner.id.as_bytes(),
            partner.name.as_str(),
            partner.identity,
            partner.generation,
            partner.certificate.epoch,
            partner.created_at.millis(),
        ])?;
    store_certificate(db, id, &partner.certificate)?;
    db.prepare_cached(
        "INSERT INTO agent (uuid, partner, email, password_verifier, password_salt, password_rounds, password_wrap, \
         recovery_verifier, recovery_wrap, kem_key, sign_key, keyring) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        agent.id.as_bytes(),
        id,
        agent.email.as_str(),
        agent.password.verifier,
        agent.password.salt,
        agent.password.rounds,
        agent.password.wrap,
        agent.recovery.verifier.as_bytes(),
        agent.recovery.wrap,
        new.keys.kem,
        new.keys.sign,
        new.keyring,
    ])?;
    Ok(())
}

/// A certificate that was signed anew for the same epoch takes the place of the last one.
fn store_certificate(db: &Connection, partner: i64, certificate: &Certificate) -> Sql<()> {
    db.prepare_cached(
        "INSERT INTO certificate (partner, epoch, not_before, not_after, public_key, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (partner, epoch) DO UPDATE SET not_before = excluded.not_before, not_after = excluded.not_after, \
         public_key = excluded.public_key, signature = excluded.signature",
    )?
    .execute(params![
        partner,
        certificate.epoch,
        stored(certificate.not_before),
        stored(certificate.not_after),
        certificate.public_key,
        certificate.signature,
    ])?;
    Ok(())
}

/// An agent's row, its partner, and what a change of credentials rests on.
fn credential_facts(
    db: &Connection,
    agent: AgentId,
) -> Sql<Option<(i64, PartnerId, CredentialFacts)>> {
    let sessions = session::all(db, agent)?;
    db.prepare_cached(
        "SELECT a.id, p.uuid, a.password_verifier, a.recovery_verifier FROM agent a JOIN partner p ON p.id = a.partner \
         WHERE a.uuid = ?1",
    )?
    .query_row([agent.as_bytes()], |row| {
        let mut columns = Columns::of(row);
        let (id, partner) = (columns.take()?, columns.map(PartnerId::from_bytes)?);
        let facts = CredentialFacts {
            password: columns.take()?,
            recovery: columns.hash()?,
            sessions,
        };
        Ok((id, partner, facts))
    })
    .optional()
}

fn replace_entries(
    db: &Connection,
    id: i64,
    password: Option<&PasswordEntry>,
    recovery: Option<&RecoveryEntry>,
) -> Sql<()> {
    if let Some(entry) = password {
        db.prepare_cached(
            "UPDATE agent SET password_verifier = ?2, password_salt = ?3, password_rounds = ?4, password_wrap = ?5 WHERE id = ?1",
        )?
        .execute(params![id, entry.verifier, entry.salt, entry.rounds, entry.wrap])?;
    }
    if let Some(entry) = recovery {
        db.prepare_cached(
            "UPDATE agent SET recovery_verifier = ?2, recovery_wrap = ?3 WHERE id = ?1",
        )?
        .execute(params![id, entry.verifier.as_bytes(), entry.wrap])?;
    }
    Ok(())
}

fn replace_keyring(
    db: &Connection,
    partner: PartnerId,
    keyring: &NewKeyring,
    by: Actor,
    now: Timestamp,
) -> Sql<Applied<(), PartnerError>> {
    let found: Option<(i64, u32)> = db
        .prepare_cached("SELECT id, generation FROM partner WHERE uuid = ?1")?
        .query_row([partner.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, generation)) = found else {
        return Ok(Applied::answered(Err(PartnerError::OtherGeneration)));
    };
    let agents = db
        .prepare_cached("SELECT uuid FROM agent WHERE partner = ?1")?
        .query_map([id], |row| Ok(AgentId::from_bytes(row.get(0)?)))?
        .collect::<Sql<HashSet<_>>>()?;
    let facts = KeyringFacts { generation, agents };
    let decision = decide::replace_keyring(partner, keyring, &facts, by, now);
    apply(db, decision, |()| store_keyring(db, id, keyring))
}

fn store_keyring(db: &Connection, partner: i64, keyring: &NewKeyring) -> Sql<()> {
    for copy in &keyring.copies {
        db.prepare_cached("UPDATE agent SET keyring = ?2 WHERE uuid = ?1")?
            .execute(params![copy.agent.as_bytes(), copy.sealed])?;
    }
    store_certificate(db, partner, &keyring.certificate)?;
    db.prepare_cached("UPDATE partner SET generation = ?2, epoch = ?3 WHERE id = ?1")?
        .execute(params![
            partner,
            keyring.generation,
            keyring.certificate.epoch
        ])?;
    Ok(())
}
