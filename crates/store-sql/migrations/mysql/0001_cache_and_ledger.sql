-- Times are milliseconds since the epoch, UTC.
-- Definitions commit by themselves here: a migration may be cut in the middle and is then run
-- again from its beginning, so that each statement must bear being repeated.

-- Keys are bytes: a collation that pads would take two keys for one.
CREATE TABLE IF NOT EXISTS cache_entry (
    cache_key    VARBINARY(250) NOT NULL PRIMARY KEY,
    version      BIGINT         NOT NULL,
    usable_until BIGINT         NOT NULL,
    frame        LONGBLOB       NOT NULL,
    -- For pruning.
    KEY cache_entry_usable_until (usable_until)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- One call that went out, one row, in the order of time. `month` is year * 12 + month - 1.
-- A unique key must contain the column of the partitions, `at_ms`; that an id is there once is
-- seen to by posting under the lock of `credit_usage_turn`.
CREATE TABLE IF NOT EXISTS credit_usage (
    id         BINARY(16)   NOT NULL,
    at_ms      BIGINT       NOT NULL,
    month      BIGINT       NOT NULL,
    account    VARCHAR(190) NOT NULL,
    operation  VARCHAR(190) NOT NULL,
    n_keys     BIGINT       NOT NULL,
    reserved   BIGINT       NOT NULL,
    charged    BIGINT       NOT NULL,
    assumed    BOOLEAN      NOT NULL,
    elapsed_ms BIGINT       NOT NULL,
    outcome    VARCHAR(190) NOT NULL,
    PRIMARY KEY (at_ms, id),
    KEY credit_usage_id (id),
    -- What an account has spent in a window, answered from the index alone.
    KEY credit_usage_account (account, at_ms, charged),
    -- What an operation costs, over a span of time.
    KEY credit_usage_operation (operation, at_ms, charged, elapsed_ms),
    -- How calls end, over a span of time.
    KEY credit_usage_outcome (outcome, at_ms)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
PARTITION BY RANGE (at_ms) (
    -- Months are split off it ahead of their time.
    PARTITION p_rest VALUES LESS THAN MAXVALUE
);

-- Whoever posts holds its one row meanwhile.
CREATE TABLE IF NOT EXISTS credit_usage_turn (
    id INT NOT NULL PRIMARY KEY
) ENGINE = InnoDB;

INSERT IGNORE INTO credit_usage_turn (id) VALUES (1);
