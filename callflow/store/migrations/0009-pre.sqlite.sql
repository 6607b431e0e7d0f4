-- The journal is append-only against REPLACE and against changes of the calls that its entries belong to, too, and the
-- space of erased calls can be reclaimed. No server of before does what is refused from now on.
-- Calls that were erased, and whose entries in the journal and the history were deleted to reclaim their space
-- (`callflow db reclaim`). A call has at most one row, and none is ever changed.
CREATE TABLE reclaimed (
    call BIGINT NOT NULL PRIMARY KEY REFERENCES calls ("row"),
    at BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    entries BIGINT NOT NULL, -- how many were deleted from the journal
    moments BIGINT NOT NULL -- and from the history
);

DROP TRIGGER journal_no_delete;

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
