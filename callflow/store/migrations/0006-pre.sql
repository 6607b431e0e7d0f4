-- A call is found by its reference with an index, instead of by reading every call. Servers of before leave it NULL.
ALTER TABLE calls ADD COLUMN reference TEXT;

CREATE INDEX calls_reference ON calls (reference);
