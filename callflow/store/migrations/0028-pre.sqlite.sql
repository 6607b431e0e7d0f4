-- What calls that are over are found by (``service.call_search``): "person ana", "team desk", "outcome closed".
CREATE TABLE call_terms (
    term TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    PRIMARY KEY (term, started_at, call)
) WITHOUT ROWID;
