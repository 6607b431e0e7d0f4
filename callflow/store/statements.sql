-- The statements that are the same on both databases; sqlite.sql and postgresql.sql have the tables and the others.
-- Statements are separated by empty lines. ``:name`` is a parameter; ``prepared`` converts it to the driver's style.
-- "row" is the key of a table inside the database, "id" the one that the rest of Callflow uses.

-- name: touch
UPDATE calls
SET stage = :stage, seq = :seq, entries = :entries, state = :state, head = :head, logged = NULL
WHERE "row" = :the_row AND seq = :seq_before;

-- name: change
-- The first ``ended_at`` of a call is never changed.
UPDATE calls
SET sid = :sid, stage = :stage, seq = :seq, entries = :entries, state = :state,
    ended_at = coalesce(ended_at, :ended_at), due = :due, queue = :queue, team = :team, priority = :priority,
    since = :since, head = :head, logged = NULL
WHERE "row" = :the_row AND seq = :seq_before;

-- name: waiting_before
SELECT count(*)
FROM calls
WHERE queue IS NOT NULL AND queue = :queue AND team = :team AND id != :id
    AND (priority > :priority
        OR priority = :priority AND since < :since
        OR priority = :priority AND since = :since AND id < :id);

-- name: ahead_in_line
SELECT count(*)
FROM calls
WHERE queue IS NOT NULL AND team = :team AND id != :id
    AND (priority > :priority
        OR priority = :priority AND since < :since
        OR priority = :priority AND since = :since AND id < :id);

-- name: read
SELECT id, "key", state FROM calls WHERE id = :id;

-- name: live
SELECT id, "key", state FROM calls WHERE ended_at IS NULL ORDER BY started_at DESC, "row" DESC LIMIT :limit;

-- name: all
SELECT id, "key", state FROM calls ORDER BY started_at DESC, "row" DESC LIMIT :limit;

-- name: calls_page
SELECT started_at, "row", id, "key", state, ended_at FROM calls
WHERE started_at >= :since AND started_at <= :before_at AND (started_at, "row") < (:before_at_again, :before_row)
ORDER BY started_at DESC, "row" DESC LIMIT :limit;

-- name: calls_by_reference
SELECT started_at, "row", id, "key", state, ended_at FROM calls
WHERE reference = :reference AND started_at >= :since AND started_at <= :before_at
    AND (started_at, "row") < (:before_at_again, :before_row)
ORDER BY started_at DESC, "row" DESC LIMIT :limit;

-- name: calls_by_term
SELECT calls.started_at, calls."row", calls.id, calls."key", calls.state, calls.ended_at
FROM call_terms JOIN calls ON calls."row" = call_terms.call
WHERE call_terms.term = :term AND call_terms.started_at >= :since AND call_terms.started_at <= :before_at
    AND (call_terms.started_at, call_terms.call) < (:before_at_again, :before_row)
    AND (:second = '' OR EXISTS (SELECT 1 FROM call_terms AS other WHERE other.term = :second_again
        AND other.started_at = call_terms.started_at AND other.call = call_terms.call))
    AND (:third = '' OR EXISTS (SELECT 1 FROM call_terms AS other WHERE other.term = :third_again
        AND other.started_at = call_terms.started_at AND other.call = call_terms.call))
ORDER BY call_terms.started_at DESC, call_terms.call DESC LIMIT :limit;

-- name: calls_not_found_by_term
-- Few, by their partial indexes. The sum keeps SQLite from reading all calls in the order of their start instead.
SELECT started_at, "row", id, "key", state, ended_at
FROM (SELECT started_at, "row", id, "key", state, ended_at FROM calls WHERE ended_at IS NULL
    UNION ALL
    SELECT started_at, "row", id, "key", state, ended_at FROM calls WHERE ended_at IS NOT NULL AND logged IS NULL) AS few
ORDER BY started_at + 0 DESC LIMIT :limit;

-- name: put_node
INSERT INTO nodes (name, version, configuration, started, seen)
VALUES (:name, :version, :configuration, :started, :seen)
ON CONFLICT (name) DO UPDATE SET version = excluded.version, configuration = excluded.configuration,
    started = excluded.started, seen = excluded.seen;

-- name: forget_nodes
DELETE FROM nodes WHERE seen < :forget;

-- name: nodes
SELECT name, version, configuration, started, seen FROM nodes ORDER BY name;

-- name: count_term
SELECT count(*) FROM (SELECT 1 FROM call_terms WHERE term = :term LIMIT :limit) AS found;

-- name: add_call_term
INSERT INTO call_terms (term, started_at, call) VALUES (:term, :started_at, :the_row) ON CONFLICT DO NOTHING;

