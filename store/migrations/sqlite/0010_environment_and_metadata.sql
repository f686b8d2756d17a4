-- Keys of earlier versions, and keys that an earlier version creates on the same database, are `live` and have no metadata.
ALTER TABLE keys ADD COLUMN environment TEXT NOT NULL DEFAULT 'live';
ALTER TABLE keys ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE service_accounts ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- Whether the header `X-Key-Environment` is handed on. It is not in the list `headers`, because an earlier version on the same
-- database could not read that list any more.
ALTER TABLE gateways ADD COLUMN hands_environment BOOLEAN NOT NULL DEFAULT FALSE;
-- One for each set of keys that a list is made of, as for the other orders.
CREATE INDEX keys_by_environment ON keys (organization_id, class, environment, key_id);
CREATE INDEX keys_expiring_by_environment ON keys (organization_id, environment, key_id)
    WHERE status = 'active' AND is_expiring;
CREATE INDEX keys_unused_by_environment ON keys (organization_id, environment, key_id)
    WHERE status = 'active' AND is_unused;
CREATE INDEX keys_disabled_by_environment ON keys (organization_id, environment, key_id)
    WHERE status = 'active' AND disabled_at IS NOT NULL;
-- An earlier version leaves out the terms of metadata when it changes a key, and gives the search text the number of its
-- own rules. The search texts of keys with metadata have a higher number.
CREATE INDEX keys_outdated_search_text ON keys (key_id)
    WHERE search_text < '2' OR (metadata <> '{}' AND search_text < '3');
