-- Set once an expiry is final, whatever the clock says later: the key's name went to another key, or its owner's keys
-- were ended.
ALTER TABLE keys ADD COLUMN ended_at BIGINT;
-- Keys stored as expired that are valid again if the clock is set back: what the sweep looks for. Nearly always all of
-- them ended before now, so it finds nothing.
CREATE INDEX keys_expired ON keys (expires_at, key_id) WHERE status = 'expired' AND ended_at IS NULL;
-- The same of one owner, by name.
CREATE INDEX keys_expired_name ON keys (user_id, name)
    WHERE status = 'expired' AND ended_at IS NULL AND user_id IS NOT NULL;
CREATE INDEX keys_account_expired_name ON keys (service_account_id, name)
    WHERE status = 'expired' AND ended_at IS NULL AND service_account_id IS NOT NULL;