-- name: find
SELECT id, "key", state FROM calls WHERE reference = :reference ORDER BY started_at DESC, "row" DESC LIMIT 1;

-- name: find_in_state
-- Calls of servers of schema version 5. The state is JSON that they wrote, so this piece of text is exact.
SELECT id, "key", state FROM calls WHERE reference IS NULL AND state LIKE :part
ORDER BY started_at DESC, "row" DESC LIMIT 1;

-- name: due
SELECT id FROM calls WHERE due <= :now ORDER BY due, id LIMIT :limit;

-- name: next_due
SELECT min(due) FROM calls WHERE due > :after;

-- name: queue
SELECT id FROM calls WHERE queue IS NOT NULL AND queue != 'being rung' ORDER BY priority DESC, since, id;

-- name: queue_of_team
SELECT id FROM calls
WHERE queue IS NOT NULL AND queue != 'being rung' AND team = :team
ORDER BY priority DESC, since, id;

-- name: journal
SELECT journal.seq, journal.at, journal.kind, journal.actor, journal."key", journal.script, journal.version,
    journal.language, journal.outcome, journal.details, calls."key"
FROM journal JOIN calls ON calls."row" = journal.call
WHERE calls.id = :id
ORDER BY journal.seq;

-- name: history
SELECT history.body, calls."key"
FROM history JOIN calls ON calls."row" = history.call
WHERE calls.id = :id
ORDER BY history."row";

-- name: old_calls
-- The calls that have a history, in the order of their start, and whether they are over for long enough and not held.
SELECT "row", started_at < :before, ended_at IS NOT NULL AND ended_at < :before
    AND NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.call = calls."row" AND released IS NULL)
FROM calls
WHERE "row" IN (SELECT DISTINCT call FROM history WHERE call > :after ORDER BY call LIMIT :limit)
ORDER BY "row";

-- name: delete_history
DELETE FROM history WHERE call = :call;

-- name: free_orders
SELECT "row" FROM orders WHERE lease_until <= :now LIMIT 1;

-- name: order_done
DELETE FROM orders WHERE id = :order;

-- name: order_again
UPDATE orders SET lease_until = :at, tries = tries + 1 WHERE id = :order;

-- name: person
SELECT person, presence, call, since, until, missed FROM people WHERE person = :name;

-- name: people
SELECT person, presence, call, since, until, missed FROM people ORDER BY person;

-- name: add_call
INSERT INTO calls (
    id, sid, stage, seq, entries, started_at, ended_at, due, queue, team, priority, since, state, reference, "key",
    caller, origin, head)
VALUES (
    :id, :sid, :stage, :seq, :entries, :started_at, :ended_at, :due, :queue, :team, :priority, :since, :state,
    :reference, :key, :caller, :origin, :head)
ON CONFLICT DO NOTHING
RETURNING "row";

-- name: pepper
SELECT pepper FROM peppers WHERE year = :year;

-- name: peppers
SELECT year, pepper FROM peppers ORDER BY year;

-- name: add_pepper
INSERT INTO peppers (year, pepper) VALUES (:year, :pepper) ON CONFLICT (year) DO NOTHING;

-- name: newest_key
SELECT id, "key" FROM calls ORDER BY "row" DESC LIMIT 1;

-- name: keys_by_secret
SELECT substr("key", 1, 8), count(*)
FROM (SELECT "key" FROM calls UNION ALL SELECT "key" FROM caller_records) AS sealed
GROUP BY substr("key", 1, 8);

-- name: plain_calls
SELECT "row", id FROM calls WHERE "key" = '' AND "row" > :after ORDER BY "row" LIMIT :limit;

-- name: seal_call
UPDATE calls SET "key" = :key, caller = :caller, state = :state, logged = NULL WHERE "row" = :the_row;

-- name: history_of
SELECT "row", body FROM history WHERE call = :the_row;

-- name: seal_moment
UPDATE history SET body = :body WHERE "row" = :number;

-- name: orders_of
SELECT id, body FROM orders WHERE call = :the_row;

-- name: seal_order
UPDATE orders SET body = :body WHERE id = :order;

-- name: keys_before
SELECT "row", id, "key" FROM calls
WHERE "key" != '' AND substr("key", 1, 8) != :own AND "row" > :after
ORDER BY "row" LIMIT :limit;

-- name: rewrap_call
UPDATE calls SET "key" = :key WHERE "row" = :the_row AND "key" = :before;

-- name: caller_record_keys_before
SELECT id, "key" FROM caller_records
WHERE "key" IS NOT NULL AND substr("key", 1, 8) != :own
ORDER BY id;

-- name: rewrap_caller_record
UPDATE caller_records SET "key" = :key WHERE id = :id AND "key" = :before;

