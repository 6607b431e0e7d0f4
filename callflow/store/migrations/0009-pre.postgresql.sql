-- The space of erased calls can be reclaimed: their entries in the journal, and no others, can be deleted.
CREATE TABLE reclaimed (
    call BIGINT NOT NULL PRIMARY KEY REFERENCES calls ("row"),
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    entries BIGINT NOT NULL,
    moments BIGINT NOT NULL
);

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

DROP TRIGGER journal_no_change ON journal;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_only_reclaimed();

CREATE TRIGGER reclaimed_only_erased BEFORE INSERT ON reclaimed
FOR EACH ROW EXECUTE FUNCTION reclaimed_only_erased();

CREATE TRIGGER reclaimed_no_change BEFORE UPDATE OR DELETE ON reclaimed
FOR EACH ROW EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER reclaimed_no_truncate BEFORE TRUNCATE ON reclaimed
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
