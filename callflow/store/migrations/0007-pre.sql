-- The wrapped key of the call (``sealing``). '' for a call whose values are not sealed, which servers of before begin;
-- NULL for one that was erased.
ALTER TABLE calls ADD COLUMN "key" TEXT DEFAULT '';

-- What the caller is recognised by (``keys``).
ALTER TABLE calls ADD COLUMN caller TEXT;

CREATE TABLE peppers (
    year BIGINT NOT NULL PRIMARY KEY,
    pepper TEXT NOT NULL
);
