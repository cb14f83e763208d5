//! Partners and their agents on SQLite.

use super::{
    Sqlite,
    rows::{Columns, Sql, stored},
    session,
    writer::{Fault, refuse},
};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use std::collections::HashSet;
use wicketgate_domain::{
    AgentId, Hash, PartnerId, SessionRef, StoreError,
    partner::{
        Account, Agent, Certificate, ExpectedVerifier, NewKeyring, NewPartner, Partner,
        PartnerError, PartnerStore, PasswordEntry, RecoveryEntry,
    },
    session::Session,
    text::{Email, PartnerName},
};

#[async_trait::async_trait]
impl PartnerStore for Sqlite {
    async fn create_partner(&self, new: NewPartner) -> Result<(), PartnerError> {
        self.write(move |db| create(db, &new)).await
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
    ) -> Result<Vec<Session>, PartnerError> {
        self.write(move |db| {
            replace_credentials(
                db,
                agent,
                &expected,
                password.as_ref(),
                recovery.as_ref(),
                keep,
            )
        })
        .await
    }

    async fn replace_keyring(
        &self,
        partner: PartnerId,
        keyring: NewKeyring,
    ) -> Result<(), PartnerError> {
        self.write(move |db| replace_keyring(db, partner, &keyring))
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

fn create(db: &Connection, new: &NewPartner) -> Result<(), Fault<PartnerError>> {
    let (partner, agent) = (&new.partner, &new.agent);
    if new.only_if_first && any(db)? {
        return refuse(PartnerError::SetupClosed);
    }
    if db
        .prepare_cached("SELECT 1 FROM partner WHERE uuid = ?1")?
        .exists([partner.id.as_bytes()])?
    {
        return refuse(PartnerError::PartnerExists);
    }
    if db
        .prepare_cached("SELECT 1 FROM agent WHERE email = ?1")?
        .exists([agent.email.as_str()])?
    {
        return refuse(PartnerError::EmailTaken);
    }
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

fn replace_credentials(
    db: &Connection,
    agent: AgentId,
    expected: &ExpectedVerifier,
    password: Option<&PasswordEntry>,
    recovery: Option<&RecoveryEntry>,
    keep: Option<SessionRef>,
) -> Result<Vec<Session>, Fault<PartnerError>> {
    let found: Option<(i64, String, [u8; 32])> = db
        .prepare_cached(
            "SELECT id, password_verifier, recovery_verifier FROM agent WHERE uuid = ?1",
        )?
        .query_row([agent.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((id, password_now, recovery_now)) = found else {
        return refuse(expected.refusal());
    };
    let unchanged = match expected {
        ExpectedVerifier::Password(verifier) => *verifier == password_now,
        ExpectedVerifier::Recovery(verifier) => *verifier == Hash::from_bytes(recovery_now),
    };
    if !unchanged {
        return refuse(expected.refusal());
    }
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
    Ok(session::end_others(db, agent, keep)?)
}

fn replace_keyring(
    db: &Connection,
    partner: PartnerId,
    keyring: &NewKeyring,
) -> Result<(), Fault<PartnerError>> {
    let found: Option<(i64, u32, u32)> = db
        .prepare_cached("SELECT id, generation, (SELECT count(*) FROM agent WHERE partner = partner.id) FROM partner WHERE uuid = ?1")?
        .query_row([partner.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((id, generation, agents)) = found else {
        return refuse(PartnerError::OtherGeneration);
    };
    if generation.checked_add(1) != Some(keyring.generation) {
        return refuse(PartnerError::OtherGeneration);
    }
    let mut sealed_to = HashSet::new();
    for copy in &keyring.copies {
        let known = db
            .prepare_cached("UPDATE agent SET keyring = ?3 WHERE uuid = ?1 AND partner = ?2")?
            .execute(params![copy.agent.as_bytes(), id, copy.sealed])?;
        if known == 0 || !sealed_to.insert(copy.agent) {
            return refuse(PartnerError::OtherGeneration);
        }
    }
    // Whoever it was not sealed to would be shut out: the caller's list of agents is not the stored one.
    if sealed_to.len() != agents as usize {
        return refuse(PartnerError::OtherGeneration);
    }
    store_certificate(db, id, &keyring.certificate)?;
    db.prepare_cached("UPDATE partner SET generation = ?2, epoch = ?3 WHERE id = ?1")?
        .execute(params![id, keyring.generation, keyring.certificate.epoch])?;
    Ok(())
}
