-- SQLite: the tables, and the statements that differ from PostgreSQL's. Keys are INTEGER, so that they are SQLite's
-- own row ids.
-- Times are whole microseconds since 1970 UTC. A call is one row with its whole state as JSON, and one journal row for
-- each note. Events are not replayed to load it, so event 10,000 of a call costs as much as event 10. The other columns
-- of a call are for searching.

-- name: load
SELECT "row", entries, due, id, state, "key", head FROM calls WHERE id = :id;

-- name: unlogged_calls
SELECT "row", id, reference, started_at, ended_at, stage, seq, entries, head, origin, due, queue, team, priority,
    since, sid, state, "key"
FROM calls WHERE ended_at IS NOT NULL AND logged IS NULL ORDER BY "row" LIMIT :limit;

-- name: lease
UPDATE orders
SET lease_until = :until
WHERE "row" IN (SELECT "row" FROM orders WHERE lease_until <= :now ORDER BY "row" LIMIT :limit)
RETURNING "row", id, body, tries,
    (SELECT calls.id FROM calls WHERE calls."row" = orders.call),
    (SELECT calls."key" FROM calls WHERE calls."row" = orders.call);

-- name: staff_session_locked
SELECT body FROM staff_sessions WHERE id = :id;

-- name: staff_pin_locked
SELECT person, hash, wrong, locked_until FROM staff_pins WHERE person = :person;

-- name: recognise
-- A new call and the records of its caller, in the one query that finds out that the call is new.
SELECT 'call', id, '', 0, NULL, NULL, '' FROM calls WHERE id = :id
UNION ALL
SELECT kind, id, state, at, until, "key", body FROM caller_records
WHERE caller IN (SELECT value FROM json_each(:callers)) AND state IN ('on', 'proposed')
    AND (until IS NULL OR until > :now)
ORDER BY 4, 2;

-- name: caller_records_of
SELECT id, kind, state, at, until, "key", body FROM caller_records
WHERE caller IN (SELECT value FROM json_each(:callers)) ORDER BY at, id;

-- name: caller_record_locked
SELECT id, kind, state, at, until, "key", body FROM caller_records WHERE id = :id;

-- name: follow_up_locked
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE follow_ups.id = :id;

-- name: schema_version
SELECT value FROM meta WHERE name = 'schema_version';

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE calls (
    "row" INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sid TEXT UNIQUE,
    stage TEXT NOT NULL,
    seq BIGINT NOT NULL,
    entries BIGINT NOT NULL, -- the number of journal entries, so that the next one's number is known
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    due BIGINT,
    queue TEXT, -- "agents", "supervisors" or "being rung", NULL when not in line
    team TEXT,
    priority BIGINT,
    since BIGINT,
    state TEXT NOT NULL,
    reference TEXT, -- NULL for a call of a server of schema version 5, until the upgrade is finished
    "key" TEXT DEFAULT '', -- wrapped (``sealing``); '' for a call that is not sealed, NULL for one that was erased
    caller TEXT, -- what the caller is recognised by (``keys``); NULL without a number, or erased
    origin TEXT, -- what its chain begins with (``links``); NULL for a call of a server of schema version 14
    head TEXT, -- of the chain over its journal
    folded TEXT, -- the links of entries of servers of schema version 14, as JSON by number
    logged BIGINT -- its latest leaf in the log; NULL if it is to be logged once it is over
);

-- Partial indexes, which do not contain ended calls, and are not changed by most events.
CREATE INDEX calls_live ON calls (started_at) WHERE ended_at IS NULL;

-- With the id, so that due calls are read from the index in order: to sort 2,000 of them took 0.9 ms.
CREATE INDEX calls_due ON calls (due, id) WHERE due IS NOT NULL;

CREATE INDEX calls_queue ON calls (queue, team, priority, since) WHERE queue IS NOT NULL;

CREATE INDEX calls_started ON calls (started_at);

CREATE INDEX calls_reference ON calls (reference);

-- Partial: only calls that are over and not in the log yet.
CREATE INDEX calls_unlogged ON calls ("row") WHERE ended_at IS NOT NULL AND logged IS NULL;

CREATE TABLE journal (
    "row" INTEGER NOT NULL PRIMARY KEY,
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
    details TEXT NOT NULL, -- JSON, "" for none
    link BLOB, -- of its chain (``evidence.chain``)
    CONSTRAINT journal_call_seq UNIQUE (call, seq)
);

-- The events of calls (``service.moments``), one row for each unit of work, in the order of the rows. They may be
-- deleted, unlike the journal; nothing refers to them.
CREATE TABLE history (
    "row" INTEGER NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    body TEXT NOT NULL
);

CREATE INDEX history_call ON history (call);

