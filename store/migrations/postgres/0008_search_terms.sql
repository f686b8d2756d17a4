-- Keys whose search terms were made by earlier rules. The search text of other keys begins with the number of its rules.
CREATE INDEX keys_outdated_terms ON keys (key_id) WHERE search_text < '2';
-- The value of `updated_at` when the present rules made the search terms. An earlier version changes only `updated_at`.
ALTER TABLE users ADD COLUMN terms_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_outdated_terms ON users (user_id) WHERE terms_at <> updated_at;
ALTER TABLE service_accounts ADD COLUMN terms_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX service_accounts_outdated_terms ON service_accounts (service_account_id) WHERE terms_at <> updated_at;
