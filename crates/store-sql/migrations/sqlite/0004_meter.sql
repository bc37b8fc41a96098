-- The counts of an account: three windows from start to reset, and what is held.
CREATE TABLE meter_account (
    account      BLOB   NOT NULL PRIMARY KEY,
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
    used_ms      BIGINT NOT NULL
) WITHOUT ROWID;

-- For pruning.
CREATE INDEX meter_account_used_ms ON meter_account (used_ms);

-- Holds. `state`: 0 open, 1 ended, 2 lost; those that are not open are numbered by `ended`.
CREATE TABLE meter_hold (
    account BLOB   NOT NULL,
    id      BLOB   NOT NULL,
    state   BIGINT NOT NULL,
    price   BIGINT NOT NULL,
    at_ms   BIGINT NOT NULL,
    lost_at BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    PRIMARY KEY (account, id)
) WITHOUT ROWID;

-- What is lost by now.
CREATE INDEX meter_hold_lost_at ON meter_hold (account, state, lost_at);
-- Ends that may be forgotten.
CREATE INDEX meter_hold_ended ON meter_hold (account, ended);
