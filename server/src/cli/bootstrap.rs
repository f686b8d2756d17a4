//! `keystead bootstrap` creates an organization and its first admin.

use std::path::{Path, PathBuf};

use clap::Args;
use model::password::Password;
use model::session::{NewSetup, SetupDraft};
use model::user::name_from_address;
use service::SameName;

use super::Failure;
use super::operation::{self, explain, name_options, print_bootstrapped, reset_url};
use crate::config::{AddressArgs, LogArgs, ServiceArgs, read_secret_file};

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

fn read_password(file: &Path) -> Result<Password, Failure> {
    let text = read_secret_file(file).map_err(|trouble| {
        let file = file.display();
        format!("The option --password-file names {file}, which {trouble}. Give a file that contains only the password.")
    })?;
    Ok(Password::typed(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
