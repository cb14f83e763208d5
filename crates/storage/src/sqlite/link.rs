//! Links on SQLite.

use super::{
    Sqlite, chat,
    log::apply,
    rows::{Columns, Sql, device, device_code, stored},
    seat,
    writer::Applied,
};
use rusqlite::{Connection, OptionalExtension as _, Row, Statement, ToSql, params};
use wicketgate_domain::{
    Actor, ChatRef, Hash, LinkRef, PartnerId, StoreError, Timestamp,
    decide::link::{self as decide, CreateFacts, CreateWrite, OpenSeat, RedeemFacts, RedeemWrite},
    link::{
        Link, LinkError, LinkKind, LinkQuery, LinkState, LinkStore, NewLink, Redeemed, Redemption,
        Sealed,
    },
    text::ChatId,
};

#[async_trait::async_trait]
impl LinkStore for Sqlite {
    async fn create_link(&self, link: NewLink) -> Result<Link, LinkError> {
        self.change(move |db| create(db, &link)).await
    }

    async fn redeem_link(&self, redemption: Redemption) -> Result<Redeemed, LinkError> {
        self.change(move |db| redeem(db, &redemption)).await
    }

    async fn link_at_door(&self, id_hash: Hash) -> Result<Option<Link>, StoreError> {
        self.point(|db| Ok(by_hash(db, id_hash)?.map(|stored| stored.link)))
            .await
    }

    async fn link(
        &self,
        partner: PartnerId,
        link_ref: LinkRef,
    ) -> Result<Option<Link>, StoreError> {
        self.point(|db| Ok(by_ref(db, partner, link_ref)?.map(|stored| stored.link)))
            .await
    }

    async fn links(&self, query: LinkQuery) -> Result<Vec<Link>, StoreError> {
        self.scan(move |db| list(db, &query)).await
    }

    async fn revoke_link(
        &self,
        partner: PartnerId,
        link_ref: LinkRef,
        by: Actor,
        now: Timestamp,
    ) -> Result<Link, LinkError> {
        self.change(move |db| revoke(db, partner, link_ref, by, now))
            .await
    }

    async fn sweep_links(&self, dead_before: Timestamp, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| sweep(db, dead_before, limit)).await
    }
}

/// A link with what only this database knows of it.
struct Stored {
    id: i64,
    chat: i64,
    content: Hash,
    link: Link,
}

