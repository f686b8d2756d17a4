//! The values of the parameters, which have the same numbers in all statements of the list.

use model::Timestamp;
use model::id::{KeyId, OrganizationId};
use model::key::{KeyCursor, KeyFilter, KeyName, KeyOwner, Permission, SortColumn};
use model::metadata::{METADATA_FILTERS_MAX, MetadataFilter};
use model::text::fold;

use crate::db::{BuiltStatement, Connection, run};
use crate::search_terms::{Search, member};
use crate::{Result, decode};

/// The number, text and id of a cursor.
pub(super) type CursorValues = (i64, String, String);

/// The values of parameters $1 to $20.
pub(super) struct Values {
    organization: String,
    number: i64,
    text: String,
    key: String,
    owner: String,
    permissions: (i16, i16),
    search: Search,
    name: String,
    name_folded: String,
    expires_before: i64,
    last_used_before: i64,
    name_form: String,
    form_folded: String,
    environment: String,
    /// What the search text contains for each member of metadata.
    members: [String; METADATA_FILTERS_MAX],
}

impl Values {
    pub fn of(
        organization: &OrganizationId,
        filter: &KeyFilter,
        search: Search,
        (number, text, key): CursorValues,
    ) -> Self {
        let name = filter.name.as_ref().map_or("", KeyName::as_str);
        let name_form = filter.name.as_ref().map(KeyName::normalized).unwrap_or_default();
        Self {
            organization: organization.as_str().to_owned(),
            number,
            text,
            key,
            owner: filter.owner.as_ref().map_or("", KeyOwner::as_str).to_owned(),
            permissions: filter.permission.map(bits_of_strongest).unwrap_or_default(),
            search,
            name: name.to_owned(),
            name_folded: fold(name),
            expires_before: filter.expires_before.map_or(0, Timestamp::micros),
            last_used_before: filter.last_used_before.map_or(0, Timestamp::micros),
            form_folded: fold(&name_form),
            name_form: name_form.into_owned(),
            environment: filter.environment.map(|environment| environment.to_string()).unwrap_or_default(),
            members: members(&filter.metadata),
        }
    }

    /// Runs a statement with these values.
    pub async fn fetch_all<R>(&self, db: &mut impl Connection, sql: &str) -> Result<Vec<R>>
    where
        R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
            + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
            + Send
            + Unpin,
    {
        let Values {
            organization,
            number,
            text,
            key,
            owner,
            permissions,
            search,
            name,
            name_folded,
            expires_before,
            last_used_before,
            name_form,
            form_folded,
            environment,
            members: [first_member, second_member, third_member],
        } = self;
        let Search { from, until, marked } = search;
        let (least, above) = permissions;
        run!(
            db,
            BuiltStatement::marked(sql),
            [
                organization,
                number,
                text,
                key,
                owner,
                least,
                above,
                from,
                until,
                marked,
                name_folded,
                name,
                expires_before,
                last_used_before,
                form_folded,
                name_form,
                environment,
                first_member,
                second_member,
                third_member,
            ],
            fetch_all::<R>
        )
    }
}

/// What the search text of a key contains for each of these members of metadata. The rest are empty.
fn members(metadata: &[MetadataFilter]) -> [String; METADATA_FILTERS_MAX] {
    let mut members: [String; METADATA_FILTERS_MAX] = Default::default();
    for (text, wanted) in members.iter_mut().zip(metadata) {
        *text = member(wanted);
    }
    members
}

/// Reads a cursor. `None` if no row in this order can have its value.
pub(super) fn read_cursor(cursor: &KeyCursor, column: SortColumn) -> Option<CursorValues> {
    let KeyCursor { value, key_id } = cursor;
    let key = KeyId::as_str(key_id).to_owned();
    match column {
        SortColumn::Name | SortColumn::Environment => {
            decode::is_storable(value).then(|| (0, value.clone(), key))
        }
        SortColumn::Created | SortColumn::LastUsed | SortColumn::Expires => {
            value.parse().ok().map(|number| (number, String::new(), key))
        }
    }
}

/// The range of stored bits with this strongest permission: inclusive start and exclusive end.
fn bits_of_strongest(permission: Permission) -> (i16, i16) {
    match permission {
        Permission::Read => (1, 2),
        Permission::Write => (2, 4),
        Permission::Delete => (4, 8),
        Permission::Admin => (8, 16),
    }
}
