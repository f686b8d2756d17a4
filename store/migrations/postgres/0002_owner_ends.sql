-- Members and service accounts that have ended and some of whose keys are still stored as active. The keys count as revoked from
-- the commit that wrote the row; they are revoked one batch after another, and then the row goes.
CREATE TABLE owner_ends (
    -- Never given twice, because keys remember it.
    number BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT owner_ends_number PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL CONSTRAINT owner_ends_organization REFERENCES organizations (organization_id),
    owner_id TEXT COLLATE "C" NOT NULL,
    ended_at BIGINT NOT NULL,
    ended_by TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL,
    -- The record of the end, which says who ended the owner and in which request.
    audit_id TEXT COLLATE "C" NOT NULL CONSTRAINT owner_ends_audit_event REFERENCES audit_events (audit_id)
);
CREATE INDEX owner_ends_of_owner ON owner_ends (owner_id, number);
CREATE INDEX owner_ends_of_organization ON owner_ends (organization_id, owner_id);

-- The newest end of its owner that was in the table above when the key was made: that end and earlier ones do not concern it.
ALTER TABLE keys ADD COLUMN after_end BIGINT;
