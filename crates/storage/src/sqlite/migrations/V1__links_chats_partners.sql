-- Instants are milliseconds since 1970. Names that the world sees are blobs of 16 bytes; rows refer to each other by
-- the small number `id`, which never leaves the database. Link ids, claims, proofs, tokens and keys are stored as
-- SHA-256 (32 bytes) only.

-- One row: what this database has for itself.
CREATE TABLE server (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    secret    BLOB,
    beat      INTEGER NOT NULL DEFAULT 0, -- written by the readiness check
    log_epoch BLOB    NOT NULL,           -- which event log this is
    log_swept INTEGER NOT NULL DEFAULT 0  -- events up to this number may be gone
) STRICT;
INSERT INTO server (id, log_epoch) VALUES (1, randomblob(16));

CREATE TABLE partner (
    id         INTEGER PRIMARY KEY,
    uuid       BLOB    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    identity   BLOB    NOT NULL,
    generation INTEGER NOT NULL,
    epoch      INTEGER NOT NULL, -- of the newest certificate
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate (
    partner    INTEGER NOT NULL REFERENCES partner (id),
    epoch      INTEGER NOT NULL,
    not_before INTEGER NOT NULL, -- seconds
    not_after  INTEGER NOT NULL, -- seconds
    public_key BLOB    NOT NULL,
    signature  BLOB    NOT NULL,
    UNIQUE (partner, epoch)
) STRICT;

CREATE TABLE agent (
    id                INTEGER PRIMARY KEY,
    uuid              BLOB    NOT NULL UNIQUE,
    partner           INTEGER NOT NULL REFERENCES partner (id),
    email             TEXT    NOT NULL UNIQUE,
    password_verifier TEXT    NOT NULL,
    password_salt     BLOB    NOT NULL,
    password_rounds   INTEGER NOT NULL,
    password_wrap     BLOB    NOT NULL,
    recovery_verifier BLOB    NOT NULL,
    recovery_wrap     BLOB    NOT NULL,
    kem_key           BLOB    NOT NULL,
    sign_key          BLOB    NOT NULL,
    keyring           BLOB    NOT NULL
) STRICT;
CREATE INDEX agent_by_partner ON agent (partner);

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    ref        BLOB    NOT NULL UNIQUE,
    token_hash BLOB    NOT NULL UNIQUE,
    agent      INTEGER NOT NULL REFERENCES agent (id),
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL,
    device     INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_agent ON session (agent);
CREATE INDEX session_by_use ON session (used_at);
CREATE INDEX session_by_age ON session (created_at);

CREATE TABLE api_key (
    id          INTEGER PRIMARY KEY,
    ref         BLOB    NOT NULL UNIQUE,
    key_id      TEXT    NOT NULL UNIQUE,
    secret_hash BLOB    NOT NULL,
    partner     INTEGER NOT NULL REFERENCES partner (id),
    name        TEXT    NOT NULL,
    scopes      TEXT    NOT NULL, -- names with a space between
    created_at  INTEGER NOT NULL,
    used_at     INTEGER,
    revoked_at  INTEGER
) STRICT;
CREATE INDEX api_key_by_partner ON api_key (partner);

CREATE TABLE chat (
    id            INTEGER PRIMARY KEY,
    ref           BLOB    NOT NULL UNIQUE,
    partner       INTEGER NOT NULL REFERENCES partner (id),
    chat_id       TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    active_at     INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL DEFAULT 0,
    transcript    BLOB, -- after the live seat's newest message; null while that seat has no keys
    live_seat     INTEGER,
    seats         INTEGER NOT NULL DEFAULT 0,
    unread        INTEGER NOT NULL DEFAULT 0,
    waiting_since INTEGER,
    delivered     INTEGER NOT NULL DEFAULT 0, -- the agents' cursors; the customer's are on the seat
    read          INTEGER NOT NULL DEFAULT 0,
    ended_at      INTEGER,
    ended_by      INTEGER,
    rev           INTEGER NOT NULL DEFAULT 1 -- counts the changes of what the row shows; so in link and seat
) STRICT;
CREATE INDEX chat_inbox ON chat (partner, active_at) WHERE seats > 0;
CREATE INDEX chat_by_end ON chat (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE link (
    id             INTEGER PRIMARY KEY, -- grows, so that the newest link is the last row
    id_hash        BLOB    NOT NULL UNIQUE,
    ref            BLOB    NOT NULL UNIQUE,
    partner        INTEGER NOT NULL REFERENCES partner (id),
    chat           INTEGER NOT NULL REFERENCES chat (id),
    made_by_key    INTEGER NOT NULL,
    content        BLOB    NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    used_at        INTEGER,
    revoked_at     INTEGER,
    device         INTEGER,
    later_attempts INTEGER NOT NULL DEFAULT 0,
    rev            INTEGER NOT NULL DEFAULT 1,
    epoch          INTEGER, -- this and the next three: sealed links only
    proof_hash     BLOB,
    blob           BLOB,
    vault          BLOB
) STRICT;
CREATE INDEX link_by_partner ON link (partner);
CREATE INDEX link_by_chat ON link (chat);
CREATE INDEX link_unused ON link (partner, id, expires_at) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX link_used ON link (partner) WHERE used_at IS NOT NULL;
CREATE INDEX link_by_use ON link (partner, used_at) WHERE used_at IS NOT NULL;
CREATE INDEX link_revoked ON link (partner) WHERE revoked_at IS NOT NULL;
-- When it died, or will: what the sweeper goes by.
CREATE INDEX link_by_death ON link (coalesce(used_at, revoked_at, expires_at));

-- A seat keeps its own copy of what agents need from its link, for it lives longer than the link's row.
CREATE TABLE seat (
    id          INTEGER PRIMARY KEY,
    chat        INTEGER NOT NULL REFERENCES chat (id),
    number      INTEGER NOT NULL,
    token_hash  BLOB    NOT NULL,
    link_hash   BLOB    NOT NULL UNIQUE, -- a link makes one seat
    claim_hash  BLOB,
    made_by_key INTEGER NOT NULL,
    vault       BLOB,
    handshake_epoch INTEGER,
    handshake_enc   BLOB,
    first_seq   INTEGER NOT NULL,
    replaced    INTEGER, -- the seat that this one closed
    opened_at   INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    closed      INTEGER,
    asked_at    INTEGER, -- when its customer asked for a new link
    device      INTEGER NOT NULL,
    delivered   INTEGER NOT NULL DEFAULT 0,
    read        INTEGER NOT NULL DEFAULT 0,
    rev         INTEGER NOT NULL DEFAULT 1,
    UNIQUE (chat, number)
) STRICT;
CREATE INDEX seat_by_token ON seat (token_hash);

-- Clustered by chat and number, so that a page of a chat is one stretch of the tree.
CREATE TABLE message (
    chat       INTEGER NOT NULL REFERENCES chat (id),
    seq        INTEGER NOT NULL,
    seat       INTEGER NOT NULL,
    role       INTEGER NOT NULL,
    author     BLOB, -- the agent who wrote it
    cid        BLOB    NOT NULL,
    at         INTEGER NOT NULL,
    transcript BLOB    NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (chat, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX message_by_cid ON message (chat, role, cid);

-- What happened, in the order of the commits: written with each change, never changed. Its numbers are never used
-- again, not even when the log was swept empty. It names rows and says nothing of what is in them.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    partner    INTEGER NOT NULL REFERENCES partner (id),
    actor      INTEGER NOT NULL,
    actor_name BLOB, -- of an agent, a key, or a customer's chat
    actor_seat INTEGER,
    kind       INTEGER NOT NULL,
    name       BLOB, -- of a link, a chat, a session or a key
    number     INTEGER, -- of a seat or a message
    audit      INTEGER NOT NULL -- whether it is kept as long as an audit wants it
) STRICT;
CREATE INDEX event_by_partner ON event (partner, seq);
CREATE INDEX event_by_age ON event (audit, at);
