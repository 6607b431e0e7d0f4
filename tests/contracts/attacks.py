"""What attackers try on the journal, by who they are: statements that must not change what is in it."""

ENTRY = 'at, kind, actor, "key", script, version, language, outcome, details) '
FORGED = "0, 'forged', '', '', '', '', '', '', '')"
ANY_PROGRAM = {
    "change": "UPDATE journal SET kind = 'forged'",
    "change, or else": "UPDATE OR REPLACE journal SET seq = 2 WHERE seq = 1",
    "delete": "DELETE FROM journal",
    "replace by number": f"INSERT OR REPLACE INTO journal (call, seq, {ENTRY} VALUES (1, 1, {FORGED}",
    "replace by row": f'REPLACE INTO journal ("row", call, seq, {ENTRY} VALUES (1, 1, 9, {FORGED}',
    "replace by another name": f"REPLACE INTO journal (_rowid_, call, seq, {ENTRY} VALUES (1, 1, 9, {FORGED}",
    "block all others": f'INSERT INTO journal ("row", call, seq, {ENTRY} VALUES (-1, 1, 9, {FORGED}',
    "block all other calls": 'INSERT INTO calls ("row", id, stage, seq, entries, started_at, state) '
    "VALUES (-1, 'x', '', 0, 0, 0, (SELECT state FROM calls LIMIT 1))",
    "upsert": f"INSERT INTO journal (call, seq, {ENTRY} VALUES (1, 1, {FORGED} ON CONFLICT DO UPDATE SET kind = ''",
    "delete the call": "DELETE FROM calls",
    "replace the call": "REPLACE INTO calls (id, sid, stage, seq, entries, started_at, state) "
    "SELECT id, 'x', stage, 9, 9, 9, state FROM calls LIMIT 1",
    "replace the call by its sid": "UPDATE OR REPLACE calls SET sid = (SELECT sid FROM calls WHERE \"row\" = 1) "
    'WHERE "row" = 2',
    "move the call": 'UPDATE calls SET "row" = 9 WHERE "row" = 1',
    "move the call by another name": 'UPDATE calls SET rowid = 9 WHERE "row" = 1',
    "rename the call": "UPDATE calls SET id = id || 'x'",
    "reclaim what was not erased": "INSERT INTO reclaimed VALUES (1, 0, 'x', 0, 0)",
}  # fmt: skip
THE_SERVER = [
    "DROP TRIGGER journal_no_delete", "DROP TABLE journal", "ALTER TABLE journal RENAME TO other",
    "PRAGMA writable_schema = ON", "PRAGMA recursive_triggers = ON", "PRAGMA query_only = OFF",
    "DELETE FROM journal", "UPDATE journal SET kind = 'x'", "UPDATE sqlite_master SET sql = ''",
    "UPDATE log_leaves SET body = ''", "DELETE FROM checkpoints", "DELETE FROM witnessed",
    "INSERT INTO reclaimed VALUES (1, 0, 'x', 0, 0)", "ATTACH ':memory:' AS other", "CREATE TEMP TABLE journal (x)",
    "CREATE TRIGGER gone AFTER INSERT ON calls BEGIN DELETE FROM journal; END",
]  # fmt: skip

DENIED = "permission denied|must be owner|must be superuser"
AS_APPLICATION = [
    "UPDATE journal SET kind = 'x'", "DELETE FROM journal", "TRUNCATE journal", "TRUNCATE calls CASCADE",
    "UPDATE log_leaves SET body = ''", "DELETE FROM checkpoints", "TRUNCATE witnessed",
    f"INSERT INTO journal (call, seq, {ENTRY} VALUES (1, 1, {FORGED} ON CONFLICT (call, seq) DO UPDATE SET kind = 'x'",
    "DROP TRIGGER journal_no_delete ON journal", "ALTER TABLE journal DISABLE TRIGGER ALL", "DROP TABLE journal",
    "ALTER TABLE journal DROP CONSTRAINT journal_call_seq", "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE RULE gone AS ON INSERT TO journal DO INSTEAD NOTHING", "CREATE TABLE reclaimed_too (call BIGINT)",
    "CREATE TEMP TABLE reclaimed (call BIGINT)", "INSERT INTO reclaimed VALUES (1, 0, 'x', 0, 0)",
    "COPY journal FROM PROGRAM 'true'", "COPY journal FROM STDIN",
    f'INSERT INTO journal ("row", call, seq, {ENTRY} VALUES (99, 1, 9, {FORGED}',  # the number of a later entry
    "COPY journal TO '/tmp/journal'", "SELECT setval('journal_row_seq', 1)",
    "DELETE FROM calls", "UPDATE calls SET id = 'x'", 'UPDATE calls SET "row" = 9', "SET ROLE callflow_maintenance",
    "SET ROLE postgres", "DELETE FROM meta",
]  # fmt: skip
AS_OWNER = ["UPDATE journal SET kind = 'x'", "DELETE FROM journal", "TRUNCATE journal", "TRUNCATE calls CASCADE",
            f"INSERT INTO journal (call, seq, {ENTRY} VALUES (1, 1, {FORGED} "
            "ON CONFLICT (call, seq) DO UPDATE SET kind = 'x'",
            "INSERT INTO reclaimed VALUES (1, 0, 'x', 0, 0)"]  # fmt: skip
AS_MAINTENANCE = [
    "UPDATE journal SET kind = 'x'", "SELECT details FROM journal", "SELECT state FROM calls", "TRUNCATE journal",
    f"INSERT INTO journal (call, seq, {ENTRY} VALUES (1, 9, {FORGED}", "UPDATE calls SET \"key\" = NULL",
    "UPDATE reclaimed SET at = 0", "DELETE FROM reclaimed", "DROP TRIGGER journal_no_delete ON journal",
    "CREATE TEMP TABLE reclaimed AS SELECT 1 AS call",
]  # fmt: skip
