-- What remains to be done after a call (``core.follow_ups``).
CREATE TABLE follow_ups (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    person TEXT NOT NULL, -- who has to act next, "" for nobody
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    due BIGINT, -- NULL for never
    closed BOOLEAN NOT NULL,
    body TEXT NOT NULL -- JSON, sealed
);

CREATE INDEX follow_ups_call ON follow_ups (call);

CREATE INDEX follow_ups_due ON follow_ups (due, id) WHERE due IS NOT NULL;

CREATE INDEX follow_ups_open ON follow_ups (kind, person) WHERE NOT closed;