macro_rules! select_link {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.chat, l.content, l.ref, l.id_hash, p.uuid, c.ref, c.chat_id, l.made_by_key, l.created_at, \
             l.expires_at, l.used_at, l.revoked_at, l.device, l.later_attempts, l.rev, l.epoch, l.proof_hash, l.blob, l.vault FROM link l ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> Sql<Stored> {
    let mut columns = Columns::of(row);
    Ok(Stored {
        id: columns.take()?,
        chat: columns.take()?,
        content: columns.hash()?,
        link: Link {
            link_ref: columns.map(LinkRef::from_bytes)?,
            id_hash: columns.hash()?,
            partner: columns.map(PartnerId::from_bytes)?,
            chat: columns.map(ChatRef::from_bytes)?,
            chat_id: columns.parse(|text: String| ChatId::parse(&text).ok())?,
            made_by_key: columns.take()?,
            created_at: columns.time()?,
            expires_at: columns.time()?,
            used_at: columns.maybe_time()?,
            revoked_at: columns.maybe_time()?,
            device: columns.maybe_parse(device)?,
            later_attempts: columns.take()?,
            rev: columns.count()?,
            kind: kind(&mut columns)?,
        },
    })
}

fn kind(columns: &mut Columns<'_>) -> Sql<LinkKind> {
    let Some(epoch) = columns.take()? else {
        return Ok(LinkKind::Plain);
    };
    Ok(LinkKind::Sealed(Sealed {
        epoch,
        proof_hash: columns.hash()?,
        blob: columns.take()?,
        vault: columns.take()?,
    }))
}

fn by_hash(db: &Connection, id_hash: Hash) -> Sql<Option<Stored>> {
    db.prepare_cached(select_link!(
        "JOIN chat c ON c.id = l.chat JOIN partner p ON p.id = l.partner WHERE l.id_hash = ?1"
    ))?
    .query_row([id_hash.as_bytes()], read)
    .optional()
}

fn by_ref(db: &Connection, partner: PartnerId, link_ref: LinkRef) -> Sql<Option<Stored>> {
    db.prepare_cached(select_link!(
        "JOIN chat c ON c.id = l.chat JOIN partner p ON p.id = l.partner WHERE l.ref = ?1 AND p.uuid = ?2"
    ))?
    .query_row([link_ref.as_bytes(), partner.as_bytes()], read)
    .optional()
}

fn create(db: &Connection, new: &NewLink) -> Sql<Applied<Link, LinkError>> {
    let partner = partner_id(db, new.partner)?;
    let chat_ref = ChatRef::of(new.partner, new.chat_id.as_str());
    let chat = match partner {
        Some(partner) => chat::chat_for_link(db, partner, chat_ref)?,
        None => None,
    };
    let has_epoch = match (&new.kind, partner) {
        (LinkKind::Sealed(sealed), Some(partner)) => has_epoch(db, partner, sealed.epoch)?,
        (LinkKind::Sealed(_), None) | (LinkKind::Plain, _) => false,
    };
    let facts = CreateFacts {
        stored: by_hash(db, new.id_hash)?.map(|stored| (stored.link, stored.content)),
        made_a_seat: seat::by_link(db, new.id_hash)?.is_some(),
        has_partner: partner.is_some(),
        has_epoch,
        chat: chat.map(|(_, chat)| chat),
    };
    apply(db, decide::create(new, facts), |write| {
        // Only for a partner that is there a link is made.
        let Some(partner) = partner else {
            return Ok(());
        };
        let chat = match chat {
            Some((id, _)) => id,
            None => chat::create(db, partner, chat_ref, &new.chat_id, new.now)?,
        };
        insert(db, partner, chat, &write)
    })
}

fn insert(db: &Connection, partner: i64, chat: i64, write: &CreateWrite) -> Sql<()> {
    let link = &write.link;
    let sealed = match &link.kind {
        LinkKind::Plain => None,
        LinkKind::Sealed(sealed) => Some(sealed),
    };
    db.prepare_cached(
        "INSERT INTO link (id_hash, ref, partner, chat, made_by_key, content, created_at, expires_at, rev, epoch, proof_hash, \
         blob, vault) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        link.id_hash.as_bytes(),
        link.link_ref.as_bytes(),
        partner,
        chat,
        link.made_by_key,
        write.content.as_bytes(),
        link.created_at.millis(),
        link.expires_at.millis(),
        stored(link.rev),
        sealed.map(|sealed| sealed.epoch),
        sealed.map(|sealed| sealed.proof_hash.as_bytes()),
        sealed.map(|sealed| &sealed.blob),
        sealed.map(|sealed| &sealed.vault),
    ])?;
    Ok(())
}

fn partner_id(db: &Connection, partner: PartnerId) -> Sql<Option<i64>> {
    db.prepare_cached("SELECT id FROM partner WHERE uuid = ?1")?
        .query_row([partner.as_bytes()], |row| row.get(0))
        .optional()
}

fn has_epoch(db: &Connection, partner: i64, epoch: u32) -> Sql<bool> {
    db.prepare_cached("SELECT 1 FROM certificate WHERE partner = ?1 AND epoch = ?2")?
        .exists(params![partner, epoch])
}

fn redeem(db: &Connection, wish: &Redemption) -> Sql<Applied<Redeemed, LinkError>> {
    let Some(Stored { id, chat, link, .. }) = by_hash(db, wish.id_hash)? else {
        return Ok(Applied::answered(Err(LinkError::NotFound)));
    };
    let made = match link.state(wish.now) {
        LinkState::Used => seat::by_link(db, wish.id_hash)?,
        LinkState::Valid | LinkState::Revoked | LinkState::Expired => None,
    };
    let has_epoch = match &wish.handshake {
        Some(handshake) => partner_id(db, link.partner)?
            .map_or(Ok(false), |partner| has_epoch(db, partner, handshake.epoch))?,
        None => false,
    };
    let facts = RedeemFacts {
        chat: chat::by_id(db, chat)?,
        link,
        made,
        has_epoch,
    };
    apply(db, decide::redeem(wish, facts), |write| match write {
        RedeemWrite::Open(opened) => open_seat(db, id, chat, &opened),
        RedeemWrite::CountAttempt(link) => update(db, id, &link),
    })
}

fn open_seat(db: &Connection, link: i64, chat: i64, opened: &OpenSeat) -> Sql<()> {
    update(db, link, &opened.link)?;
    seat::insert(db, chat, opened)?;
    chat::update(db, chat, &opened.chat)?;
    chat::set_transcript(db, chat, opened.transcript)
}

fn revoke(
    db: &Connection,
    partner: PartnerId,
    link_ref: LinkRef,
    by: Actor,
    now: Timestamp,
) -> Sql<Applied<Link, LinkError>> {
    let Some(Stored { id, link, .. }) = by_ref(db, partner, link_ref)? else {
        return Ok(Applied::answered(Err(LinkError::NotFound)));
    };
    apply(db, decide::revoke(link, by, now), |link| {
        update(db, id, &link)
    })
}

