-- SQLite: jobs (``service.jobs``). A job that fails for good has ``failed`` 1; one that is done is deleted.

-- name: defer
INSERT INTO jobs (kind, "key", args, due, lease_until, tries, failed, error)
VALUES (:kind, :key, :args, :at + :wait, 0, 0, 0, '');

-- name: job_waits
SELECT 1 FROM jobs WHERE kind = :kind AND "key" = :key AND failed = 0 AND lease_until <= :at LIMIT 1;

-- name: jobs
SELECT "row", kind, "key", args, due,
    CASE WHEN failed = 1 THEN 'failed' WHEN lease_until > :now THEN 'running' ELSE 'waiting' END, tries, error
FROM jobs ORDER BY "row";

-- name: job_figures
SELECT count(*) FILTER (WHERE failed = 0 AND due <= :now AND lease_until <= :now),
    count(*) FILTER (WHERE failed = 1),
    min(due) FILTER (WHERE failed = 0 AND due <= :now AND lease_until <= :now)
FROM jobs;

-- name: retry_job
UPDATE jobs SET failed = 0, tries = 0, due = :now WHERE "row" = :id AND failed = 1 RETURNING "row";

-- name: drop_job
DELETE FROM jobs WHERE "row" = :id AND failed = 1 RETURNING "row";

-- name: free_jobs
SELECT 1 FROM jobs WHERE failed = 0 AND due <= :now AND lease_until <= :now LIMIT 1;

-- name: take_job
-- Of the jobs of a key only the first, and none while another one runs, which was perhaps retried by hand.
UPDATE jobs
SET lease_until = :until, tries = tries + 1
WHERE "row" = (
    SELECT mine."row" FROM jobs AS mine
    WHERE mine.failed = 0 AND mine.due <= :now AND mine.lease_until <= :now
        AND mine.kind IN (SELECT value FROM json_each(:kinds))
        AND NOT EXISTS (
            SELECT 1 FROM jobs AS other
            WHERE mine."key" != '' AND other."key" = mine."key" AND other.failed = 0
                AND (other."row" < mine."row" OR other.lease_until > :now))
    ORDER BY mine.due, mine."row" LIMIT 1)
RETURNING "row", kind, "key", args, due, 'running', tries, error;

-- name: keep_job
UPDATE jobs SET lease_until = :until WHERE "row" = :id AND tries = :tries;

-- name: job_done
DELETE FROM jobs WHERE "row" = :id AND tries = :tries;

-- name: job_again
UPDATE jobs SET lease_until = 0, due = :at, error = :error WHERE "row" = :id AND tries = :tries;

-- name: job_back
UPDATE jobs SET lease_until = 0, tries = tries - 1 WHERE "row" = :id AND tries = :tries;

-- name: job_given_up
UPDATE jobs SET lease_until = 0, failed = 1, error = :error WHERE "row" = :id AND tries = :tries;

-- AUTOINCREMENT: the id of a job that is done is not given to another one, which a slow process could take for its own.
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
