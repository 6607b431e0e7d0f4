-- PostgreSQL: jobs (``service.jobs``) in the tables of Procrastinate, whose functions are called. A kind is a task and has
-- a queue of its own, so that a server of an earlier version leaves alone what it does not know. A key is a lock.
-- ``args`` holds our own ``args``, the time of the deferral, and the last error. CAST, because ``::`` looks like a
-- parameter to us.

-- name: defer
-- By the database's clock, so that a server with a wrong one does no harm.
SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(ROW(
    CAST(:kind AS varchar), CAST(:kind AS varchar), 0, nullif(CAST(:key AS text), ''), NULL,
    jsonb_build_object('args', CAST(:args AS jsonb), 'at', CAST(:at AS bigint)),
    CASE WHEN CAST(:wait AS bigint) > 0 THEN now() + CAST(:wait AS bigint) * interval '1 microsecond' END
) AS procrastinate_job_to_defer_v1)]);

-- name: job_waits
SELECT 1 FROM procrastinate_jobs WHERE task_name = :kind AND coalesce(lock, '') = :key AND status = 'todo' LIMIT 1;

-- name: jobs
SELECT id, task_name, coalesce(lock, ''), CAST(args -> 'args' AS text),
    coalesce(CAST(extract(epoch FROM scheduled_at) * 1000000 AS bigint), CAST(args ->> 'at' AS bigint)),
    CASE status WHEN 'todo' THEN 'waiting' WHEN 'doing' THEN 'running' ELSE 'failed' END, attempts,
    coalesce(args ->> 'error', '')
FROM procrastinate_jobs WHERE status != 'succeeded' ORDER BY id;

-- name: job_figures
SELECT count(*) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
    count(*) FILTER (WHERE status NOT IN ('todo', 'doing', 'succeeded')),
    min(coalesce(CAST(extract(epoch FROM scheduled_at) * 1000000 AS bigint), CAST(args ->> 'at' AS bigint)))
        FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))
FROM procrastinate_jobs;

-- name: retry_job
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = now(), abort_requested = false
WHERE id = :id AND status NOT IN ('todo', 'doing', 'succeeded')
RETURNING id;

-- name: drop_job
DELETE FROM procrastinate_jobs WHERE id = :id AND status NOT IN ('todo', 'doing', 'succeeded') RETURNING id;

-- name: job_error
UPDATE procrastinate_jobs SET args = args || jsonb_build_object('error', CAST(:error AS text)) WHERE id = :id;

-- name: job_uncounted
UPDATE procrastinate_jobs SET attempts = attempts - 1 WHERE id = :id AND status = 'doing';

-- name: rescue_jobs
-- One statement, so that two servers do not both give back a job, the second one while it runs again.
SELECT procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL)
FROM (
    SELECT job.id FROM procrastinate_jobs AS job
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id
            AND worker.last_heartbeat >= now() - CAST(:silent AS bigint) * interval '1 microsecond')
    FOR UPDATE OF job SKIP LOCKED
) AS stalled;

\i procrastinate/sql/schema.sql
