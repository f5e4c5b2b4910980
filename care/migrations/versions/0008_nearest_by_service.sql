-- A range of texts stands in for "=" in a GiST index, which would need the extension btree_gist.
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");

-- What makes who is near depend on the helper is kept with the service, for the index below.
ALTER TABLE helper_services
    ADD COLUMN kind TEXT,
    ADD COLUMN latitude DOUBLE PRECISION,
    ADD COLUMN longitude DOUBLE PRECISION,
    ADD COLUMN max_distance_m INTEGER,
    ADD COLUMN active BOOLEAN;
UPDATE helper_services s
SET kind = h.kind, latitude = h.latitude, longitude = h.longitude, max_distance_m = h.max_distance_m, active = h.active
FROM helpers h WHERE h.id = s.helper_id;
ALTER TABLE helper_services
    ALTER COLUMN kind SET NOT NULL,
    ALTER COLUMN latitude SET NOT NULL,
    ALTER COLUMN longitude SET NOT NULL,
    ALTER COLUMN max_distance_m SET NOT NULL,
    ALTER COLUMN active SET NOT NULL;

-- The helper is locked against changes meanwhile: one who moves while a service is added must not stay in two places.
CREATE FUNCTION helper_services_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT kind, latitude, longitude, max_distance_m, active
    INTO NEW.kind, NEW.latitude, NEW.longitude, NEW.max_distance_m, NEW.active
    FROM helpers WHERE id = NEW.helper_id FOR SHARE;
    RETURN NEW;
END
$$;

CREATE TRIGGER helper_services_follow BEFORE INSERT OR UPDATE ON helper_services
FOR EACH ROW EXECUTE FUNCTION helper_services_follow();

CREATE FUNCTION helper_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE helper_services SET kind = NEW.kind WHERE helper_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER helper_moves AFTER UPDATE OF kind, latitude, longitude, max_distance_m, active ON helpers
FOR EACH ROW EXECUTE FUNCTION helper_moves();

-- The nearest of a kind for a service, in order of distance: nobody else is read.
CREATE INDEX ix_helper_services_place ON helper_services USING gist (
    textrange(kind || ' ' || service, kind || ' ' || service, '[]'), point(longitude * 0.62, latitude)
) WHERE active;
ANALYZE helper_services;
