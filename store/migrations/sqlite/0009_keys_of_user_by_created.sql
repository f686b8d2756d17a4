-- One user's keys, newest first, because their list is read part by part. The index is by class, like the indexes for the
-- lists of an organization, so that statements about a status continue to use their own indexes.
CREATE INDEX keys_of_user_by_created ON keys (user_id, class, created_at, key_id) WHERE user_id IS NOT NULL;
