-- Times are milliseconds since the epoch, UTC. Identifiers compare byte by byte.

CREATE TABLE cache_entry (
    key          TEXT   NOT NULL PRIMARY KEY,
    version      BIGINT NOT NULL,
    usable_until BIGINT NOT NULL,
    frame        BLOB   NOT NULL
) WITHOUT ROWID;

-- For pruning.
CREATE INDEX cache_entry_usable_until ON cache_entry (usable_until);

-- One call that went out, one row. `month` is year * 12 + month - 1.
CREATE TABLE credit_usage (
    id         TEXT    NOT NULL PRIMARY KEY,
    at_ms      BIGINT  NOT NULL,
    month      BIGINT  NOT NULL,
    account    TEXT    NOT NULL,
    operation  TEXT    NOT NULL,
    n_keys     BIGINT  NOT NULL,
    reserved   BIGINT  NOT NULL,
    charged    BIGINT  NOT NULL,
    assumed    BOOLEAN NOT NULL,
    elapsed_ms BIGINT  NOT NULL,
    outcome    TEXT    NOT NULL
) WITHOUT ROWID;

-- Pages of the ledger, and everything over a span of time.
CREATE INDEX credit_usage_at ON credit_usage (at_ms, id);
-- What an account has spent in a window, answered from the index alone.
CREATE INDEX credit_usage_account ON credit_usage (account, at_ms, charged);
-- What an operation costs, over a span of time.
CREATE INDEX credit_usage_operation ON credit_usage (operation, at_ms, charged, elapsed_ms);
-- How calls end, over a span of time.
CREATE INDEX credit_usage_outcome ON credit_usage (outcome, at_ms);
-- Months of the books.
CREATE INDEX credit_usage_month ON credit_usage (month, charged);
