-- PostgreSQL: the tables, and the statements that differ from SQLite's because they lock rows.
-- sqlite.sql has the comments about the tables.

-- name: load
SELECT "row", entries, due, id, state, "key", head FROM calls WHERE id = :id FOR UPDATE;

-- name: unlogged_calls
SELECT "row", id, reference, started_at, ended_at, stage, seq, entries, head, origin, due, queue, team, priority,
    since, sid, state, "key"
FROM calls WHERE ended_at IS NOT NULL AND logged IS NULL ORDER BY "row" LIMIT :limit FOR UPDATE SKIP LOCKED;

-- name: lease
UPDATE orders
SET lease_until = :until
WHERE "row" IN (
    SELECT "row" FROM orders WHERE lease_until <= :now ORDER BY "row" LIMIT :limit FOR UPDATE SKIP LOCKED)
RETURNING "row", id, body, tries,
    (SELECT calls.id FROM calls WHERE calls."row" = orders.call),
    (SELECT calls."key" FROM calls WHERE calls."row" = orders.call);

-- name: follow_up_locked
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE follow_ups.id = :id
FOR UPDATE OF follow_ups;

-- name: staff_session_locked
SELECT body FROM staff_sessions WHERE id = :id FOR UPDATE;

-- name: staff_pin_locked
SELECT person, hash, wrong, locked_until FROM staff_pins WHERE person = :person FOR UPDATE;

-- name: recognise
-- A new call and the records of its caller, in the one query that finds out that the call is new.
SELECT 'call', id, '', 0, CAST(NULL AS BIGINT), NULL, '' FROM calls WHERE id = :id
UNION ALL
SELECT kind, id, state, at, until, "key", body FROM caller_records
WHERE caller = ANY (ARRAY(SELECT json_array_elements_text(CAST(:callers AS json)))) AND state IN ('on', 'proposed')
    AND (until IS NULL OR until > :now)
ORDER BY 4, 2;

-- name: caller_records_of
SELECT id, kind, state, at, until, "key", body FROM caller_records
WHERE caller = ANY (ARRAY(SELECT json_array_elements_text(CAST(:callers AS json)))) ORDER BY at, id;

-- name: caller_record_locked
SELECT id, kind, state, at, until, "key", body FROM caller_records WHERE id = :id FOR UPDATE;

-- name: schema_version
SELECT value FROM meta WHERE name = 'schema_version' FOR SHARE;

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE calls (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sid TEXT UNIQUE,
    stage TEXT NOT NULL,
    seq BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    due BIGINT,
    queue TEXT,
    team TEXT,
    priority BIGINT,
    since BIGINT,
    state TEXT NOT NULL,
    reference TEXT, -- NULL for a call of a server of schema version 5, until the upgrade is finished
    "key" TEXT DEFAULT '',
    caller TEXT,
    origin TEXT,
    head TEXT,
    folded TEXT,
    logged BIGINT
);

CREATE INDEX calls_live ON calls (started_at) WHERE ended_at IS NULL;

CREATE INDEX calls_due ON calls (due, id) WHERE due IS NOT NULL;

CREATE INDEX calls_queue ON calls (queue, team, priority, since) WHERE queue IS NOT NULL;

CREATE INDEX calls_started ON calls (started_at);

CREATE INDEX calls_reference ON calls (reference);

CREATE INDEX calls_unlogged ON calls ("row") WHERE ended_at IS NOT NULL AND logged IS NULL;

CREATE TABLE journal (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    "key" TEXT NOT NULL,
    script TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    details TEXT NOT NULL,
    link BYTEA,
    CONSTRAINT journal_call_seq UNIQUE (call, seq)
);

CREATE TABLE history (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    body TEXT NOT NULL
);

CREATE INDEX history_call ON history (call);

CREATE TABLE orders (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    call BIGINT NOT NULL,
    body TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    tries BIGINT NOT NULL
);

CREATE INDEX orders_lease ON orders (lease_until);

CREATE TABLE people (
    person TEXT NOT NULL PRIMARY KEY,
    presence TEXT NOT NULL,
    call TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    missed BIGINT NOT NULL
);

CREATE TABLE peppers (
    year BIGINT NOT NULL PRIMARY KEY,
    pepper TEXT NOT NULL
);

-- Recordings of people (``service.recordings``). The audio itself is a sealed file.
CREATE TABLE recordings (
    id TEXT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    kind TEXT NOT NULL,
    person TEXT NOT NULL, -- who spoke: a person's id, or "caller"
    provider TEXT NOT NULL, -- the provider's id, sealed; "" if the call was erased
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    hash TEXT NOT NULL, -- SHA-256 of the audio as it was fetched, "" before
    length BIGINT NOT NULL, -- its bytes
    at_provider BOOLEAN NOT NULL
);

CREATE INDEX recordings_call ON recordings (call);

-- What remains to be done after a call (``core.follow_ups``).
CREATE TABLE follow_ups (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    person TEXT NOT NULL, -- who has to act next, "" for nobody
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    due BIGINT, -- NULL for never
    closed BOOLEAN NOT NULL,
    body TEXT NOT NULL -- JSON, sealed
);

