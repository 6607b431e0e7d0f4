-- PINs of staff, as slow salted hashes (``service.pins``), and their locks after wrong tries.
CREATE TABLE staff_pins (
    person TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    locked_until BIGINT
);

-- Calls to the staff line (``core.staff_line.session``). They are no calls with a caller, and are deleted soon.
CREATE TABLE staff_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    body TEXT NOT NULL
);
