//! Shared code of the commands that work on the database and then end.

use app::paths;
use model::field::{FieldError, FieldErrors, Rule};
use model::id::OrganizationId;
use service::{Bootstrapped, Error, PlainToken, ResetLink, Service};

use super::{Failure, print_line};
use crate::boot::{self, BootError};
use crate::config::{AddressArgs, LogArgs, Origin, ServiceArgs, ServiceSettings};

/// Runs `work` on the service that these settings describe. A server may run on the same database at the same time.
/// Fails if the settings name a place without a Keystead, so that a mistyped folder is not created.
pub(super) fn run(
    service: &ServiceArgs,
    log: &LogArgs,
    work: impl AsyncFnOnce(Service) -> Result<(), Failure>,
) -> Result<(), Failure> {
    run_with(service, log, boot::open_existing, work)
}

/// As [`run`], but creates the database if it does not exist. Only for `bootstrap`; `serve` is the other command that
/// does so.
pub(super) fn run_anywhere(
    service: &ServiceArgs,
    log: &LogArgs,
    work: impl AsyncFnOnce(Service) -> Result<(), Failure>,
) -> Result<(), Failure> {
    run_with(service, log, boot::open_or_create, work)
}

/// As [`run`], but leaves the schema of the database as it is.
pub(super) fn run_unmigrated(
    service: &ServiceArgs,
    log: &LogArgs,
    work: impl AsyncFnOnce(Service) -> Result<(), Failure>,
) -> Result<(), Failure> {
    run_with(service, log, boot::open_unmigrated, work)
}

fn run_with(
    service: &ServiceArgs,
    log: &LogArgs,
    open: impl AsyncFnOnce(&ServiceSettings) -> Result<Service, BootError>,
    work: impl AsyncFnOnce(Service) -> Result<(), Failure>,
) -> Result<(), Failure> {
    run_without(service, log, async |settings| {
        let service = open(&settings).await?;
        let outcome = work(service.clone()).await;
        service.close().await;
        outcome
    })
}

/// Runs `work` with the checked settings. It opens the database itself.
pub(super) fn run_without(
    service: &ServiceArgs,
    log: &LogArgs,
    work: impl AsyncFnOnce(ServiceSettings) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (settings, log) = (service.check()?, log.check()?);
    boot::logs::start(&log, None)?;
    // One thread is enough, because passwords are hashed on other threads.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work(settings))
}

/// The console's address, for links that are printed.
pub(super) fn console(address: &AddressArgs) -> Result<Origin, Failure> {
    const NO_PORT: &str = "The setting --listen (KEYSTEAD_LISTEN) lets the system choose the port, so a link cannot be \
                           printed. Give the address of the console with --public-url.";
    Ok(boot::console_address(&address.check()?).ok_or(NO_PORT)?)
}

/// The address at which the holder of an invitation joins the console.
pub(super) fn invitation_url(console: &Origin, token: &PlainToken) -> String {
    format!("{console}{}", paths::with_token(paths::INVITATION, token.reveal()))
}

/// The address of the page on which a person chooses a new password.
pub(super) fn reset_url(console: &Origin, link: &ResetLink) -> String {
    format!("{console}{}", paths::with_token(paths::RESET, link.token.reveal()))
}

/// Prints what was created as one line of JSON. The new secret appears nowhere else.
pub(super) fn print_bootstrapped(made: &Bootstrapped, sign_in_url: Option<String>) -> Result<(), Failure> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        organization_id: &'a str,
        internal_id: &'a str,
        user_id: &'a str,
        user_email: &'a str,
        admin_key: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        sign_in_url: Option<String>,
    }
    let Bootstrapped { organization_id, internal_id, user_id, user_email, admin_key, link: _ } = made;
    print_line(&serde_json::to_string(&Line {
        organization_id: organization_id.as_str(),
        internal_id: internal_id.as_str(),
        user_id: user_id.as_str(),
        user_email: user_email.as_str(),
        admin_key: admin_key.reveal(),
        sign_in_url,
    })?)
}

/// Parses the option that names an organization, if it is given.
pub(super) fn organization(id: Option<&str>, errors: &mut FieldErrors) -> Option<OrganizationId> {
    required_organization(id?, errors)
}

/// Parses the option that names an organization.
pub(super) fn required_organization(id: &str, errors: &mut FieldErrors) -> Option<OrganizationId> {
    let parsed = OrganizationId::parse(id).map_err(|_| {
        FieldError::new(Rule::ValueError, "Give the id of an organization, which begins with org_.")
    });
    errors.take("organization", parsed)
}

/// Turns an error of the service into a message for the person at the terminal: what to do if they can do something,
/// and otherwise what happened, with its causes.
pub(super) fn explain(error: Error) -> Failure {
    match error {
        Error::Invalid(fields) => name_options(&fields),
        Error::Store(_) | Error::Password(_) | Error::Entropy(_) | Error::Seal | Error::ShuttingDown => {
            error.into()
        }
        reported => reported.to_problem(None).message.into(),
    }
}

/// Lists broken rules in one line, each with the option that it concerns.
pub(super) fn name_options(fields: &FieldErrors) -> Failure {
    let sentences = fields.iter().map(|error| {
        let option = match error.field() {
            "password" => "password-file".to_owned(),
            field => field.replace('_', "-"),
        };
        format!("The option --{option} cannot be used. {}", error.message)
    });
    sentences.collect::<Vec<_>>().join(" ").into()
}
