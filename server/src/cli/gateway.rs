//! `keystead gateway …` manages gateways and prints configurations for proxies.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use model::field::FieldErrors;
use model::gateway::{
    GatewayActivity, GatewayDraft, GatewayRow, NewGateway, Proxy, ProxyAddress, RuleDraft, snippet,
};
use model::id::{GatewayId, OrganizationId};
use service::{Caller, Service};

use super::operation::{self, explain, name_options, required_organization};
use super::{Failure, print_line};
use crate::api::GatewayModel;
use crate::config::{LogArgs, ServiceArgs};

/// Maximum number of bytes read from a file of rules. Every valid file is shorter.
const RULES_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Subcommand)]
pub(super) enum GatewayCommand {
    /// Creates a gateway and prints it as JSON.
    Create(Create),
    /// Prints the gateways of an organization as JSON, one per line.
    List(List),
    /// Prints a gateway as JSON.
    Show(Show),
    /// Removes a gateway for good and prints its last state as JSON.
    Remove(Show),
    /// Prints the configuration of a proxy that asks a gateway.
    Snippet(Snippet),
}

#[derive(Args)]
pub(super) struct Create {
    /// Organization of the gateway.
    #[arg(long, value_name = "ID")]
    organization: String,
    /// Name of the gateway.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Header in which clients send their key. The default is Authorization, with a bearer token.
    #[arg(long, value_name = "HEADER")]
    key_header: Option<String>,
    /// File with the rules, a JSON list as in the REST API.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What applies if no rule matches: key or closed. The default is key without rules, and closed with rules.
    #[arg(long, value_name = "WORD")]
    otherwise: Option<String>,
    /// Identity header that the upstream receives. Can be repeated. The default is all of them.
    #[arg(long, value_name = "HEADER")]
    headers: Option<Vec<String>>,
    /// Lets the upstream see the key itself.
    #[arg(long)]
    show_key: bool,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Args)]
pub(super) struct List {
    /// Organization of the gateways.
    #[arg(long, value_name = "ID")]
    organization: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Args)]
pub(super) struct Show {
    /// Id of the gateway.
    #[arg(value_name = "GATEWAY")]
    gateway: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Args)]
pub(super) struct Snippet {
    /// Id of the gateway.
    #[arg(value_name = "GATEWAY")]
    gateway: String,
    /// The proxy: nginx, caddy, traefik or envoy.
    #[arg(long, value_name = "PROXY")]
    proxy: String,
    /// Address at which the proxy reaches this server.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    server: String,
    /// Address of your own API.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    upstream: String,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    log: LogArgs,
}

impl GatewayCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(create) => create.run(),
            Self::List(list) => list.run(),
            Self::Show(show) => {
                on_one(&show.gateway, &show.service, &show.log, async |service, caller, id| {
                    print(&service.gateway_row(&caller, &id).await.map_err(explain)?)
                })
            }
            Self::Remove(remove) => {
                on_one(&remove.gateway, &remove.service, &remove.log, async |service, caller, id| {
                    print(&service.remove_gateway(&caller, &id).await.map_err(explain)?)
                })
            }
            Self::Snippet(snippet) => snippet.run(),
        }
    }
}

impl Create {
    fn run(self) -> Result<(), Failure> {
        let (organization, new) = self.check()?;
        operation::run(&self.service, &self.log, async |service| {
            let caller = service.operate_locally(&organization).await.map_err(explain)?;
            let gateway = service.create_gateway(&caller, new).await.map_err(explain)?;
            print(&GatewayRow::new(gateway, &GatewayActivity::default()))
        })
    }

    fn check(&self) -> Result<(OrganizationId, NewGateway), Failure> {
        let organization = organization(&self.organization)?;
        let draft = GatewayDraft {
            name: Some(self.name.clone()),
            key_header: self.key_header.clone(),
            rules: self.rules.as_deref().map(read_rules).transpose()?,
            otherwise: self.otherwise.clone(),
            headers: self.headers.clone(),
            hide_key: Some(!self.show_key),
        };
        let new = draft.check().map_err(|fields| name_options(&fields))?;
        Ok((organization, new))
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let organization = organization(&self.organization)?;
        operation::run(&self.service, &self.log, async |service| {
            let caller = service.operate_locally(&organization).await.map_err(explain)?;
            service.gateway_rows(&caller).await.map_err(explain)?.iter().try_for_each(print)
        })
    }
}

impl Snippet {
    fn run(self) -> Result<(), Failure> {
        let (proxy, server, upstream) = self.check().map_err(|fields| name_options(&fields))?;
        on_one(&self.gateway, &self.service, &self.log, async |service, caller, id| {
            let gateway = service.get_gateway(&caller, &id).await.map_err(explain)?;
            print_line(snippet(proxy, &gateway, &server, &upstream).trim_end())
        })
    }

    fn check(&self) -> Result<(Proxy, ProxyAddress, ProxyAddress), FieldErrors> {
        let mut errors = FieldErrors::default();
        let proxy = errors.take("proxy", Proxy::check(&self.proxy));
        let server = errors.take("server", ProxyAddress::parse(&self.server));
        let upstream = errors.take("upstream", ProxyAddress::parse(&self.upstream));
        errors
            .or(proxy.zip(server).zip(upstream).map(|((proxy, server), upstream)| (proxy, server, upstream)))
    }
}

/// Runs `work` on one gateway, on behalf of the organization that the gateway belongs to.
fn on_one(
    gateway: &str,
    service: &ServiceArgs,
    log: &LogArgs,
    work: impl AsyncFnOnce(Service, Caller, GatewayId) -> Result<(), Failure>,
) -> Result<(), Failure> {
    const NONE: &str = "There is no such gateway.";
    let id = GatewayId::parse(gateway).map_err(|_| NONE)?;
    operation::run(service, log, async |service| {
        let found = service.gateway(id.as_str()).await.map_err(explain)?.ok_or(NONE)?;
        let caller = service.operate_locally(&found.organization_id).await.map_err(explain)?;
        work(service, caller, id).await
    })
}

fn organization(text: &str) -> Result<OrganizationId, Failure> {
    let mut errors = FieldErrors::default();
    let id = required_organization(text, &mut errors);
    errors.or(id).map_err(|errors| name_options(&errors))
}

/// Reads rules from a file, because they are too long for the command line.
fn read_rules(file: &Path) -> Result<Vec<RuleDraft>, Failure> {
    let refuse = |trouble: String| -> Failure {
        let file = file.display();
        format!(
            "The option --rules names {file}, which {trouble}. Give a file that contains a JSON list of rules."
        )
        .into()
    };
    let mut text = String::new();
    let opened = File::open(file).map_err(|error| refuse(format!("cannot be read ({error})")))?;
    let read = opened.take(RULES_BYTES_MAX).read_to_string(&mut text);
    read.map_err(|error| refuse(format!("cannot be read ({error})")))?;
    serde_json::from_str(&text).map_err(|error| {
        refuse(format!("is not a list of rules (line {}, column {})", error.line(), error.column()))
    })
}

/// Prints a gateway as one line of JSON, with the same members as over REST.
fn print(gateway: &GatewayRow) -> Result<(), Failure> {
    print_line(&serde_json::to_string(&GatewayModel::from(gateway))?)
}