-- name: rewrap_pepper
UPDATE peppers SET pepper = :pepper WHERE year = :year;

-- name: drop_peppers
DELETE FROM peppers
WHERE year < :year AND NOT EXISTS (SELECT 1 FROM calls WHERE substr(caller, 1, 5) = peppers.year || ':')
    AND NOT EXISTS (SELECT 1 FROM caller_records WHERE substr(caller, 1, 5) = peppers.year || ':');

-- name: erase_call
-- The entries in the journal and the history are sealed with the key, too, so nobody can read them any more.
UPDATE calls SET "key" = NULL, caller = NULL, state = :state, logged = NULL WHERE "row" = :the_row;

-- name: erase_orders
DELETE FROM orders WHERE call = :the_row;

-- name: add_entry
INSERT INTO journal (call, seq, at, kind, actor, "key", script, version, language, outcome, details, link)
VALUES (:call, :seq, :at, :kind, :actor, :key, :script, :version, :language, :outcome, :details, :link);

-- name: not_linked
SELECT seq, at, kind, actor, "key", script, version, language, outcome, details FROM journal
WHERE call = :the_row AND seq > :after ORDER BY seq;

-- name: folded
SELECT folded FROM calls WHERE "row" = :the_row;

-- name: fold
UPDATE calls SET head = :head, folded = :folded, logged = NULL WHERE "row" = :the_row;

-- name: not_folded
SELECT "row", id FROM calls
WHERE "row" > :after AND (head IS NULL OR substr(head, 1, length(entries || ':')) != entries || ':') ORDER BY "row" LIMIT :limit;

-- name: logged_calls
SELECT calls."row", calls.seq, log_leaves.body FROM calls JOIN log_leaves ON log_leaves.number = calls.logged
WHERE calls."row" > :after ORDER BY calls."row" LIMIT :limit;

-- name: log_again
UPDATE calls SET logged = NULL WHERE "row" = :the_row AND seq = :seq;

-- name: unlogged
SELECT "row" FROM calls WHERE ended_at IS NOT NULL AND logged IS NULL LIMIT 1;

-- name: log_size
SELECT coalesce(max(number), -1) + 1 FROM log_leaves;

-- name: log_node
SELECT nodes FROM log_leaves WHERE number = :number;

-- name: add_leaf
INSERT INTO log_leaves (number, call, body, nodes) VALUES (:number, :the_row, :body, :nodes);

-- name: logged
UPDATE calls SET logged = :number WHERE "row" = :the_row AND seq = :seq;

-- name: kinds_of_entries
SELECT DISTINCT kind FROM journal WHERE call = :the_row;

-- name: checkpoint_count
SELECT value FROM meta WHERE name = 'checkpoints';

-- name: count_checkpoint
UPDATE meta SET value = :count WHERE name = 'checkpoints';

-- name: add_checkpoint
INSERT INTO checkpoints (number, size, at, note) VALUES (:number, :size, :at, :note);

-- name: checkpoint
SELECT number, size, at, note FROM checkpoints WHERE number = :number;

-- name: last_checkpoint
SELECT number, size, at, note FROM checkpoints ORDER BY number DESC LIMIT 1;

-- name: checkpoint_over
-- The first checkpoint with that leaf in it.
SELECT number, size, at, note FROM checkpoints WHERE size > :leaf ORDER BY number LIMIT 1;

-- name: add_witnessed
INSERT INTO witnessed (checkpoint, witness, at, proof) VALUES (:checkpoint, :witness, :at, :proof);

-- name: witnessed
SELECT witness, at, proof FROM witnessed WHERE checkpoint = :checkpoint ORDER BY witness;

-- name: last_witnessed
SELECT witness, max(checkpoint), max(at) FROM witnessed GROUP BY witness ORDER BY witness;

-- name: leaves_of
SELECT number, body FROM log_leaves WHERE call = :the_row ORDER BY number;

-- name: evidence_of_call
SELECT "row", id, origin, head, folded, entries FROM calls WHERE id = :id;

-- name: entries_of_call
SELECT seq, at, kind, actor, "key", script, version, language, outcome, details, link FROM journal
WHERE call = :the_row ORDER BY seq;

-- name: add_moment
INSERT INTO history (call, body) VALUES (:call, :body);

-- name: add_order
INSERT INTO orders (id, call, body, lease_until, tries)
VALUES (:id, :call, :body, :lease_until, :tries)
ON CONFLICT (id) DO NOTHING;

-- name: put_person
-- Three statements instead of a parameter after VALUES, so that several rows can be joined into one INSERT.
INSERT INTO people (person, presence, call, since, until, missed)
VALUES (:person, :presence, :call, :since, :until, 0)
ON CONFLICT (person) DO UPDATE
SET presence = excluded.presence, call = excluded.call, since = excluded.since, until = excluded.until;

