-- On SQLite, one server uses the database and keeps this in memory, so the table stays empty.
CREATE TABLE nodes (
    node_id TEXT NOT NULL CONSTRAINT nodes_id PRIMARY KEY
        CONSTRAINT nodes_id_length CHECK (length(node_id) <= 70),
    name TEXT NOT NULL CONSTRAINT nodes_name_length CHECK (length(name) <= 100),
    version TEXT NOT NULL CONSTRAINT nodes_version_length CHECK (length(version) <= 50),
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- When the server began its latest reading of the changes. NULL before the first one.
    read_at BIGINT,
    -- What that reading covered.
    epoch BIGINT,
    applied TEXT CONSTRAINT nodes_applied_length CHECK (length(applied) <= 4000)
);
