-- One user's keys, newest first: their list is read some keys at a time. By class like the lists of an organization, so that
-- statements about a status go on using their own indexes.
CREATE INDEX keys_of_user_by_created ON keys (user_id, class, created_at, key_id) WHERE user_id IS NOT NULL;