-- name: put_person_answered
INSERT INTO people (person, presence, call, since, until, missed)
VALUES (:person, :presence, :call, :since, :until, 0)
ON CONFLICT (person) DO UPDATE
SET presence = excluded.presence, call = excluded.call, since = excluded.since, until = excluded.until, missed = 0;

-- name: put_person_missed
INSERT INTO people (person, presence, call, since, until, missed)
VALUES (:person, :presence, :call, :since, :until, 1)
ON CONFLICT (person) DO UPDATE
SET presence = excluded.presence, call = excluded.call, since = excluded.since, until = excluded.until,
    missed = people.missed + 1;

-- name: set_busy
INSERT INTO people (person, presence, call, since, until, missed)
VALUES (:person, 'staff_line', '', :at, :until, 0)
ON CONFLICT (person) DO UPDATE SET presence = 'staff_line', call = '', since = :at, until = :until
WHERE people.presence IN ('free', 'staff_line') OR people.until <= :at;

-- name: set_free
UPDATE people SET presence = 'free', since = :at, until = NULL WHERE person = :person AND presence = 'staff_line';

-- name: set_missed
INSERT INTO people (person, presence, call, since, until, missed)
VALUES (:person, 'free', '', 0, NULL, :missed)
ON CONFLICT (person) DO UPDATE SET missed = excluded.missed;

-- name: put_follow_up
INSERT INTO follow_ups (id, kind, call, person, state, at, due, closed, body)
VALUES (:id, :kind, :call, :person, :state, :at, :due, :closed, :body)
ON CONFLICT (id) DO UPDATE
SET person = excluded.person, state = excluded.state, due = excluded.due, closed = excluded.closed,
    body = excluded.body;

-- name: follow_up
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE follow_ups.id = :id;

-- name: follow_ups
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE (:any_kind = 1 OR follow_ups.kind = :kind) AND (:any_person = 1 OR follow_ups.person = :person)
    AND (:any_call = 1 OR calls.id = :call) AND (:closed_too = 1 OR NOT follow_ups.closed)
ORDER BY follow_ups.due IS NULL, follow_ups.due, follow_ups.at, follow_ups.id LIMIT :limit;

-- name: closed_follow_ups
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE follow_ups.kind = :kind AND follow_ups.closed AND follow_ups.at < :before
ORDER BY follow_ups.at DESC, follow_ups.id DESC LIMIT :limit;

-- name: follow_ups_of
SELECT id, body FROM follow_ups WHERE call = :the_row;

-- name: seal_follow_up
UPDATE follow_ups SET body = :body WHERE id = :id;

-- name: closings_since
SELECT (SELECT count(*) FROM calls WHERE started_at >= :since),
    (SELECT count(*) FROM follow_ups WHERE kind = 'alarm' AND at >= :since AND id LIKE :of_closings);

-- name: due_follow_ups
SELECT id FROM follow_ups WHERE due <= :now ORDER BY due, id LIMIT :limit;

-- name: erase_follow_ups
UPDATE follow_ups SET due = NULL, closed = TRUE, body = '' WHERE call = :the_row;

-- name: webhook_position
SELECT webhook_positions.entry FROM webhook_positions JOIN calls ON calls."row" = webhook_positions.call
WHERE webhook_positions.webhook = :webhook AND calls.id = :call;

-- name: put_webhook_position
INSERT INTO webhook_positions (webhook, call, entry)
SELECT :webhook, calls."row", :entry FROM calls WHERE calls.id = :call
ON CONFLICT (webhook, call) DO UPDATE SET entry = excluded.entry;

-- name: keep_transcript
INSERT INTO transcripts (recording, purpose, call, state, at, engine, version, text, milliseconds)
VALUES (:recording, :purpose, :the_row, :state, :at, :engine, :version, :text, :milliseconds)
ON CONFLICT (recording, purpose) DO UPDATE
SET state = excluded.state, at = excluded.at, engine = excluded.engine, version = excluded.version,
    text = excluded.text, milliseconds = excluded.milliseconds;

-- name: transcripts
SELECT transcripts.recording, transcripts.purpose, transcripts.state, transcripts.at, transcripts.engine,
    transcripts.version, transcripts.text, transcripts.milliseconds, calls."key"
FROM transcripts JOIN calls ON calls."row" = transcripts.call
WHERE calls.id = :call
ORDER BY transcripts.recording, transcripts.purpose;

-- name: add_recording
INSERT INTO recordings (id, call, kind, person, provider, state, at, seconds, hash, length, at_provider)
VALUES (:id, :call, :kind, :person, :provider, :state, :at, :seconds, :hash, :length, :at_provider)
ON CONFLICT (id) DO NOTHING;

