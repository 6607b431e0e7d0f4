-- Lines that were recorded on the staff line (``service.prompt_recordings``): who, which, when, and the sound.
CREATE TABLE prompt_recordings (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    sound TEXT NOT NULL, -- a WAV file in base64; empty once a later one has replaced it
    told BIGINT NOT NULL
);
