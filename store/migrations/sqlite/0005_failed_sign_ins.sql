-- Attempts to sign in that have failed in a row; one that is under way counts.
ALTER TABLE accounts ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;

-- One row, written for an attempt that is counted nowhere, so that it takes as long as one that is.
CREATE TABLE uncounted_sign_ins (
    slot SMALLINT NOT NULL CONSTRAINT uncounted_sign_ins_id PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO uncounted_sign_ins (slot, number) VALUES (0, 0);
