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
