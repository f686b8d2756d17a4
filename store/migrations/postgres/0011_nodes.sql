-- The servers that share this database. Each writes its own row about once a second. Times are those of the database's
-- clock, in microseconds. The checks keep rows that somebody writes by hand as small as those of a server.
CREATE TABLE nodes (
    node_id TEXT COLLATE "C" NOT NULL CONSTRAINT nodes_id PRIMARY KEY
        CONSTRAINT nodes_id_length CHECK (length(node_id) <= 70),
    name TEXT COLLATE "C" NOT NULL CONSTRAINT nodes_name_length CHECK (length(name) <= 100),
    version TEXT COLLATE "C" NOT NULL CONSTRAINT nodes_version_length CHECK (length(version) <= 50),
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- When the server began its latest reading of the changes. NULL before the first one.
    read_at BIGINT,
    -- What that reading covered: when the database server was started, and the snapshot of the reading.
    epoch BIGINT,
    applied TEXT COLLATE "C" CONSTRAINT nodes_applied_length CHECK (length(applied) <= 4000)
);