-- name: keep_recording
UPDATE recordings
SET state = :state, seconds = :seconds, hash = :hash, length = :length, at_provider = :at_provider
WHERE id = :id AND (state <> 'deleted' OR :state = 'deleted') AND (state <> 'fetched' OR :state <> 'failed');

-- name: erase_recordings
UPDATE recordings SET provider = '', state = 'deleted' WHERE call = :the_row;

-- name: recording
SELECT recordings.id, calls.id, recordings.kind, recordings.person, recordings.provider, recordings.state,
    recordings.at, recordings.seconds, recordings.hash, recordings.length, recordings.at_provider, calls."key"
FROM recordings JOIN calls ON calls."row" = recordings.call
WHERE recordings.id = :id;

-- name: recordings
SELECT recordings.id, calls.id, recordings.kind, recordings.person, recordings.provider, recordings.state,
    recordings.at, recordings.seconds, recordings.hash, recordings.length, recordings.at_provider, calls."key"
FROM recordings JOIN calls ON calls."row" = recordings.call
ORDER BY recordings.at DESC, recordings.id DESC LIMIT :limit;

-- name: recordings_of
SELECT recordings.id, calls.id, recordings.kind, recordings.person, recordings.provider, recordings.state,
    recordings.at, recordings.seconds, recordings.hash, recordings.length, recordings.at_provider, calls."key"
FROM recordings JOIN calls ON calls."row" = recordings.call
WHERE calls.id = :call
ORDER BY recordings.at DESC, recordings.id DESC;

-- name: add_configuration
INSERT INTO configurations (digest, files, at) VALUES (:digest, :files, :at) ON CONFLICT (digest) DO NOTHING;

-- name: configuration
SELECT files FROM configurations WHERE digest = :digest;

-- name: configurations
SELECT digest, at FROM configurations ORDER BY at DESC, digest;

-- name: add_activation
INSERT INTO activations (digest, at, "by") VALUES (:digest, :at, :by);

-- name: activations
SELECT digest, at, "by" FROM activations ORDER BY "row" DESC;

-- name: add_flow_closing
INSERT INTO flow_closings (flow, at, until, "by") VALUES (:flow, :at, :until, :by);

-- name: closed_flows
SELECT flow, at, until, "by" FROM flow_closings
WHERE "row" IN (SELECT max("row") FROM flow_closings GROUP BY flow) AND until > :now
ORDER BY flow;

-- name: add_caller_record
INSERT INTO caller_records (id, kind, state, caller, at, until, "key", body)
VALUES (:id, :kind, :state, :caller, :at, :until, :key, :body)
ON CONFLICT (id) DO NOTHING;

-- name: change_caller_record
UPDATE caller_records SET state = :state, until = :until, body = :body WHERE id = :id;

-- name: erase_caller_record
-- Its entries are sealed with the key, too, so nobody can read their reasons any more.
UPDATE caller_records SET state = 'erased', caller = NULL, "key" = NULL, body = '' WHERE id = :id;

-- name: expired_heads_ups
SELECT id FROM caller_records WHERE kind = 'heads_up' AND until <= :now AND "key" IS NOT NULL ORDER BY id;

-- name: caller_record
SELECT id, kind, state, at, until, "key", body FROM caller_records WHERE id = :id;

-- name: caller_records
SELECT id, kind, state, at, until, "key", body FROM caller_records WHERE kind = :kind ORDER BY at, id;

-- name: caller_record_entries
SELECT caller_record_entries.seq, caller_record_entries.at, caller_record_entries.kind, caller_record_entries.actor,
    caller_record_entries.reason, caller_records."key"
FROM caller_record_entries JOIN caller_records ON caller_records.id = caller_record_entries.record
WHERE caller_record_entries.record = :id ORDER BY caller_record_entries.seq;

-- name: count_caller_record_entries
SELECT count(*) FROM caller_record_entries WHERE record = :id;

-- name: add_caller_record_entry
INSERT INTO caller_record_entries (record, seq, at, kind, actor, reason)
VALUES (:record, :seq, :at, :kind, :actor, :reason);

-- name: staff_pins
SELECT person, hash, wrong, locked_until FROM staff_pins ORDER BY person;

-- name: put_staff_pin
INSERT INTO staff_pins (person, hash, wrong, locked_until) VALUES (:person, :hash, :wrong, :locked_until)
ON CONFLICT (person) DO UPDATE
SET hash = excluded.hash, wrong = excluded.wrong, locked_until = excluded.locked_until;

-- name: drop_staff_pin
DELETE FROM staff_pins WHERE person = :person;

-- name: staff_session
SELECT body FROM staff_sessions WHERE id = :id;

