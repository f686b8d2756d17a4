-- Of an address one account is proven; any number of others may be provisional, each made by an invitation.
DROP INDEX accounts_email;
CREATE UNIQUE INDEX accounts_email ON accounts (email_folded) WHERE is_vouched;
CREATE INDEX accounts_of_email ON accounts (email_folded);

-- Links for a new password. They name an address rather than a member, and may name the member who joins by it.
CREATE TABLE new_links (
    token_hash BLOB NOT NULL CONSTRAINT links_id PRIMARY KEY
        CONSTRAINT links_token_hash_length CHECK (length(token_hash) = 32),
    purpose TEXT NOT NULL CONSTRAINT links_purpose CHECK (purpose IN ('setup', 'invitation', 'reset')),
    user_id TEXT CONSTRAINT links_user REFERENCES users (user_id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    email_folded TEXT
);
INSERT INTO new_links (token_hash, purpose, user_id, created_at, expires_at)
    SELECT token_hash, purpose, user_id, created_at, expires_at FROM links;
DROP TABLE links;
ALTER TABLE new_links RENAME TO links;
CREATE INDEX links_of_user ON links (user_id);
CREATE INDEX links_of_email ON links (email_folded) WHERE email_folded IS NOT NULL;
