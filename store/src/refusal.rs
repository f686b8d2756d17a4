//! Why an archive is not read or written. Each sentence is for the operator, and is about the database.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it already contains an organization or an account; choose an empty place")]
    NotEmpty,
    #[error(
        "an earlier restore or copy into it was not finished, and it began with other data; start again with an empty \
         place, or run the earlier command again"
    )]
    OtherSource,
    #[error("another restore or copy is writing to it")]
    Busy,
    #[error(
        "a restore or a copy into it was not finished; run that command again, or start again with an empty place"
    )]
    Unfinished,
    #[error("the source ended before all its rows were read")]
    CutOff,
    #[error(
        "the table {table} has {found} rows that differ from the {expected} rows of the source; start again with an \
         empty place"
    )]
    Differs { table: &'static str, found: u64, expected: u64 },
    #[error(
        "it has schema {found}, and this version of Keystead knows schemas up to {known}; use a newer version"
    )]
    UnknownSchema { found: i64, known: i64 },
    #[error(
        "it already has schema {found}, and the source has schema {of_source}; choose a place without a database"
    )]
    NewerSchema { found: i64, of_source: i64 },
    #[error("the table _keystead_import in it cannot be read")]
    Progress,
}
