//! Links on SQLite.

use super::{
    Sqlite, chat,
    rows::{Columns, Sql, device, device_code},
    seat,
    writer::{Fault, refuse},
};
use rusqlite::{Connection, OptionalExtension as _, Row, Statement, ToSql, params};
use wicketgate_domain::{
    ChatRef, Hash, LinkRef, PartnerId, StoreError, Timestamp,
    key::Scope,
    link::{
        Link, LinkError, LinkKind, LinkQuery, LinkState, LinkStore, NewLink, Redeemed, Redemption,
        Sealed,
    },
    text::ChatId,
};

/// What redeeming answers: on refusal with the link's row when its count of later attempts moved.
type RedeemAnswer = Result<Redeemed, (LinkError, Option<Box<Link>>)>;

#[async_trait::async_trait]
impl LinkStore for Sqlite {
    async fn create_link(&self, link: NewLink) -> Result<Link, LinkError> {
        self.write(move |db| create(db, link)).await
    }

    async fn redeem_link(&self, redemption: Redemption) -> RedeemAnswer {
        self.write(move |db| redeem(db, &redemption))
            .await
            .unwrap_or_else(|error: LinkError| Err((error, None)))
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
        now: Timestamp,
    ) -> Result<Link, LinkError> {
        self.write(move |db| revoke(db, partner, link_ref, now))
            .await
    }

