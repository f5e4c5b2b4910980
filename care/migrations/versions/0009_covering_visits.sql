-- When somebody is booked is read from the index alone: the visits of one person lie far apart in the table.
DROP INDEX ix_visits_helper_id_starts;
CREATE INDEX ix_visits_helper_id_starts ON visits (helper_id, starts) INCLUDE (ends, status);
DROP INDEX ix_visits_recipient_id_starts;
CREATE INDEX ix_visits_recipient_id_starts ON visits (recipient_id, starts) INCLUDE (ends, status, helper_id);
