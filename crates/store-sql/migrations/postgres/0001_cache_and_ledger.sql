-- Times are milliseconds since the epoch, UTC. Identifiers compare byte by byte.

-- Keys are bytes: text takes no zeros.
CREATE TABLE cache_entry (
    cache_key    BYTEA  NOT NULL PRIMARY KEY,
    version      BIGINT NOT NULL,
    usable_until BIGINT NOT NULL,
    frame        BYTEA  NOT NULL
);

-- For pruning.
CREATE INDEX cache_entry_usable_until ON cache_entry (usable_until);

-- One call that went out, one row, in the order of time. `month` is year * 12 + month - 1.
-- A unique key must contain the column of the partitions, `at_ms`; that an id is there once is
-- seen to by posting under an advisory lock.
CREATE TABLE credit_usage (
    id         UUID             NOT NULL,
    at_ms      BIGINT           NOT NULL,
    month      BIGINT           NOT NULL,
    account    TEXT COLLATE "C" NOT NULL,
    operation  TEXT COLLATE "C" NOT NULL,
    n_keys     BIGINT           NOT NULL,
    reserved   BIGINT           NOT NULL,
    charged    BIGINT           NOT NULL,
    assumed    BOOLEAN          NOT NULL,
    elapsed_ms BIGINT           NOT NULL,
    outcome    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (at_ms, id)
) PARTITION BY RANGE (at_ms);

-- Takes what has no month of its own yet; months are made ahead of their time.
CREATE TABLE credit_usage_rest PARTITION OF credit_usage DEFAULT;

CREATE INDEX credit_usage_id ON credit_usage (id);
-- What an account has spent in a window, answered from the index alone.
CREATE INDEX credit_usage_account ON credit_usage (account, at_ms) INCLUDE (charged);
-- What an operation costs, over a span of time.
CREATE INDEX credit_usage_operation
    ON credit_usage (operation, at_ms) INCLUDE (charged, elapsed_ms);
-- How calls end, over a span of time.
CREATE INDEX credit_usage_outcome ON credit_usage (outcome, at_ms);