-- name: put_staff_session
INSERT INTO staff_sessions (id, at, body) VALUES (:id, :at, :body)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body;

-- name: drop_staff_session
DELETE FROM staff_sessions WHERE id = :id;

-- name: drop_staff_sessions
DELETE FROM staff_sessions WHERE at < :before;

-- name: prompts
SELECT id, at, body, told FROM prompt_recordings ORDER BY at, id;

-- name: prompt_sound
SELECT sound FROM prompt_recordings WHERE id = :id;

-- name: put_prompt
INSERT INTO prompt_recordings (id, at, body, sound, told) VALUES (:id, :at, :body, '', 0) ON CONFLICT (id) DO NOTHING;

-- name: keep_prompt
UPDATE prompt_recordings SET body = :body WHERE id = :id;

-- name: keep_prompt_sound
UPDATE prompt_recordings SET sound = :sound WHERE id = :id;

-- name: prompt_told
UPDATE prompt_recordings SET told = 1 WHERE id = :id;

-- name: probe
-- A write that changes nothing: on a full disk or a read-only file it fails.
UPDATE meta SET value = value WHERE name = 'schema_version';

-- name: live_by_stage
SELECT stage, count(*) FROM calls WHERE ended_at IS NULL GROUP BY stage;

-- name: stored_orders
SELECT count(*), min(lease_until) FROM orders;

-- name: open_promises
SELECT count(*), count(CASE WHEN state = 'late' OR (state = 'reminded' AND due <= :now) THEN 1 END) FROM follow_ups
WHERE kind = 'promise' AND NOT closed;

-- name: incidents_by_state
SELECT state, count(*) FROM follow_ups WHERE kind = 'incident' AND (at >= :since OR closed = :open) GROUP BY state;

-- name: live_versions
SELECT id, seq FROM calls WHERE ended_at IS NULL;

-- name: urgent_follow_ups
SELECT follow_ups.id, follow_ups.kind, calls.id, follow_ups.person, follow_ups.state, follow_ups.at, follow_ups.due,
    follow_ups.closed, follow_ups.body, calls."key"
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE NOT follow_ups.closed AND follow_ups.state IN (:raised, :late)
ORDER BY follow_ups.at, follow_ups.id LIMIT :limit;

-- name: newest_entry
SELECT coalesce(max("row"), 0) FROM journal;

-- name: last_help
-- The highest row, and when the latest entry of ``live_rows.HELP`` was made.
SELECT max("row"), max(CASE WHEN kind || ' ' || outcome IN (
    'introduction begun', 'handover done', 'co_signature yes', 'co_signature no', 'call_back kept', 'alarm done',
    'unlocked safe', 'unlocked misunderstanding', 'unlocked passed to emergency services') THEN at END)
FROM journal WHERE "row" > :after;

-- name: page_version
-- Every event of a call counts it up (seq), so the order in which entries of the journal are committed does not matter.
SELECT (SELECT max("row") FROM journal), live.calls, live.events, people.since, people.missed
FROM (SELECT count(*) AS calls, sum(seq) AS events FROM calls WHERE ended_at IS NULL) AS live,
    (SELECT max(since) AS since, sum(missed) AS missed FROM people) AS people;

-- name: put_hold
INSERT INTO legal_holds (id, call, owner, at, review, reason, released, released_by)
VALUES (:id, :the_row, :owner, :at, :review, :reason, NULL, '')
ON CONFLICT (id) DO NOTHING;

-- name: release_hold
UPDATE legal_holds SET released = :at, released_by = :by WHERE id = :id AND released IS NULL;

-- name: review_hold
UPDATE legal_holds SET review = :review WHERE id = :id AND released IS NULL;

-- name: seal_hold
UPDATE legal_holds SET reason = :reason WHERE id = :id;

-- name: holds_of
SELECT id, reason FROM legal_holds WHERE call = :the_row;

-- name: held
SELECT id FROM legal_holds WHERE call = :the_row AND released IS NULL LIMIT 1;

-- name: holds
SELECT legal_holds.id, calls.id, legal_holds.owner, legal_holds.at, legal_holds.review, legal_holds.reason,
    legal_holds.released, legal_holds.released_by, calls."key"
FROM legal_holds JOIN calls ON calls."row" = legal_holds.call
WHERE (:any_call = 1 OR calls.id = :call) AND (:released_too = 1 OR legal_holds.released IS NULL)
ORDER BY legal_holds.review, legal_holds.id;

