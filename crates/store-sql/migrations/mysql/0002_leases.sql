-- Who loads a key, by the clock of this server. The last token outlives its lease for a while.
CREATE TABLE IF NOT EXISTS lease (
    cache_key VARBINARY(250) NOT NULL PRIMARY KEY,
    token     BIGINT         NOT NULL,
    until_ms  BIGINT         NOT NULL,
    -- For pruning.
    KEY lease_until_ms (until_ms)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
