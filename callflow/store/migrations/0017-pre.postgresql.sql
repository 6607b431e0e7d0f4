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
