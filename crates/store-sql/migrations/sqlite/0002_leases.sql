-- Who loads a key, by the clock of this machine. The last token outlives its lease for a while.
CREATE TABLE lease (
    cache_key BLOB   NOT NULL PRIMARY KEY,
    token     BIGINT NOT NULL,
    until_ms  BIGINT NOT NULL
) WITHOUT ROWID;

-- For pruning.
CREATE INDEX lease_until_ms ON lease (until_ms);
