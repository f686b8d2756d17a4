-- Times are microseconds since 1970. The same tables as in ../postgres, column by column.

CREATE TABLE organizations (
    organization_id TEXT NOT NULL CONSTRAINT organizations_id PRIMARY KEY,
    internal_id TEXT NOT NULL,
    name TEXT NOT NULL,
    logo_url TEXT,
    billing_email TEXT,
    metadata TEXT NOT NULL,
    rate_limits TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    read_auditing_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    -- Set once everything in it has ended for good.
    removed_at BIGINT,
    -- Touched by whoever must see the whole organization stand still.
    lock_version BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX organizations_internal_id ON organizations (internal_id);

CREATE TABLE accounts (
    account_id TEXT NOT NULL CONSTRAINT accounts_id PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_vouched BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_email ON accounts (email_folded);

CREATE TABLE users (
    user_id TEXT NOT NULL CONSTRAINT users_id PRIMARY KEY,
    organization_id TEXT NOT NULL CONSTRAINT users_organization REFERENCES organizations (organization_id),
    account_id TEXT CONSTRAINT users_account REFERENCES accounts (account_id),
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    user_name TEXT NOT NULL,
    avatar_url TEXT,
    role TEXT NOT NULL CONSTRAINT users_role CHECK (role IN ('viewer', 'member', 'admin')),
    status TEXT NOT NULL CONSTRAINT users_status CHECK (status IN ('active', 'suspended', 'pending')),
    metadata TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    removed_at BIGINT,
    -- Touched by whoever must see the member stay active.
    lock_version BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX users_email ON users (organization_id, email_folded) WHERE removed_at IS NULL;
-- A key names both, so that it can only belong to a member of its own organization.
CREATE UNIQUE INDEX users_of_organization ON users (organization_id, user_id);
CREATE INDEX users_listed ON users (organization_id, created_at, user_id) WHERE removed_at IS NULL;
CREATE INDEX users_everywhere ON users (email_folded) WHERE removed_at IS NULL;
CREATE INDEX users_account_id ON users (account_id);

-- What a search finds a member by: see src/terms.rs.
CREATE TABLE user_terms (
    organization_id TEXT NOT NULL,
    term TEXT NOT NULL,
    user_id TEXT NOT NULL CONSTRAINT user_terms_user REFERENCES users (user_id),
    CONSTRAINT user_terms_id PRIMARY KEY (organization_id, term, user_id)
) WITHOUT ROWID;
CREATE INDEX user_terms_of_user ON user_terms (user_id);

CREATE TABLE sessions (
    session_id TEXT NOT NULL CONSTRAINT sessions_id PRIMARY KEY,
    account_id TEXT NOT NULL CONSTRAINT sessions_account REFERENCES accounts (account_id),
    user_id TEXT NOT NULL CONSTRAINT sessions_user REFERENCES users (user_id),
    token_hash BLOB NOT NULL CONSTRAINT sessions_token_hash_length CHECK (length(token_hash) = 32),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    address TEXT,
    agent TEXT
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_of_account ON sessions (account_id, last_seen_at);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_idle ON sessions (last_seen_at);
CREATE INDEX sessions_ended ON sessions (ends_at);

CREATE TABLE links (
    token_hash BLOB NOT NULL CONSTRAINT links_id PRIMARY KEY
        CONSTRAINT links_token_hash_length CHECK (length(token_hash) = 32),
    purpose TEXT NOT NULL CONSTRAINT links_purpose CHECK (purpose IN ('setup', 'invitation')),
    user_id TEXT CONSTRAINT links_user REFERENCES users (user_id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_of_user ON links (user_id);

CREATE TABLE service_accounts (
    service_account_id TEXT NOT NULL CONSTRAINT service_accounts_id PRIMARY KEY,
    organization_id TEXT NOT NULL
        CONSTRAINT service_accounts_organization REFERENCES organizations (organization_id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    disabled_at BIGINT,
    -- Touched by whoever must see the account stand still.
    lock_version BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX service_accounts_name ON service_accounts (organization_id, name) WHERE disabled_at IS NULL;
-- A key names both, so that it can only belong to an account of its own organization.
CREATE UNIQUE INDEX service_accounts_of_organization ON service_accounts (organization_id, service_account_id);
CREATE INDEX service_accounts_listed ON service_accounts (organization_id, created_at, service_account_id);

-- What a search finds a service account by: see src/terms.rs.
CREATE TABLE service_account_terms (
    organization_id TEXT NOT NULL,
    term TEXT NOT NULL,
    service_account_id TEXT NOT NULL
        CONSTRAINT service_account_terms_account REFERENCES service_accounts (service_account_id),
    CONSTRAINT service_account_terms_id PRIMARY KEY (organization_id, term, service_account_id)
) WITHOUT ROWID;
CREATE INDEX service_account_terms_of_account ON service_account_terms (service_account_id);

CREATE TABLE keys (
    key_id TEXT NOT NULL CONSTRAINT keys_id PRIMARY KEY,
    organization_id TEXT NOT NULL,
    user_id TEXT,
    service_account_id TEXT,
    key_hash BLOB NOT NULL CONSTRAINT keys_hash_length CHECK (length(key_hash) = 32),
    shown_prefix TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Bits: 1 read, 2 write, 4 delete, 8 admin.
    permissions SMALLINT NOT NULL CONSTRAINT keys_permissions_bits CHECK (permissions BETWEEN 0 AND 15),
    scopes TEXT NOT NULL,
    rate_limit_override BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT,
    rotated_at BIGINT,
    last_used_at BIGINT,
    last_used_address TEXT,
    last_used_agent TEXT,
    disabled_at BIGINT,
    disabled_by TEXT,
    revoked_at BIGINT,
    revoked_by TEXT,
    revoked_reason TEXT,
    -- May lag behind the clock: what is shown is computed from expires_at.
    status TEXT NOT NULL CONSTRAINT keys_status CHECK (status IN ('active', 'expired', 'revoked')),
    version BIGINT NOT NULL,
    -- Every term of key_terms, each behind U+001F.
    search_text TEXT NOT NULL,
    -- What follows from the clock, as the sweep noted it last: ends soon; was not used for long.
    is_expiring BOOLEAN NOT NULL,
    is_unused BOOLEAN NOT NULL,
    -- What lists are put together from: 0 to 3 active, by whether it never ends (1) and has no limit (2); 4 expired;
    -- 5 revoked.
    class SMALLINT NOT NULL GENERATED ALWAYS AS (CASE status
        WHEN 'active' THEN CASE WHEN expires_at IS NULL THEN 1 ELSE 0 END
            + CASE WHEN rate_limit_override IS NULL THEN 2 ELSE 0 END
        WHEN 'expired' THEN 4 ELSE 5 END) STORED,
    -- What lists are sorted by: never used is earliest, never ending latest. Columns and no expressions, because SQLite finds
    -- a place among equal values by an index of columns only.
    last_used_order BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(last_used_at, 0)) STORED,
    expires_order BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(expires_at, 9223372036854775807)) STORED,
    CONSTRAINT keys_one_owner CHECK ((user_id IS NULL) <> (service_account_id IS NULL)),
    CONSTRAINT keys_user FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, user_id),
    CONSTRAINT keys_service_account FOREIGN KEY (organization_id, service_account_id)
        REFERENCES service_accounts (organization_id, service_account_id)
);
CREATE UNIQUE INDEX keys_hash ON keys (key_hash);
-- Each owner's active keys have different names.
CREATE UNIQUE INDEX keys_name ON keys (user_id, name) WHERE status = 'active' AND user_id IS NOT NULL;
CREATE UNIQUE INDEX keys_account_name ON keys (service_account_id, name)
    WHERE status = 'active' AND service_account_id IS NOT NULL;
-- One owner's keys.
CREATE INDEX keys_of_user ON keys (user_id, status, permissions, key_id) WHERE user_id IS NOT NULL;
CREATE INDEX keys_of_account ON keys (service_account_id, status, permissions, key_id)
    WHERE service_account_id IS NOT NULL;
-- The four orders of the list.
CREATE INDEX keys_by_created ON keys (organization_id, class, created_at, key_id);
CREATE INDEX keys_by_name ON keys (organization_id, class, name_folded, key_id);
CREATE INDEX keys_by_last_used ON keys (organization_id, class, last_used_order, key_id);
CREATE INDEX keys_by_expires ON keys (organization_id, class, expires_order, key_id);
-- The same of views that few keys are in, and most only for a time: other keys have no part in these.
CREATE INDEX keys_expiring_by_created ON keys (organization_id, created_at, key_id)
    WHERE status = 'active' AND is_expiring;
CREATE INDEX keys_expiring_by_name ON keys (organization_id, name_folded, key_id)
    WHERE status = 'active' AND is_expiring;
CREATE INDEX keys_expiring_by_last_used ON keys (organization_id, last_used_order, key_id)
    WHERE status = 'active' AND is_expiring;
CREATE INDEX keys_expiring_by_expires ON keys (organization_id, expires_order, key_id)
    WHERE status = 'active' AND is_expiring;
CREATE INDEX keys_unused_by_created ON keys (organization_id, created_at, key_id)
    WHERE status = 'active' AND is_unused;
CREATE INDEX keys_unused_by_name ON keys (organization_id, name_folded, key_id)
    WHERE status = 'active' AND is_unused;
CREATE INDEX keys_unused_by_last_used ON keys (organization_id, last_used_order, key_id)
    WHERE status = 'active' AND is_unused;
CREATE INDEX keys_unused_by_expires ON keys (organization_id, expires_order, key_id)
    WHERE status = 'active' AND is_unused;
CREATE INDEX keys_disabled_by_created ON keys (organization_id, created_at, key_id)
    WHERE status = 'active' AND disabled_at IS NOT NULL;
CREATE INDEX keys_disabled_by_name ON keys (organization_id, name_folded, key_id)
    WHERE status = 'active' AND disabled_at IS NOT NULL;
CREATE INDEX keys_disabled_by_last_used ON keys (organization_id, last_used_order, key_id)
    WHERE status = 'active' AND disabled_at IS NOT NULL;
CREATE INDEX keys_disabled_by_expires ON keys (organization_id, expires_order, key_id)
    WHERE status = 'active' AND disabled_at IS NOT NULL;
-- What narrows the list.
CREATE INDEX keys_by_permissions ON keys (organization_id, status, permissions, key_id);
-- What the sweep looks for, in all organizations.
CREATE INDEX keys_due ON keys (is_expiring, expires_at, key_id) WHERE status = 'active' AND expires_at IS NOT NULL;
CREATE INDEX keys_idle ON keys (is_unused, COALESCE(last_used_at, created_at), key_id) WHERE status = 'active';

-- What a search finds a key by: see src/terms.rs.
CREATE TABLE key_terms (
    organization_id TEXT NOT NULL,
    status TEXT NOT NULL,
    term TEXT NOT NULL,
    key_id TEXT NOT NULL,
    CONSTRAINT key_terms_id PRIMARY KEY (organization_id, status, term, key_id)
) WITHOUT ROWID;

-- How many keys there are, in parts: by status, and what holds of the active ones. Each is the sum over its slots,
-- so that writers rarely meet in one row.
CREATE TABLE key_totals (
    organization_id TEXT NOT NULL,
    part TEXT NOT NULL,
    slot SMALLINT NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT key_totals_id PRIMARY KEY (organization_id, part, slot)
) WITHOUT ROWID;

-- Secrets that were replaced and stay valid for a time.
CREATE TABLE earlier_secrets (
    key_hash BLOB NOT NULL CONSTRAINT earlier_secrets_id PRIMARY KEY
        CONSTRAINT earlier_secrets_hash_length CHECK (length(key_hash) = 32),
    key_id TEXT NOT NULL CONSTRAINT earlier_secrets_key REFERENCES keys (key_id),
    shown_prefix TEXT NOT NULL,
    valid_until BIGINT NOT NULL,
    last_used_at BIGINT,
    last_used_address TEXT,
    last_used_agent TEXT
);
CREATE INDEX earlier_secrets_of_key ON earlier_secrets (key_id, valid_until);
CREATE INDEX earlier_secrets_due ON earlier_secrets (valid_until);

CREATE TABLE audit_events (
    -- In the order of writing, so that records of one moment keep it.
    number INTEGER NOT NULL CONSTRAINT audit_events_number PRIMARY KEY,
    audit_id TEXT NOT NULL,
    organization_id TEXT NOT NULL CONSTRAINT audit_events_organization REFERENCES organizations (organization_id),
    happened_at BIGINT NOT NULL,
    action TEXT NOT NULL,
    -- Somebody only looked.
    is_read BOOLEAN NOT NULL,
    resource TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_key_id TEXT,
    changes TEXT NOT NULL,
    address TEXT,
    agent TEXT,
    request_id TEXT
);
CREATE UNIQUE INDEX audit_events_id ON audit_events (audit_id);
-- What the log is narrowed by, each in the order of the list.
CREATE INDEX audit_events_by_time ON audit_events (organization_id, happened_at, number);
CREATE INDEX audit_events_of_resource ON audit_events (organization_id, resource_id, happened_at, number);
CREATE INDEX audit_events_of_actor ON audit_events (organization_id, actor_id, happened_at, number);
CREATE INDEX audit_events_of_actor_action ON audit_events (organization_id, actor_id, action, happened_at, number);
CREATE INDEX audit_events_of_action ON audit_events (organization_id, action, happened_at, number);
CREATE INDEX audit_events_of_kind ON audit_events (organization_id, resource, happened_at, number);
-- The history of one thing, without those who only looked at it.
CREATE INDEX audit_changes_of_resource ON audit_events (organization_id, resource_id, happened_at, number) WHERE NOT is_read;

-- How often keys were shown, by hour and by day: of each key, and of each organization as a whole.
CREATE TABLE usage_hours (
    -- A key or an organization.
    subject_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT usage_hours_id PRIMARY KEY (subject_id, starts_at, outcome)
) WITHOUT ROWID;
CREATE INDEX usage_hours_due ON usage_hours (starts_at);

CREATE TABLE usage_days (
    subject_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    n BIGINT NOT NULL,
    -- Of a key; nothing of an organization as a whole.
    organization_id TEXT,
    CONSTRAINT usage_days_id PRIMARY KEY (subject_id, starts_at, outcome)
) WITHOUT ROWID;
CREATE INDEX usage_days_due ON usage_days (starts_at);
-- The busiest keys of a day.
CREATE INDEX usage_days_busiest ON usage_days (organization_id, starts_at, n, subject_id) WHERE organization_id IS NOT NULL;

-- What keys asked for, by day.
CREATE TABLE usage_endpoints (
    key_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    CONSTRAINT usage_endpoints_id PRIMARY KEY (key_id, starts_at, method, path)
) WITHOUT ROWID;
CREATE INDEX usage_endpoints_due ON usage_endpoints (starts_at);

-- Answers that can be given again to a client that repeats its request.
CREATE TABLE kept_answers (
    -- The hash of who asked, for what, and what they called the request.
    answer_id BLOB NOT NULL CONSTRAINT kept_answers_id PRIMARY KEY
        CONSTRAINT kept_answers_id_length CHECK (length(answer_id) = 32),
    -- The hash of all that was sent.
    fingerprint BLOB NOT NULL,
    -- Who answers it: nobody else may keep an answer here.
    claim TEXT NOT NULL,
    -- Sealed with a key that is not in the database. Nothing while it is being answered.
    sealed BLOB,
    expires_at BIGINT NOT NULL
);
CREATE INDEX kept_answers_due ON kept_answers (expires_at);

-- Proxies that ask about keys at each request.
CREATE TABLE gateways (
    gateway_id TEXT NOT NULL CONSTRAINT gateways_id PRIMARY KEY,
    organization_id TEXT NOT NULL
        CONSTRAINT gateways_organization REFERENCES organizations (organization_id),
    name TEXT NOT NULL,
    key_header TEXT NOT NULL,
    rules TEXT NOT NULL,
    otherwise TEXT NOT NULL CONSTRAINT gateways_otherwise CHECK (otherwise IN ('key', 'closed')),
    headers TEXT NOT NULL,
    hide_key BOOLEAN NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- The first request that a key let pass, and the latest one: written behind.
    first_seen_at BIGINT,
    first_seen_key TEXT,
    first_seen_address TEXT,
    last_seen_at BIGINT,
    last_seen_key TEXT,
    last_seen_address TEXT,
    last_seen_outcome TEXT,
    -- Touched by whoever must see the gateway as it is until it has changed it.
    lock_version BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX gateways_name ON gateways (organization_id, name);

-- What verdicts on keys depend on and has changed, for other processes on this database. Kept for some minutes.
CREATE TABLE changes (
    -- In the order of the commits.
    number INTEGER NOT NULL CONSTRAINT changes_number PRIMARY KEY,
    -- 0 a secret, 1 an owner, 2 an organization, 3 everything, 4 a gateway.
    kind SMALLINT NOT NULL,
    subject BLOB NOT NULL
);
