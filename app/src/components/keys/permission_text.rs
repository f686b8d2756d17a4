//! Short texts for the permissions and scopes of a key.

use model::key::{Key, Permission, ResourceScope};

use super::spaced::spaced;

pub fn title(permission: Permission) -> &'static str {
    match permission {
        Permission::Read => "Read",
        Permission::Write => "Write",
        Permission::Delete => "Delete",
        Permission::Admin => "Admin",
    }
}

/// The strongest permission and the number of scopes, such as `Write`, `Read · 2 scopes` or `None`.
pub fn permission_text(key: &Key) -> String {
    let permission = key.fields.permissions.strongest().map_or("None", title);
    match key.fields.scopes.len() {
        0 => permission.to_owned(),
        1 => format!("{permission} · 1 scope"),
        count => format!("{permission} · {count} scopes"),
    }
}

/// A scope in words: the resource type, the id or pattern, and the operations.
pub fn scope_text(scope: &ResourceScope) -> (String, String, String) {
    let operations = match &scope.operations {
        None => "All that the permission allows".to_owned(),
        Some(list) if list.is_empty() => "All that the permission allows".to_owned(),
        Some(list) => list.iter().map(|operation| spaced(operation.as_str())).collect::<Vec<_>>().join(", "),
    };
    (spaced(scope.resource_type.as_str()), scope.resource_id.clone(), operations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::keys::sample::key;
    use model::key::{Operation, ResourceType};

    #[test]
    fn the_text_has_the_strongest_permission_and_the_number_of_scopes() {
        let mut key = key();
        assert_eq!(permission_text(&key), "Read");
        key.fields.permissions = vec![Permission::Read, Permission::Delete].into();
        let scope = ResourceScope {
            resource_type: ResourceType::StorageConnection,
            resource_id: "prod-*".into(),
            operations: Some(vec![Operation::ReadData]),
        };
        assert_eq!(scope_text(&scope), ("Storage connection".into(), "prod-*".into(), "Read data".into()));
        key.fields.scopes = vec![scope];
        assert_eq!(permission_text(&key), "Delete · 1 scope");
        key.fields.permissions = Vec::new().into();
        key.fields.scopes = Vec::new();
        assert_eq!(permission_text(&key), "None");
    }
}
