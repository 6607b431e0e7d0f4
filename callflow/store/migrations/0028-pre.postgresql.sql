-- What calls that are over are found by (``service.call_search``): "person ana", "team desk", "outcome closed".
CREATE TABLE call_terms (
    term TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    PRIMARY KEY (term, started_at, call)
);

-- The servers that run on this database, and when each said so last (``service.nodes``).
CREATE TABLE nodes (
    name TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    configuration TEXT NOT NULL,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL
);
