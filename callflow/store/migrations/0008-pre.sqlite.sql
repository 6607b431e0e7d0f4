-- Slow work is stored as jobs.

CREATE TABLE jobs (
    "row" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    args TEXT NOT NULL,
    due BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, -- until then a process runs it
    tries BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    error TEXT NOT NULL
);

CREATE INDEX jobs_due ON jobs (due) WHERE failed = 0;

CREATE INDEX jobs_key ON jobs ("key") WHERE failed = 0;