CREATE TABLE orders (
    "row" INTEGER NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    call BIGINT NOT NULL,
    body TEXT NOT NULL,
    lease_until BIGINT NOT NULL, -- after this time any process may send it
    tries BIGINT NOT NULL
);

CREATE INDEX orders_lease ON orders (lease_until);

CREATE TABLE people (
    person TEXT NOT NULL PRIMARY KEY,
    presence TEXT NOT NULL,
    call TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    missed BIGINT NOT NULL -- calls in a row that the person did not answer
);

-- By year, what numbers of callers are hashed with; wrapped.
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

-- Every configuration that was ever active, as the text of its files. ``activations`` has who activated it when.
CREATE TABLE configurations (
    digest TEXT NOT NULL PRIMARY KEY,
    files TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE activations (
    "row" INTEGER NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

-- Flows that people have closed until a time, and opened again (``until`` is then ``at``). The last row of a flow counts.
CREATE TABLE flow_closings (
    "row" INTEGER NOT NULL PRIMARY KEY,
    flow TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

-- PINs of staff, as slow salted hashes (``service.pins``), and their locks after wrong tries.
CREATE TABLE staff_pins (
    person TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    locked_until BIGINT
);

-- Calls to the staff line (``core.staff_line.session``). They are no calls with a caller, and are deleted soon.
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
    "row" INTEGER NOT NULL PRIMARY KEY,
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

-- Lines that were recorded on the staff line (``service.prompt_recordings``): who, which, when, and the sound.
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
    caller TEXT, -- NULL once it is erased
    at BIGINT NOT NULL,
    until BIGINT, -- it has no effect from then on; NULL without an end
    "key" TEXT, -- wrapped; NULL once it is erased
    body TEXT NOT NULL -- sealed JSON
);

CREATE INDEX caller_records_caller ON caller_records (caller) WHERE caller IS NOT NULL;

-- Who did what with a record or read it, when and why. Append-only, like the journal.
CREATE TABLE caller_record_entries (
    "row" INTEGER NOT NULL PRIMARY KEY,
    record TEXT NOT NULL REFERENCES caller_records (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL, -- sealed with the key of the record
    CONSTRAINT caller_record_entries_seq UNIQUE (record, seq)
);

-- Calls that were erased, and whose entries in the journal and the history were deleted to reclaim their space
-- (`callflow db reclaim`). A call has at most one row, and none is ever changed.
CREATE TABLE reclaimed (
    call BIGINT NOT NULL PRIMARY KEY REFERENCES calls ("row"),
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    entries BIGINT NOT NULL, -- how many were deleted from the journal
    moments BIGINT NOT NULL -- and from the history
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

-- What calls that are over are found by (``service.call_search``): "person ana", "team desk", "outcome closed".
CREATE TABLE call_terms (
    term TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    PRIMARY KEY (term, started_at, call)
) WITHOUT ROWID;

-- The servers that run on this database, and when each said so last (``service.nodes``).
CREATE TABLE nodes (
    name TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    configuration TEXT NOT NULL,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL
);

-- The log of finished calls (``evidence.merkle``): a leaf for each time that a call was over, in order, without gaps.
-- ``nodes`` are the hashes of the subtrees that it completes, of 32 bytes each, its own first.
CREATE TABLE log_leaves (
    number BIGINT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    body TEXT NOT NULL, -- what is hashed (``evidence.leaves``)
    nodes BLOB NOT NULL
);

CREATE INDEX log_leaves_call ON log_leaves (call);

-- What the log was at a time, signed (``evidence.checkpoint``). ``meta`` has how many there are.
CREATE TABLE checkpoints (
    number BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Who has seen a checkpoint: a witness with its signature, a time stamp, or a mailbox.
CREATE TABLE witnessed (
    checkpoint BIGINT NOT NULL REFERENCES checkpoints (number),
    witness TEXT NOT NULL,
    at BIGINT NOT NULL,
    proof TEXT NOT NULL,
    PRIMARY KEY (checkpoint, witness)
);

INSERT INTO meta (name, value) VALUES ('checkpoints', '0');

-- The journal is append-only for every client. Only entries of a call in ``reclaimed`` can be deleted.
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
WHEN NOT EXISTS (SELECT 1 FROM reclaimed WHERE call = OLD.call)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- REPLACE deletes what is in its way, without the trigger above, unless the client asks for it (recursive_triggers).
-- NEW."row" is -1 here if none was given.
CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE call = NEW.call AND seq = NEW.seq)
    OR NEW."row" > 0 AND EXISTS (SELECT 1 FROM journal WHERE "row" = NEW."row")
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Entries are found by the row of their call, so it stays where it is. SQLite checks foreign keys only on request.
CREATE TRIGGER calls_no_delete BEFORE DELETE ON calls
BEGIN SELECT RAISE(ABORT, 'a call is never deleted'); END;

-- Each name of the row is listed, because the trigger is looked up by the name that was used.
CREATE TRIGGER calls_no_other_row BEFORE UPDATE OF "row", rowid, oid, _rowid_, id, reference ON calls
WHEN NEW."row" <> OLD."row" OR NEW.id <> OLD.id OR OLD.reference <> coalesce(NEW.reference, '')
BEGIN SELECT RAISE(ABORT, 'a call keeps its row, id and reference'); END;

-- REPLACE is treated as ON CONFLICT DO NOTHING.
CREATE TRIGGER calls_no_replace BEFORE INSERT ON calls
WHEN EXISTS (SELECT 1 FROM calls WHERE id = NEW.id OR sid = NEW.sid)
    OR NEW."row" > 0 AND EXISTS (SELECT 1 FROM calls WHERE "row" = NEW."row")
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER calls_no_other_sid BEFORE UPDATE OF sid ON calls
WHEN NEW.sid <> coalesce(OLD.sid, '') AND EXISTS (SELECT 1 FROM calls WHERE sid = NEW.sid)
BEGIN SELECT RAISE(ABORT, 'another call has this sid'); END;

CREATE TRIGGER reclaimed_only_erased BEFORE INSERT ON reclaimed
WHEN EXISTS (SELECT 1 FROM reclaimed WHERE call = NEW.call)
    OR NOT EXISTS (SELECT 1 FROM calls WHERE "row" = NEW.call AND "key" IS NULL AND ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only a call that was erased can be reclaimed, and once'); END;

CREATE TRIGGER reclaimed_no_update BEFORE UPDATE ON reclaimed
BEGIN SELECT RAISE(ABORT, 'the list of reclaimed calls is append-only'); END;

CREATE TRIGGER reclaimed_no_delete BEFORE DELETE ON reclaimed
BEGIN SELECT RAISE(ABORT, 'the list of reclaimed calls is append-only'); END;

-- The log is append-only, too.
CREATE TRIGGER log_leaves_no_update BEFORE UPDATE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER log_leaves_no_delete BEFORE DELETE ON log_leaves
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER log_leaves_no_replace BEFORE INSERT ON log_leaves
WHEN EXISTS (SELECT 1 FROM log_leaves WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints
WHEN EXISTS (SELECT 1 FROM checkpoints WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER witnessed_no_update BEFORE UPDATE ON witnessed
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER witnessed_no_delete BEFORE DELETE ON witnessed
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER witnessed_no_replace BEFORE INSERT ON witnessed
WHEN EXISTS (SELECT 1 FROM witnessed WHERE checkpoint = NEW.checkpoint AND witness = NEW.witness)
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER erasures_no_update BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'the list of erasures is append-only'); END;

CREATE TRIGGER erasures_no_delete BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'the list of erasures is append-only'); END;

CREATE TRIGGER erasures_no_replace BEFORE INSERT ON erasures
WHEN EXISTS (SELECT 1 FROM erasures WHERE call = NEW.call)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER caller_record_entries_no_update BEFORE UPDATE ON caller_record_entries
BEGIN SELECT RAISE(ABORT, 'the entries of caller records are append-only'); END;

CREATE TRIGGER caller_record_entries_no_delete BEFORE DELETE ON caller_record_entries
BEGIN SELECT RAISE(ABORT, 'the entries of caller records are append-only'); END;

CREATE TRIGGER caller_record_entries_no_replace BEFORE INSERT ON caller_record_entries
WHEN EXISTS (SELECT 1 FROM caller_record_entries WHERE record = NEW.record AND seq = NEW.seq)
    OR NEW."row" > 0 AND EXISTS (SELECT 1 FROM caller_record_entries WHERE "row" = NEW."row")
BEGIN SELECT RAISE(ABORT, 'the entries of caller records are append-only'); END;

CREATE TRIGGER caller_records_no_delete BEFORE DELETE ON caller_records
BEGIN SELECT RAISE(ABORT, 'a caller record is erased, never deleted'); END;

CREATE TRIGGER caller_records_no_other_id BEFORE UPDATE OF id ON caller_records
WHEN NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a caller record keeps its id'); END;

CREATE TRIGGER caller_records_no_replace BEFORE INSERT ON caller_records
WHEN EXISTS (SELECT 1 FROM caller_records WHERE id = NEW.id)
BEGIN SELECT RAISE(IGNORE); END;

CREATE TRIGGER access_entries_no_update BEFORE UPDATE ON access_entries
BEGIN SELECT RAISE(ABORT, 'the list of accesses is never changed'); END;

CREATE TRIGGER access_entries_no_replace BEFORE INSERT ON access_entries
WHEN NEW."row" > 0 AND EXISTS (SELECT 1 FROM access_entries WHERE "row" = NEW."row")
BEGIN SELECT RAISE(ABORT, 'the list of accesses is never changed'); END;
