-- Who is signed in to the pages (``service.accounts``). Of the token only a hash is kept.
CREATE TABLE page_sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL, -- '' for a wallboard
    way TEXT NOT NULL,
    roles TEXT NOT NULL, -- at most these, with spaces between them; '' for all that the person has
    at BIGINT NOT NULL,
    used BIGINT NOT NULL,
    until BIGINT -- NULL: until it is revoked
);

CREATE INDEX page_sessions_person ON page_sessions (person);

CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    public_key TEXT NOT NULL,
    at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    used BIGINT
);

CREATE INDEX passkeys_person ON passkeys (person);

CREATE TABLE passwords (
    person TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE invitations (
    digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    "by" TEXT NOT NULL
);

-- Challenges that were answered, until they would not be accepted any more.
CREATE TABLE used_once (
    digest TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Wrong tries in a row; of the address only a hash is kept.
CREATE TABLE sign_in_tries (
    person TEXT NOT NULL,
    address TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, address)
);

-- Who signed in, or tried, and who opened what is private. Never changed.
CREATE TABLE access_entries (
    "row" BIGSERIAL NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    way TEXT NOT NULL,
    network TEXT NOT NULL,
    subject TEXT NOT NULL
);

CREATE INDEX access_entries_person ON access_entries (person);

-- How a person likes the pages, as JSON.
CREATE TABLE preferences (
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person, name)
);

CREATE FUNCTION access_refuse() RETURNS trigger LANGUAGE plpgsql
AS $$BEGIN RAISE 'the list of accesses is never changed'; END$$;

CREATE TRIGGER access_entries_no_change BEFORE UPDATE ON access_entries
FOR EACH ROW EXECUTE FUNCTION access_refuse();