    async fn sweep_links(&self, dead_before: Timestamp, limit: u32) -> Result<u32, StoreError> {
        self.write(move |db| Ok(sweep(db, dead_before, limit)?))
            .await
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
             l.expires_at, l.used_at, l.revoked_at, l.device, l.later_attempts, l.epoch, l.proof_hash, l.blob, l.vault FROM link l ",
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

fn create(db: &Connection, new: NewLink) -> Result<Link, Fault<LinkError>> {
    if let Some(stored) = by_hash(db, new.id_hash)? {
        let same = stored.link.partner == new.partner && stored.content == new.content;
        return if same {
            Ok(stored.link)
        } else {
            refuse(LinkError::OtherContent)
        };
    }
    // The row of a used link may be gone while its seat lives on; its id stays used.
    if seat::by_link(db, new.id_hash)?.is_some() {
        return refuse(LinkError::OtherContent);
    }
    let Some(partner) = partner_id(db, new.partner)? else {
        return refuse(LinkError::NotFound);
    };
    if let LinkKind::Sealed(sealed) = &new.kind
        && !has_epoch(db, partner, sealed.epoch)?
    {
        return refuse(LinkError::UnknownEpoch);
    }
    let chat_ref = ChatRef::of(new.partner, new.chat_id.as_str());
    let chat = match chat::entrance(db, partner, chat_ref)? {
        None => chat::create(db, partner, chat_ref, &new.chat_id, new.now)?,
        Some(entrance) if entrance.ended => return refuse(LinkError::ChatEnded),
        Some(entrance) if entrance.seats > 0 && !new.may_reopen => {
            return refuse(LinkError::ScopeRequired(Scope::LinksExisting));
        }
        Some(entrance) => entrance.id,
    };
    insert(db, partner, chat, &new)?;
    Ok(Link {
        link_ref: new.link_ref,
        id_hash: new.id_hash,
        partner: new.partner,
        chat: chat_ref,
        chat_id: new.chat_id,
        kind: new.kind,
        made_by_key: new.made_by_key,
        created_at: new.now,
        expires_at: new.expires_at,
        used_at: None,
        revoked_at: None,
        device: None,
        later_attempts: 0,
    })
}

fn insert(db: &Connection, partner: i64, chat: i64, new: &NewLink) -> Sql<()> {
    let sealed = match &new.kind {
        LinkKind::Plain => None,
        LinkKind::Sealed(sealed) => Some(sealed),
    };
    db.prepare_cached(
        "INSERT INTO link (id_hash, ref, partner, chat, made_by_key, content, created_at, expires_at, epoch, proof_hash, blob, vault) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        new.id_hash.as_bytes(),
        new.link_ref.as_bytes(),
        partner,
        chat,
        new.made_by_key,
        new.content.as_bytes(),
        new.now.millis(),
        new.expires_at.millis(),
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

fn redeem(db: &Connection, redemption: &Redemption) -> Result<RedeemAnswer, Fault<LinkError>> {
    let Some(stored) = by_hash(db, redemption.id_hash)? else {
        return refuse(LinkError::NotFound);
    };
    match stored.link.state(redemption.now) {
        LinkState::Valid => take(db, stored, redemption).map(Ok),
        LinkState::Used => come_again(db, stored, redemption),
        LinkState::Revoked => refuse(LinkError::Revoked),
        LinkState::Expired => refuse(LinkError::Expired),
    }
}

/// Redeems a link that is valid as far as its row says.
fn take(
    db: &Connection,
    stored: Stored,
    redemption: &Redemption,
) -> Result<Redeemed, Fault<LinkError>> {
    let mut link = stored.link;
    match (&link.kind, &redemption.handshake) {
        (LinkKind::Sealed(sealed), _)
            if redemption.bearer != Some(link.partner)
                && redemption.proof_hash != Some(sealed.proof_hash) =>
        {
            return refuse(LinkError::ProofRequired);
        }
        (LinkKind::Sealed(sealed), Some(handshake)) if handshake.epoch != sealed.epoch => {
            return refuse(LinkError::UnknownEpoch);
        }
        (LinkKind::Plain, Some(handshake)) => {
            let partner = partner_id(db, link.partner)?;
            if !partner.map_or(Ok(false), |partner| has_epoch(db, partner, handshake.epoch))? {
                return refuse(LinkError::UnknownEpoch);
            }
        }
        _ => {}
    }
    let won = db
        .prepare_cached(
            "UPDATE link SET used_at = ?2, device = ?3 \
             WHERE id = ?1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?2",
        )?
        .execute(params![
            stored.id,
            redemption.now.millis(),
            device_code(redemption.device)
        ])?;
    if won == 0 {
        return refuse(LinkError::Used(None));
    }
    link.used_at = Some(redemption.now);
    link.device = Some(redemption.device);
    let seat = seat::open(db, stored.chat, &link, redemption)?;
    Ok(Redeemed {
        seat,
        link,
        first: true,
    })
}

/// Answers whoever comes to a used link: its winner, or someone else.
fn come_again(
    db: &Connection,
    stored: Stored,
    redemption: &Redemption,
) -> Result<RedeemAnswer, Fault<LinkError>> {
    let mut link = stored.link;
    let seat = seat::by_link(db, redemption.id_hash)?
        .filter(|seat| seat.claim.is_some() && seat.claim == redemption.claim_hash);
    if let Some(seat) = seat {
        return match seat.closed {
            Some(why) => refuse(LinkError::Used(Some(why))),
            None if seat.handshake != redemption.handshake => refuse(LinkError::HandshakeMismatch),
            None => Ok(Ok(Redeemed {
                seat: seat.grant(&link),
                link,
                first: false,
            })),
        };
    }
    link.later_attempts = link.later_attempts.saturating_add(1);
    db.prepare_cached("UPDATE link SET later_attempts = ?2 WHERE id = ?1")?
        .execute(params![stored.id, link.later_attempts])?;
    Ok(Err((LinkError::Used(None), Some(Box::new(link)))))
}

fn revoke(
    db: &Connection,
    partner: PartnerId,
    link_ref: LinkRef,
    now: Timestamp,
) -> Result<Link, Fault<LinkError>> {
    let Some(Stored { id, mut link, .. }) = by_ref(db, partner, link_ref)? else {
        return refuse(LinkError::NotFound);
    };
    match link.state(now) {
        LinkState::Valid => {}
        LinkState::Revoked => return Ok(link),
        state @ (LinkState::Used | LinkState::Expired) => {
            return refuse(LinkError::NoLongerValid(state));
        }
    }
    db.prepare_cached("UPDATE link SET revoked_at = ?2 WHERE id = ?1")?
        .execute(params![id, now.millis()])?;
    link.revoked_at = Some(now);
    Ok(link)
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
