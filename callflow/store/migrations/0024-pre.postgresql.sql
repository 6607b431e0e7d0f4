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

CREATE TRIGGER erasures_no_change BEFORE UPDATE OR DELETE ON erasures
FOR EACH ROW EXECUTE FUNCTION log_refuse();

CREATE TRIGGER erasures_no_truncate BEFORE TRUNCATE ON erasures
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();