-- name: propose_recordings
INSERT INTO deletions (kind, item, call, since, proposed, deleted)
SELECT 'recording', recordings.id, recordings.call, recordings.at, :now, NULL
FROM recordings JOIN calls ON calls."row" = recordings.call
WHERE recordings.at < :before AND recordings.state <> 'deleted' AND calls.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.call = recordings.call AND released IS NULL)
    AND NOT EXISTS (SELECT 1 FROM deletions AS known WHERE known.kind = 'recording' AND known.item = recordings.id)
LIMIT :limit
ON CONFLICT (kind, item) DO NOTHING
RETURNING item;

-- name: propose_transcripts
INSERT INTO deletions (kind, item, call, since, proposed, deleted)
SELECT 'transcript', transcripts.recording || ' ' || transcripts.purpose, transcripts.call, transcripts.at, :now, NULL
FROM transcripts JOIN calls ON calls."row" = transcripts.call
WHERE transcripts.at < :before AND calls.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.call = transcripts.call AND released IS NULL)
    AND NOT EXISTS (SELECT 1 FROM deletions AS known WHERE known.kind = 'transcript'
        AND known.item = transcripts.recording || ' ' || transcripts.purpose)
LIMIT :limit
ON CONFLICT (kind, item) DO NOTHING
RETURNING item;

-- name: propose_follow_ups
-- Not incidents, which are what their call is kept for: they end with it.
INSERT INTO deletions (kind, item, call, since, proposed, deleted)
SELECT 'follow_up', follow_ups.id, follow_ups.call, follow_ups.at, :now, NULL
FROM follow_ups JOIN calls ON calls."row" = follow_ups.call
WHERE follow_ups.at < :before AND follow_ups.closed AND follow_ups.body <> '' AND follow_ups.kind <> 'incident'
    AND calls.ended_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.call = follow_ups.call AND released IS NULL)
    AND NOT EXISTS (SELECT 1 FROM deletions AS known WHERE known.kind = 'follow_up' AND known.item = follow_ups.id)
LIMIT :limit
ON CONFLICT (kind, item) DO NOTHING
RETURNING item;

-- name: propose_calls
-- Not those without a key ('') yet: their words are not sealed, so an upgrade has to be finished first.
INSERT INTO deletions (kind, item, call, since, proposed, deleted)
SELECT CASE WHEN :incidents = 1 THEN 'incident' ELSE 'call' END, calls.id, calls."row", calls.ended_at, :now, NULL
FROM calls
WHERE calls.ended_at < :before AND calls."key" IS NOT NULL AND calls."key" <> ''
    AND CASE WHEN EXISTS (SELECT 1 FROM journal WHERE journal.call = calls."row"
        AND journal.kind IN
        ('closing', 'incident', 'incident_account', 'incident_words', 'relief', 'safeguarding', 'threat', 'warning')) THEN 1 ELSE 0 END = :incidents
    AND NOT EXISTS (SELECT 1 FROM follow_ups WHERE follow_ups.call = calls."row" AND NOT follow_ups.closed)
    AND NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.call = calls."row" AND released IS NULL)
    AND NOT EXISTS (SELECT 1 FROM deletions AS known WHERE known.kind IN ('call', 'incident') AND known.item = calls.id)
LIMIT :limit
ON CONFLICT (kind, item) DO NOTHING
RETURNING item;

-- name: deletions
SELECT deletions.kind, deletions.item, calls.id, calls.reference, deletions.since, deletions.proposed
FROM deletions JOIN calls ON calls."row" = deletions.call
WHERE deletions.deleted IS NULL AND deletions.proposed <= :before
    AND (deletions.proposed > :after OR deletions.proposed = :after
        AND (deletions.item > :after_item OR deletions.item = :after_item AND deletions.kind > :after_kind))
ORDER BY deletions.proposed, deletions.item, deletions.kind LIMIT :limit;

-- name: withdraw_deletion
DELETE FROM deletions WHERE kind = :kind AND item = :item AND deleted IS NULL;

-- name: withdraw_deletions_of
DELETE FROM deletions WHERE call = :the_row AND deleted IS NULL;

-- name: deleted
UPDATE deletions SET deleted = :at WHERE kind = :kind AND item = :item AND deleted IS NULL;

-- name: deleted_of
UPDATE deletions SET deleted = :at WHERE call = :the_row AND deleted IS NULL;

-- name: add_deletion_report
INSERT INTO deletion_reports (at, body) VALUES (:at, :body) ON CONFLICT (at) DO NOTHING;

-- name: deletion_reports
SELECT at, body FROM deletion_reports ORDER BY at DESC LIMIT :limit;

-- name: open_follow_up
SELECT id FROM follow_ups WHERE call = :the_row AND NOT closed LIMIT 1;

-- name: delete_transcript
DELETE FROM transcripts WHERE recording = :recording AND purpose = :purpose;

-- name: erase_transcripts
DELETE FROM transcripts WHERE call = :the_row;

