-- Reports over a span of time are answered from this index alone; pages of the ledger, too, by it.
DROP INDEX credit_usage_at;
CREATE INDEX credit_usage_time ON credit_usage
    (at_ms, id, operation, outcome, account, n_keys, charged, assumed, elapsed_ms);