CREATE INDEX follow_ups_call ON follow_ups (call);

CREATE INDEX follow_ups_due ON follow_ups (due, id) WHERE due IS NOT NULL;

CREATE INDEX follow_ups_open ON follow_ups (kind, person) WHERE NOT closed;

-- Up to which entry of a call's journal a webhook has been told (``service.webhooks``).
CREATE TABLE webhook_positions (
    webhook TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    entry BIGINT NOT NULL,
    PRIMARY KEY (webhook, call)
);

-- By state, for the figures of monitoring.
CREATE INDEX follow_ups_counted ON follow_ups (kind, at, state, closed);

-- What a machine wrote down of recordings (``service.transcripts``).
CREATE TABLE transcripts (
    recording TEXT NOT NULL,
    purpose TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    engine TEXT NOT NULL,
    version TEXT NOT NULL,
    text TEXT NOT NULL, -- sealed
    milliseconds BIGINT, -- of speech, where only that was measured
    PRIMARY KEY (recording, purpose)
);

CREATE INDEX transcripts_call ON transcripts (call);

CREATE TABLE configurations (
    digest TEXT NOT NULL PRIMARY KEY,
    files TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE activations (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

CREATE TABLE flow_closings (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    flow TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

CREATE TABLE staff_pins (
    person TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    locked_until BIGINT
);

CREATE TABLE staff_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- Who is signed in to the pages (``service.accounts``). Of the token only a hash is kept.
CREATE TABLE page_sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL, -- '' for a wallboard
    way TEXT NOT NULL,
    roles TEXT NOT NULL, -- at most these, with spaces between them; '' for all that the person has
    at BIGINT NOT NULL,
    used BIGINT NOT NULL,
    until BIGINT -- NULL: until it is revoked
);

CREATE INDEX page_sessions_person ON page_sessions (person);

CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    public_key TEXT NOT NULL,
    at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    used BIGINT
);

CREATE INDEX passkeys_person ON passkeys (person);

CREATE TABLE passwords (
    person TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE invitations (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

-- Challenges that were answered, until they would not be accepted any more.
CREATE TABLE used_once (
    digest TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Wrong tries in a row; of the address only a hash is kept.
CREATE TABLE sign_in_tries (
    person TEXT NOT NULL,
    address TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, address)
);

-- Who signed in, or tried, and who opened what is private. Never changed.
CREATE TABLE access_entries (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    way TEXT NOT NULL,
    network TEXT NOT NULL,
    subject TEXT NOT NULL
);

CREATE INDEX access_entries_person ON access_entries (person);

-- How a person likes the pages, as JSON.
CREATE TABLE preferences (
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person, name)
);

CREATE TABLE prompt_recordings (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    sound TEXT NOT NULL, -- a WAV file in base64; empty once a later one has replaced it
    told BIGINT NOT NULL
);

-- What is kept about a caller, not about a call: adjustments, restrictions, a heads-up (``service.caller_records``). A
-- caller is recognised as in ``calls.caller``; each record is sealed under a key of its own.
CREATE TABLE caller_records (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    caller TEXT,
    at BIGINT NOT NULL,
    until BIGINT,
    "key" TEXT,
    body TEXT NOT NULL
);

CREATE INDEX caller_records_caller ON caller_records (caller) WHERE caller IS NOT NULL;

-- Who did what with a record or read it, when and why. Append-only, like the journal.
CREATE TABLE caller_record_entries (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    record TEXT NOT NULL REFERENCES caller_records (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT caller_record_entries_seq UNIQUE (record, seq)
);

CREATE TABLE reclaimed (
    call BIGINT NOT NULL PRIMARY KEY REFERENCES calls ("row"),
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    entries BIGINT NOT NULL,
    moments BIGINT NOT NULL
);

-- Calls of which nothing is deleted, by whom and why, until somebody ends it (``service.retention``).
CREATE TABLE legal_holds (
    id TEXT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    owner TEXT NOT NULL,
    at BIGINT NOT NULL,
    review BIGINT NOT NULL, -- when somebody has to look whether it is still needed
    reason TEXT NOT NULL, -- sealed
    released BIGINT, -- NULL while it holds
    released_by TEXT NOT NULL
);

CREATE INDEX legal_holds_call ON legal_holds (call);

-- What is to be deleted, and what was: by kind (``service.retention``), since when it was held, and when it is gone.
CREATE TABLE deletions (
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    since BIGINT NOT NULL,
    proposed BIGINT NOT NULL,
    deleted BIGINT, -- NULL while it is only proposed
    PRIMARY KEY (kind, item)
);

CREATE INDEX deletions_call ON deletions (call);

CREATE INDEX deletions_open ON deletions (proposed) WHERE deleted IS NULL;

CREATE TABLE deletion_reports (
    at BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- Calls that were erased, when, by whom and why in a word of ours. None is ever changed.
CREATE TABLE erasures (
    call BIGINT NOT NULL PRIMARY KEY REFERENCES calls ("row"),
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    why TEXT NOT NULL
);

CREATE INDEX erasures_at ON erasures (at);

-- Partial: only calls that are over and still have a key.
CREATE INDEX calls_not_erased ON calls (ended_at) WHERE ended_at IS NOT NULL AND "key" IS NOT NULL;

CREATE INDEX calls_caller ON calls (caller) WHERE caller IS NOT NULL;

-- So that the night's look for what is over reads only that.
CREATE INDEX recordings_kept ON recordings (at) WHERE state <> 'deleted';

CREATE INDEX transcripts_at ON transcripts (at);

CREATE INDEX follow_ups_words ON follow_ups (at) WHERE closed AND body <> '';

CREATE TABLE call_terms (
    term TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    PRIMARY KEY (term, started_at, call)
);

CREATE TABLE nodes (
    name TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    configuration TEXT NOT NULL,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL
);

CREATE TABLE log_leaves (
    number BIGINT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    body TEXT NOT NULL,
    nodes BYTEA NOT NULL
);

CREATE INDEX log_leaves_call ON log_leaves (call);

CREATE TABLE checkpoints (
    number BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    note TEXT NOT NULL
);

CREATE TABLE witnessed (
    checkpoint BIGINT NOT NULL REFERENCES checkpoints (number),
    witness TEXT NOT NULL,
    at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    PRIMARY KEY (checkpoint, witness)
);

INSERT INTO meta (name, value) VALUES ('checkpoints', '0');

-- The journal is append-only for every client. Only entries of a call in ``reclaimed`` can be deleted.
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE 'the journal is append-only'; END$$;

-- Tables are named with their schema, so that no table of the client's session can take their place.
CREATE FUNCTION journal_only_reclaimed() RETURNS trigger LANGUAGE plpgsql
AS $$DECLARE known boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.reclaimed WHERE call = $1)', TG_TABLE_SCHEMA)
        INTO known USING OLD.call;
    IF NOT known THEN RAISE 'the journal is append-only'; END IF;
    RETURN OLD;
END$$;

CREATE FUNCTION reclaimed_only_erased() RETURNS trigger LANGUAGE plpgsql
AS $$DECLARE erased boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.calls WHERE "row" = $1 AND "key" IS NULL AND ended_at IS NOT NULL)',
        TG_TABLE_SCHEMA) INTO erased USING NEW.call;
    IF NOT erased THEN RAISE 'only a call that was erased can be reclaimed'; END IF;
    RETURN NEW;
END$$;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_only_reclaimed();

CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER reclaimed_only_erased BEFORE INSERT ON reclaimed
FOR EACH ROW EXECUTE FUNCTION reclaimed_only_erased();

CREATE TRIGGER reclaimed_no_change BEFORE UPDATE OR DELETE ON reclaimed
FOR EACH ROW EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER reclaimed_no_truncate BEFORE TRUNCATE ON reclaimed
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

-- The log is append-only, too.
CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE 'the log is append-only'; END$$;

CREATE TRIGGER log_leaves_no_change BEFORE UPDATE OR DELETE ON log_leaves
FOR EACH ROW EXECUTE FUNCTION log_refuse();

CREATE TRIGGER log_leaves_no_truncate BEFORE TRUNCATE ON log_leaves
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();

CREATE TRIGGER checkpoints_no_change BEFORE UPDATE OR DELETE ON checkpoints
FOR EACH ROW EXECUTE FUNCTION log_refuse();

CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();

CREATE TRIGGER witnessed_no_change BEFORE UPDATE OR DELETE ON witnessed
FOR EACH ROW EXECUTE FUNCTION log_refuse();

CREATE TRIGGER witnessed_no_truncate BEFORE TRUNCATE ON witnessed
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();

CREATE TRIGGER erasures_no_change BEFORE UPDATE OR DELETE ON erasures
FOR EACH ROW EXECUTE FUNCTION log_refuse();

CREATE TRIGGER erasures_no_truncate BEFORE TRUNCATE ON erasures
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();

CREATE FUNCTION caller_records_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE 'the entries of caller records are append-only, and no record is deleted'; END$$;

CREATE TRIGGER caller_record_entries_no_change BEFORE UPDATE OR DELETE ON caller_record_entries
FOR EACH ROW EXECUTE FUNCTION caller_records_refuse();

CREATE TRIGGER caller_record_entries_no_truncate BEFORE TRUNCATE ON caller_record_entries
FOR EACH STATEMENT EXECUTE FUNCTION caller_records_refuse();

CREATE TRIGGER caller_records_no_delete BEFORE DELETE ON caller_records
FOR EACH ROW EXECUTE FUNCTION caller_records_refuse();

CREATE TRIGGER caller_records_no_truncate BEFORE TRUNCATE ON caller_records
FOR EACH STATEMENT EXECUTE FUNCTION caller_records_refuse();

CREATE FUNCTION access_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE 'the list of accesses is never changed'; END$$;

CREATE TRIGGER access_entries_no_change BEFORE UPDATE ON access_entries
FOR EACH ROW EXECUTE FUNCTION access_refuse();
