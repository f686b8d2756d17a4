-- How often in a row an admin allowed sign-ins again after too many had failed.
ALTER TABLE accounts ADD COLUMN reopenings BIGINT NOT NULL DEFAULT 0;
