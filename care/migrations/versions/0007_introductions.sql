CREATE INDEX ix_visits_introduction ON visits (starts) WHERE why = 'introduction';
