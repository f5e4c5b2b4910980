-- A degree of longitude in the Netherlands is 0.62 of one of latitude: on this scale the nearest come first.
CREATE INDEX ix_helpers_place ON helpers USING gist (point(longitude * 0.62, latitude)) WHERE active;
DROP INDEX ix_helpers_area;
