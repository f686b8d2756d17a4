//! `keystead bootstrap` creates an organization and its first admin.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use model::password::Password;
use model::session::{NewSetup, SetupDraft};
use model::user::name_from_address;
use service::SameName;

use super::Failure;
use super::operation::{self, explain, name_options, print_bootstrapped, reset_url};
use crate::config::{AddressArgs, LogArgs, ServiceArgs};

/// Maximum number of bytes read from a password file. Every valid password is shorter.
const PASSWORD_BYTES_MAX: u64 = 4096;

#[derive(Args)]
pub(super) struct Bootstrap {
    /// Name of the new organization.
    #[arg(long, value_name = "NAME")]
    organization: String,
    /// E-mail address of its first admin.
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Name of its first admin. The default is the part of the e-mail address before the @.
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// File that contains the admin's password for the console. Without it, the admin chooses a password by the printed
    /// link.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Creates the organization even if another one has the same name.
    #[arg(long)]
    allow_same_name: bool,
    #[command(flatten)]
    address: AddressArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl Bootstrap {
    pub(super) fn run(self) -> Result<(), Failure> {
        let setup = self.check()?;
        let needs_link = setup.password.is_none();
        let console = needs_link.then(|| operation::console(&self.address)).transpose()?;
        operation::run_anywhere(&self.service, &self.log, async |service| {
            let same_name = if self.allow_same_name { SameName::Allow } else { SameName::Refuse };
            let made = service.bootstrap(setup, same_name).await.map_err(explain)?;
            let url = console.zip(made.link.as_ref()).map(|(console, link)| reset_url(&console, link));
            print_bootstrapped(&made, url)
        })
    }

    fn check(&self) -> Result<NewSetup, Failure> {
        let password = self.password_file.as_deref().map(read_password).transpose()?;
        let has_password = password.is_some();
        let draft = SetupDraft {
            organization: self.organization.clone(),
            user_name: self.user_name.clone().unwrap_or_else(|| name_from_address(&self.email).to_owned()),
            email: self.email.clone(),
            password: password.unwrap_or_default(),
        };
        let setup = if has_password { draft.check() } else { draft.check_without_password() };
        setup.map_err(|fields| name_options(&fields))
    }
}

/// Reads a password from a file, because every user of the machine can see command-line arguments. One line end at the
/// end of the file, as left by editors and `echo`, is removed.
fn read_password(file: &Path) -> Result<Password, Failure> {
    let refuse = |trouble: &str| -> Failure {
        let file = file.display();
        format!("The option --password-file names {file}, which {trouble}. Give a file that contains only the password.")
            .into()
    };
    let mut text = String::new();
    let opened = File::open(file).map_err(|error| refuse(&format!("cannot be read ({error})")))?;
    match opened.take(PASSWORD_BYTES_MAX).read_to_string(&mut text) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return Err(refuse("is not valid UTF-8"));
        }
        Err(error) => return Err(refuse(&format!("cannot be read ({error})"))),
    }
    let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Password::typed(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_end_is_removed_from_a_password() {
        for (text, password) in [
            ("correct horse", "correct horse"),
            ("correct horse\n", "correct horse"),
            ("correct horse\r\n", "correct horse"),
            ("correct horse \n\n", "correct horse \n"),
            ("", ""),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            assert_eq!(read_password(file.path()).unwrap().reveal(), password, "{text:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named_with_its_option() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("binary");
        std::fs::write(&binary, [0xff, 0xfe]).unwrap();
        for file in [folder.path().join("missing"), folder.path().to_owned(), binary] {
            let error = read_password(&file).unwrap_err().to_string();
            assert!(error.contains("--password-file") && error.contains(file.to_str().unwrap()), "{error}");
        }
    }
}
