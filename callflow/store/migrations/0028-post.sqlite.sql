-- Calls that were over before their terms were written.
INSERT OR IGNORE INTO call_terms (term, started_at, call)
SELECT 'person ' || json_extract(leg.value, '$[2]'), calls.started_at, calls."row"
FROM calls, json_each(calls.state, '$.legs') AS leg
WHERE ended_at IS NOT NULL AND json_extract(leg.value, '$[2]') <> '' AND json_extract(leg.value, '$[10].accepted');

INSERT OR IGNORE INTO call_terms (term, started_at, call)
SELECT 'team ' || json_extract(state, '$.team'), started_at, "row" FROM calls
WHERE ended_at IS NOT NULL AND json_extract(state, '$.team') <> '';

INSERT OR IGNORE INTO call_terms (term, started_at, call)
SELECT 'outcome ' || json_extract(state, '$.outcome'), started_at, "row" FROM calls
WHERE ended_at IS NOT NULL AND json_extract(state, '$.outcome') <> '';
