-- Of an address one account is proven; any number of others may be provisional, each made by an invitation.
DROP INDEX accounts_email;
CREATE UNIQUE INDEX accounts_email ON accounts (email_folded) WHERE is_vouched;
CREATE INDEX accounts_of_email ON accounts (email_folded);

-- Links for a new password. They name an address rather than a member, and may name the member who joins by it.
ALTER TABLE links DROP CONSTRAINT links_purpose;
ALTER TABLE links ADD CONSTRAINT links_purpose CHECK (purpose IN ('setup', 'invitation', 'reset'));
ALTER TABLE links ADD COLUMN email_folded TEXT COLLATE "C";
CREATE INDEX links_of_email ON links (email_folded) WHERE email_folded IS NOT NULL;
