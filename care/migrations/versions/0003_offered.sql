ALTER TABLE series ADD COLUMN accepted TIMESTAMP WITH TIME ZONE;
-- What was booked until now was agreed with the booking.
UPDATE series SET accepted = created;
ALTER TABLE series DROP CONSTRAINT ck_series_status;
ALTER TABLE series ADD CONSTRAINT ck_series_status
    CHECK (status IN ('offered', 'active', 'paused', 'declined', 'ended', 'cancelled'));
CREATE INDEX ix_series_unsettled ON series (created) WHERE status IN ('offered', 'declined');

ALTER TABLE visits DROP CONSTRAINT visits_of_a_helper_never_overlap;
ALTER TABLE visits ADD CONSTRAINT visits_of_a_helper_never_overlap
    EXCLUDE USING gist (int8range(helper_id, helper_id, '[]') WITH &&, tstzrange(starts, ends) WITH &&)
    WHERE (status IN ('offered', 'planned', 'started', 'done', 'approved', 'disputed'));