-- name: empty_follow_up
UPDATE follow_ups SET body = '' WHERE id = :id AND closed;

-- name: add_erasure
INSERT INTO erasures (call, at, "by", why) VALUES (:the_row, :at, :by, :why) ON CONFLICT (call) DO NOTHING;

-- name: erasures
SELECT calls.id, erasures.at, erasures."by", erasures.why FROM erasures JOIN calls ON calls."row" = erasures.call
WHERE erasures.at >= :begin AND erasures.at < :end ORDER BY erasures.at, calls.id;

-- name: has_key
SELECT "key" FROM calls WHERE id = :id;

-- name: calls_of_caller
SELECT id FROM calls WHERE caller = :caller ORDER BY "row";

-- name: calls_not_recognised
SELECT count(*) FROM calls WHERE "key" = '';

-- name: page_session
SELECT digest, person, way, roles, at, used, until FROM page_sessions WHERE digest = :digest;

-- name: page_sessions
SELECT digest, person, way, roles, at, used, until FROM page_sessions ORDER BY at, digest;

-- name: add_page_session
INSERT INTO page_sessions (digest, person, way, roles, at, used, until)
VALUES (:digest, :person, :way, :roles, :at, :used, :until);

-- name: drop_page_sessions
DELETE FROM page_sessions WHERE until <= :at;

-- name: page_session_used
UPDATE page_sessions SET used = :at WHERE digest = :digest;

-- name: end_page_session
DELETE FROM page_sessions WHERE digest = :digest RETURNING digest;

-- name: end_page_sessions_of
DELETE FROM page_sessions WHERE person = :person RETURNING digest;

-- name: invitation
SELECT person, at, until, "by" FROM invitations WHERE digest = :digest;

-- name: add_invitation
INSERT INTO invitations (digest, person, at, until, "by") VALUES (:digest, :person, :at, :until, :by);

-- name: drop_invitations
DELETE FROM invitations WHERE person = :person OR until <= :at;

-- name: take_invitation
DELETE FROM invitations WHERE digest = :digest AND until > :at RETURNING person;

-- name: passkey
SELECT id, person, public_key, at, count, used FROM passkeys WHERE id = :id;

-- name: passkeys_of
SELECT id, person, public_key, at, count, used FROM passkeys WHERE person = :person ORDER BY at, id;

-- name: put_passkey
INSERT INTO passkeys (id, person, public_key, at, count, used) VALUES (:id, :person, :public_key, :at, :count, :used)
ON CONFLICT (id) DO UPDATE SET count = excluded.count, used = excluded.used;

-- name: use_passkey
UPDATE passkeys SET count = :count, used = :used WHERE id = :id RETURNING id;

-- name: drop_passkeys_of
DELETE FROM passkeys WHERE person = :person RETURNING id;

-- name: password_of
SELECT hash FROM passwords WHERE person = :person;

-- name: put_password
INSERT INTO passwords (person, hash, at) VALUES (:person, :hash, :at)
ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, at = excluded.at;

-- name: drop_password
DELETE FROM passwords WHERE person = :person RETURNING person;

-- name: people_with_accounts
SELECT person FROM passkeys UNION SELECT person FROM passwords;

-- name: drop_used_once
DELETE FROM used_once WHERE until <= :at;

-- name: use_once
INSERT INTO used_once (digest, until) VALUES (:digest, :until) ON CONFLICT (digest) DO NOTHING RETURNING digest;

-- name: sign_in_tries
SELECT wrong, at FROM sign_in_tries WHERE person = :person AND address = :address;

-- name: forget_tries
DELETE FROM sign_in_tries WHERE at < :before;

-- name: wrong_try
INSERT INTO sign_in_tries (person, address, wrong, at) VALUES (:person, :address, 1, :at)
ON CONFLICT (person, address) DO UPDATE SET wrong = sign_in_tries.wrong + 1, at = excluded.at;

-- name: right_try
DELETE FROM sign_in_tries WHERE person = :person AND address = :address;

-- name: add_access_entry
INSERT INTO access_entries (at, kind, person, way, network, subject)
VALUES (:at, :kind, :person, :way, :network, :subject);

-- name: access_entries
SELECT at, kind, person, way, network, subject FROM access_entries
WHERE :anybody = 1 OR person = :person ORDER BY "row" DESC LIMIT :limit;

-- name: preferences
SELECT name, value FROM preferences WHERE person = :person ORDER BY name;

-- name: put_preference
INSERT INTO preferences (person, name, value) VALUES (:person, :name, :value)
ON CONFLICT (person, name) DO UPDATE SET value = excluded.value;

-- name: drop_preference
DELETE FROM preferences WHERE person = :person AND name = :name;
