-- Calls that were over before their terms were written.
INSERT INTO call_terms (term, started_at, call)
SELECT 'person ' || (leg ->> 2), calls.started_at, calls."row"
FROM calls, json_array_elements(calls.state::json -> 'legs') AS leg
WHERE ended_at IS NOT NULL AND leg ->> 2 <> '' AND leg -> 10 ->> 'accepted' = 'true'
ON CONFLICT DO NOTHING;

INSERT INTO call_terms (term, started_at, call)
SELECT 'team ' || (state::json ->> 'team'), started_at, "row" FROM calls
WHERE ended_at IS NOT NULL AND state::json ->> 'team' <> ''
ON CONFLICT DO NOTHING;

INSERT INTO call_terms (term, started_at, call)
SELECT 'outcome ' || (state::json ->> 'outcome'), started_at, "row" FROM calls
WHERE ended_at IS NOT NULL AND state::json ->> 'outcome' <> ''
ON CONFLICT DO NOTHING;
