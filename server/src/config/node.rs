//! The setting that names this server among those that share its database.

use model::text::check_name;
use service::host_name;

use super::{NodeArgs, SettingError};

/// The longest name, in characters.
const NAME_LENGTH_MAX: usize = 100;

impl NodeArgs {
    pub(super) fn check(&self) -> Result<String, SettingError> {
        match &self.node_name {
            Some(name) => node_name(name.trim()),
            None => Ok(usable(&host_name())),
        }
    }
}

fn node_name(name: &str) -> Result<String, SettingError> {
    let right = format!("Give a name of 1 to {NAME_LENGTH_MAX} visible characters, such as eu-1.");
    match check_name(name, NAME_LENGTH_MAX) {
        Ok(()) => Ok(name.to_owned()),
        Err(_) if name.is_empty() => Err(SettingError::new("node_name", "is empty", right)),
        Err(_) => Err(SettingError::new("node_name", "is not a name", right)),
    }
}

/// A machine may be called anything, and the server must start nevertheless.
fn usable(host: &str) -> String {
    node_name(host).unwrap_or_else(|_| "localhost".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_visible_text() {
        for name in ["eu-1", "Zürich 2", &"a".repeat(100)] {
            assert_eq!(node_name(name).as_deref(), Ok(name));
        }
        for name in ["", "a\nb", "a\u{202e}b", "\0", &"a".repeat(101)] {
            let error = node_name(name).unwrap_err().to_string();
            assert!(
                error.contains("--node-name (KEYSTEAD_NODE_NAME)") && error.contains("1 to 100"),
                "{error}"
            );
            assert_eq!(usable(name), "localhost");
        }
    }

    #[test]
    fn without_the_setting_the_machine_gives_the_name() {
        let name = NodeArgs { node_name: None }.check().unwrap();
        assert_eq!(name, usable(&host_name()));
        assert_eq!(NodeArgs { node_name: Some(" eu-1 ".to_owned()) }.check().as_deref(), Ok("eu-1"));
    }
}
