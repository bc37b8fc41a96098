-- Who loads a key, by the clock of this server. The last token outlives its lease for a while.
CREATE TABLE lease (
    cache_key BYTEA  NOT NULL PRIMARY KEY,
    token     BIGINT NOT NULL,
    until_ms  BIGINT NOT NULL
);

-- For pruning.
CREATE INDEX lease_until_ms ON lease (until_ms);
