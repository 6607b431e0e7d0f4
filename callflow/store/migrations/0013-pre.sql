-- What a machine wrote down of recordings (``service.transcripts``).
CREATE TABLE transcripts (
    recording TEXT NOT NULL,
    purpose TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    engine TEXT NOT NULL,
    version TEXT NOT NULL,
    text TEXT NOT NULL, -- sealed
    milliseconds BIGINT, -- of speech, where only that was measured
    PRIMARY KEY (recording, purpose)
);

CREATE INDEX transcripts_call ON transcripts (call);
