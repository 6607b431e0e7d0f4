-- A chain over the journal of each call, and a log of finished calls. Entries of servers of the version before are
-- folded in by the next new one, and by `callflow db upgrade --finish`.
ALTER TABLE calls ADD COLUMN origin TEXT;

ALTER TABLE calls ADD COLUMN head TEXT;

ALTER TABLE calls ADD COLUMN folded TEXT;

ALTER TABLE calls ADD COLUMN logged BIGINT;

ALTER TABLE journal ADD COLUMN link BYTEA;

CREATE INDEX calls_unlogged ON calls ("row") WHERE ended_at IS NOT NULL AND logged IS NULL;

-- The log of finished calls (``evidence.merkle``): a leaf for each time that a call was over, in order, without gaps.
-- ``nodes`` are the hashes of the subtrees that it completes, of 32 bytes each, its own first.
CREATE TABLE log_leaves (
    number BIGINT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    body TEXT NOT NULL, -- what is hashed (``evidence.leaves``)
    nodes BYTEA NOT NULL
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
