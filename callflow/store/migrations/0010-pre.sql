-- Recordings of people (``service.recordings``). The audio itself is a sealed file.
CREATE TABLE recordings (
    id TEXT NOT NULL PRIMARY KEY,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    kind TEXT NOT NULL,
    person TEXT NOT NULL, -- who spoke: a person's id, or "caller"
    provider TEXT NOT NULL, -- the provider's id, sealed; "" if the call was erased
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    hash TEXT NOT NULL, -- SHA-256 of the audio as it was fetched, "" before
    length BIGINT NOT NULL, -- its bytes
    at_provider BOOLEAN NOT NULL
);

CREATE INDEX recordings_call ON recordings (call);
