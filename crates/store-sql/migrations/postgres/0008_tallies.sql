-- What was counted of answers and calls: one row per hour, operation, client and counting instance.
-- A row is written again with the counts of the whole hour so far: nothing counts twice.
CREATE TABLE usage_tally (
    hour_ms   BIGINT           NOT NULL,
    account   TEXT COLLATE "C" NOT NULL,
    instance  TEXT COLLATE "C" NOT NULL,
    operation TEXT COLLATE "C" NOT NULL,
    client    TEXT COLLATE "C" NOT NULL,
    n_full           BIGINT NOT NULL,
    n_partial        BIGINT NOT NULL,
    n_cold           BIGINT NOT NULL,
    n_stale          BIGINT NOT NULL,
    n_failed         BIGINT NOT NULL,
    n_elapsed_us     BIGINT NOT NULL,
    n_age_ms         BIGINT NOT NULL,
    n_charged        BIGINT NOT NULL,
    n_worth          BIGINT NOT NULL,
    n_paid_slots     BIGINT NOT NULL,
    n_filled_slots   BIGINT NOT NULL,
    n_empty_milli    BIGINT NOT NULL,
    n_early_milli    BIGINT NOT NULL,
    n_idle_converts  BIGINT NOT NULL,
    PRIMARY KEY (hour_ms, account, instance, operation, client)
);
