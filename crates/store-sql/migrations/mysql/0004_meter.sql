-- The counts of an account: three windows from start to reset, and what is held.
CREATE TABLE IF NOT EXISTS meter_account (
    account      VARBINARY(760) NOT NULL PRIMARY KEY,
    minute_start BIGINT NOT NULL,
    minute_reset BIGINT NOT NULL,
    minute_count BIGINT NOT NULL,
    day_start    BIGINT NOT NULL,
    day_reset    BIGINT NOT NULL,
    day_count    BIGINT NOT NULL,
    month_start  BIGINT NOT NULL,
    month_reset  BIGINT NOT NULL,
    month_count  BIGINT NOT NULL,
    reserved     BIGINT NOT NULL,
    n_open       BIGINT NOT NULL,
    -- No hold is lost before it.
    next_lost    BIGINT NOT NULL,
    n_ended      BIGINT NOT NULL,
    used_ms      BIGINT NOT NULL,
    -- For pruning.
    KEY meter_account_used_ms (used_ms)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Holds. `state`: 0 open, 1 ended, 2 lost; those that are not open are numbered by `ended`.
CREATE TABLE IF NOT EXISTS meter_hold (
    account VARBINARY(760) NOT NULL,
    id      BINARY(16) NOT NULL,
    state   BIGINT NOT NULL,
    price   BIGINT NOT NULL,
    at_ms   BIGINT NOT NULL,
    lost_at BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    PRIMARY KEY (account, id),
    -- What is lost by now.
    KEY meter_hold_lost_at (account, state, lost_at),
    -- Ends that may be forgotten.
    KEY meter_hold_ended (account, ended)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
