-- Two names that differ only in Unicode normalization are one name. From now on, `name` holds the form by which names are
-- compared (NFC), and `spelling` the name as it was sent. The spelling counts only if `spelling_of` is the present name:
-- the previous version changes a name and leaves these columns as they are. Both are NULL if the name was sent in ASCII.
ALTER TABLE keys ADD COLUMN spelling TEXT;
ALTER TABLE keys ADD COLUMN spelling_of TEXT;
ALTER TABLE service_accounts ADD COLUMN spelling TEXT;
ALTER TABLE service_accounts ADD COLUMN spelling_of TEXT;
ALTER TABLE gateways ADD COLUMN spelling TEXT;
ALTER TABLE gateways ADD COLUMN spelling_of TEXT;

-- Names that were written by the previous version and may not be in this form. SQL cannot normalize, so a background task
-- goes through them.
CREATE INDEX keys_unnormalized ON keys (key_id)
    WHERE COALESCE(spelling_of, '') <> name AND length(CAST(name AS BLOB)) <> length(name);
CREATE INDEX service_accounts_unnormalized ON service_accounts (service_account_id)
    WHERE COALESCE(spelling_of, '') <> name AND length(CAST(name AS BLOB)) <> length(name);
CREATE INDEX gateways_unnormalized ON gateways (gateway_id)
    WHERE COALESCE(spelling_of, '') <> name AND length(CAST(name AS BLOB)) <> length(name);
-- The few keys that are sorted by another spelling than their name: what looks for keys by name has to look here too.
CREATE INDEX keys_spelled_otherwise ON keys (organization_id, name) WHERE spelling <> name;
