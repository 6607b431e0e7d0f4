-- Promises that only servers of before have written. Number and due time are in the call.
INSERT INTO follow_ups (id, kind, call, person, state, at, due, closed, body)
SELECT calls.id || '-promise-1', 'promise', calls."row", call_backs.owner, 'open', calls.started_at, call_backs.due, FALSE, ''
FROM call_backs JOIN calls ON calls."row" = call_backs.call
WHERE NOT call_backs.kept AND calls."key" IS NOT NULL
ON CONFLICT (id) DO NOTHING;

DROP TABLE call_backs;