/// Writes whatever can change of a link.
fn update(db: &Connection, id: i64, link: &Link) -> Sql<()> {
    db.prepare_cached(
        "UPDATE link SET used_at = ?2, revoked_at = ?3, device = ?4, later_attempts = ?5, rev = ?6 WHERE id = ?1",
    )?
    .execute(params![
        id,
        link.used_at.map(Timestamp::millis),
        link.revoked_at.map(Timestamp::millis),
        link.device.map(device_code),
        link.later_attempts,
        stored(link.rev),
    ])?;
    Ok(())
}

fn list(db: &Connection, query: &LinkQuery) -> Sql<Vec<Link>> {
    let mut statement = db.prepare_cached(&list_statement(query))?;
    page(&mut statement, query)
}

/// Lists by the number of the row, which grows with time, or by when links were used; each order and state has an index,
/// so that no page is sorted, and a further page begins where the one before ended.
fn list_statement(query: &LinkQuery) -> String {
    let (index, state) = match query.state {
        None => ("link_by_partner", ""),
        Some(LinkState::Used) => ("link_used", "AND l.used_at IS NOT NULL"),
        Some(LinkState::Revoked) => (
            "link_revoked",
            "AND l.revoked_at IS NOT NULL AND l.used_at IS NULL",
        ),
        Some(LinkState::Valid) => (
            "link_unused",
            "AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > :now",
        ),
        Some(LinkState::Expired) => (
            "link_unused",
            "AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at <= :now",
        ),
    };
    let (index, chat) = match query.chat {
        None => (index, ""),
        Some(_) => (
            "link_by_chat",
            "AND l.chat = (SELECT id FROM chat WHERE ref = :chat)",
        ),
    };
    let (index, since, order) = match query.used_since {
        None => (index, "", "l.id DESC"),
        // Those of one chat are picked from all that were used since: whoever asks so asks for what is new.
        Some(_) => (
            "link_by_use",
            "AND l.used_at >= :since",
            "l.used_at DESC, l.id DESC",
        ),
    };
    let after = match (query.after, query.used_since) {
        (None, _) => "",
        (Some(_), None) => "AND l.id < (SELECT id FROM link WHERE ref = :after)",
        (Some(_), Some(_)) => {
            "AND (l.used_at, l.id) < (SELECT used_at, id FROM link WHERE ref = :after)"
        }
    };
    format!(
        "{} INDEXED BY {index} CROSS JOIN chat c ON c.id = l.chat CROSS JOIN partner p ON p.id = l.partner \
         WHERE l.partner = (SELECT id FROM partner WHERE uuid = :partner) {state} {chat} {since} {after} ORDER BY {order} LIMIT :limit",
        select_link!("")
    )
}

/// Runs what [`list_statement`] wrote for the same query.
fn page(statement: &mut Statement<'_>, query: &LinkQuery) -> Sql<Vec<Link>> {
    let now = query.now.millis();
    let mut values: Vec<(&str, &dyn ToSql)> = vec![
        (":partner", query.partner.as_bytes()),
        (":limit", &query.limit),
    ];
    if matches!(query.state, Some(LinkState::Valid | LinkState::Expired)) {
        values.push((":now", &now));
    }
    if let Some(chat) = &query.chat {
        values.push((":chat", chat.as_bytes()));
    }
    let since = query.used_since.map(Timestamp::millis);
    if let Some(since) = &since {
        values.push((":since", since));
    }
    if let Some(after) = &query.after {
        values.push((":after", after.as_bytes()));
    }
    statement
        .query_map(values.as_slice(), |row| Ok(read(row)?.link))?
        .collect()
}

fn sweep(db: &Connection, dead_before: Timestamp, limit: u32) -> Sql<u32> {
    let mut chats = db
        .prepare_cached(
            "DELETE FROM link WHERE id IN (SELECT id FROM link WHERE coalesce(used_at, revoked_at, expires_at) < ?1 \
             ORDER BY coalesce(used_at, revoked_at, expires_at) LIMIT ?2) RETURNING chat",
        )?
        .query_map(params![dead_before.millis(), limit], |row| row.get(0))?
        .collect::<Sql<Vec<i64>>>()?;
    let removed = u32::try_from(chats.len()).unwrap_or(u32::MAX);
    chats.sort_unstable();
    chats.dedup();
    for id in chats {
        chat::remove_if_unused(db, id)?;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests;
