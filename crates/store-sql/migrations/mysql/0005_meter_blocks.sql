-- Blocks leased ahead: the part of the price that is booked, and the calls counted for a hold.
ALTER TABLE meter_hold
    ADD COLUMN booked BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN calls  BIGINT NOT NULL DEFAULT 1;
