//! The checked settings.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use model::key::KeyPrefix;
use service::{BackupSchedule, OperatorToken};

use super::data_folder::data_folder;
use super::database::database;
use super::log_filter::log_filter;
use super::network::networks;
use super::number::number;
use super::operator::operator_token;
use super::{
    AddressArgs, Database, DocsArgs, HttpArgs, KeyArgs, LogArgs, Network, OperatorArgs, Origin, SealArgs,
    ServeArgs, ServiceArgs, SessionArgs, SettingError, StoreArgs, TlsSettings, TraceSettings,
};

#[derive(Debug, Clone)]
pub struct ServeSettings {
    pub http: HttpSettings,
    /// Without a token, the server has no endpoints for the operator.
    pub operator_token: Option<OperatorToken>,
    /// What this server is called among those that share its database.
    pub node_name: String,
    pub docs: DocsReaders,
    /// File of the key that encrypts idempotency records. If it is `None`, the key is in a file beside the embedded
    /// database.
    pub seal_key_file: Option<PathBuf>,
    /// When the server makes backups. If it is `None`, it makes none.
    pub backup: Option<BackupSchedule>,
    pub service: ServiceSettings,
    pub log: LogSettings,
    /// Where traces are sent. If it is `None`, there are none.
    pub traces: Option<TraceSettings>,
}

#[derive(Debug, Clone)]
pub struct HttpSettings {
    pub listen: SocketAddr,
    /// Address and port for Envoy's gRPC. If it is `None`, the server offers no gRPC.
    pub envoy_grpc_listen: Option<SocketAddr>,
    /// Address and port for Prometheus. If it is `None`, the server offers no metrics.
    pub metrics_listen: Option<SocketAddr>,
    /// Address at which people open the console, if it is not the one in `listen`.
    pub public_url: Option<Origin>,
    /// The port with TLS. If it is `None`, there is none.
    pub tls: Option<TlsSettings>,
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<Network>,
    /// Maximum number of open connections on each port.
    pub connections_max: u32,
    /// Time limit for the head of a request.
    pub header_timeout: Duration,
    /// Time limit from the head of a request to its answer.
    pub request_timeout: Duration,
}

impl HttpSettings {
    /// Maximum number of open connections on all ports together.
    pub fn connections_max_of_all_ports(&self) -> u32 {
        let ports = 1 + u32::from(self.envoy_grpc_listen.is_some()) + u32::from(self.tls.is_some());
        self.connections_max.saturating_mul(ports)
    }
}

/// The settings that determine the console's address.
#[derive(Debug, Clone)]
pub struct AddressSettings {
    pub listen: SocketAddr,
    /// Address at which people open the console, if it is not the one in `listen`.
    pub public_url: Option<Origin>,
    /// The port with TLS. If it is `None`, there is none.
    pub tls: Option<TlsSettings>,
}

/// The settings of the service, which every command needs.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    pub store: StoreSettings,
    pub keys: KeySettings,
    pub sessions: SessionSettings,
    /// Days for which the usage of keys is kept.
    pub usage_days_kept: u32,
}

#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// Folder of the embedded database.
    pub data_dir: PathBuf,
    /// The folder around `data_dir`, if the setting names one that others use, too.
    pub shared_dir: Option<PathBuf>,
    pub database: Database,
    /// Maximum number of connections to the database.
    pub database_connections_max: u32,
}

#[derive(Debug, Clone)]
pub struct KeySettings {
    /// The beginning of new secrets.
    pub prefix: KeyPrefix,
    /// Requests in any 60 seconds for keys without their own limit.
    pub rate_limit_default: u32,
    /// Maximum number of keys in an organization.
    pub per_organization_max: u32,
    /// Maximum number of secrets in the key cache.
    pub verified_max: u32,
}

/// How long a person stays signed in.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// Time without a request after which a session ends.
    pub idle: Duration,
    /// Time after signing in at which a session ends in any case.
    pub max: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// A filter of `tracing_subscriber`.
    pub filter: String,
    pub format: LogFormat,
}

/// Who may read the description of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocsReaders {
    /// Everyone.
    Open,
    /// Clients on this machine, while the server has no public URL. Otherwise as `SignedIn`.
    Local,
    /// Callers with a session, a key or the operator's token.
    SignedIn,
    /// Nobody. The addresses of the description do not exist.
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// A sentence for people.
    Text,
    /// For machines.
    Json,
}

impl ServeArgs {
    pub fn check(&self) -> Result<ServeSettings, SettingError> {
        Ok(ServeSettings {
            http: self.http.check()?,
            operator_token: self.operator.check()?,
            node_name: self.node.check()?,
            docs: self.docs.check()?,
            seal_key_file: self.seal.check()?,
            backup: self.backup.check()?,
            service: self.service.check()?,
            log: self.log.check()?,
            traces: self.traces.check()?,
        })
    }
}

impl ServeArgs {
    /// Reads the file of the operator's token again. `None` if no file is set.
    pub fn reread_operator_token(&self) -> Result<Option<OperatorToken>, SettingError> {
        self.operator.check()
    }
}

impl OperatorArgs {
    fn check(&self) -> Result<Option<OperatorToken>, SettingError> {
        let file = self.operator_token_file.as_deref();
        file.map(|file| operator_token("operator_token_file", file)).transpose()
    }
}

impl DocsArgs {
    fn check(&self) -> Result<DocsReaders, SettingError> {
        match self.docs.as_str() {
            "open" => Ok(DocsReaders::Open),
            "local" => Ok(DocsReaders::Local),
            "signed-in" => Ok(DocsReaders::SignedIn),
            "off" => Ok(DocsReaders::Off),
            _ => {
                let right = "Give open, local, signed-in or off.";
                Err(SettingError::new("docs", "is not a known word", right))
            }
        }
    }
}

impl SealArgs {
    fn check(&self) -> Result<Option<PathBuf>, SettingError> {
        match self.seal_key_file.as_deref() {
            Some(file) if file.is_empty() => {
                let right = "Give a file that contains 64 hexadecimal digits, or leave the setting out.";
                Err(SettingError::new("seal_key_file", "is empty", right))
            }
            file => Ok(file.map(PathBuf::from)),
        }
    }
}

const DIFFERENT_PORTS: &str = "Give the two settings different ports.";

/// Parses the address of a port beside the main one.
fn other_address(
    name: &'static str,
    text: Option<&str>,
    listen: SocketAddr,
) -> Result<Option<SocketAddr>, SettingError> {
    let Some(other) = text.map(|text| address(name, text)).transpose()? else { return Ok(None) };
    if is_same_port(Some(other), listen) {
        return Err(SettingError::new(name, "is the same as --listen", DIFFERENT_PORTS));
    }
    Ok(Some(other))
}

/// Whether two addresses exclude each other. The system chooses different ports for two zeros.
fn is_same_port(one: Option<SocketAddr>, other: SocketAddr) -> bool {
    other.port() != 0 && one == Some(other)
}

impl HttpArgs {
    fn check(&self) -> Result<HttpSettings, SettingError> {
        let seconds = |name, text| Ok(Duration::from_secs(number(name, text, 1..=3600)?.into()));
        let AddressSettings { listen, public_url, tls } = self.address.check()?;
        let envoy_grpc_listen =
            other_address("envoy_grpc_listen", self.envoy_grpc_listen.as_deref(), listen)?;
        let metrics_listen = other_address("metrics_listen", self.metrics_listen.as_deref(), listen)?;
        if metrics_listen.is_some_and(|metrics| is_same_port(envoy_grpc_listen, metrics)) {
            return Err(SettingError::new(
                "metrics_listen",
                "is the same as --envoy-grpc-listen",
                DIFFERENT_PORTS,
            ));
        }
        let other_ports = [("--envoy-grpc-listen", envoy_grpc_listen), ("--metrics-listen", metrics_listen)];
        if let Some(tls) = &tls
            && let Some((other, _)) = other_ports.iter().find(|(_, other)| is_same_port(*other, tls.listen))
        {
            return Err(SettingError::new("tls_listen", format!("is the same as {other}"), DIFFERENT_PORTS));
        }
        Ok(HttpSettings {
            listen,
            envoy_grpc_listen,
            metrics_listen,
            public_url,
            tls,
            trusted_proxies: networks("trusted_proxies", &self.trusted_proxies)?,
            connections_max: number("connections_max", &self.connections_max, 1..=1_000_000)?,
            header_timeout: seconds("header_timeout_seconds", &self.header_timeout_seconds)?,
            request_timeout: seconds("request_timeout_seconds", &self.request_timeout_seconds)?,
        })
    }
}

impl AddressArgs {
    pub fn check(&self) -> Result<AddressSettings, SettingError> {
        let listen = address("listen", &self.listen)?;
        let public_url = self.public_url.as_deref().map(Origin::parse).transpose()?;
        let tls = self.tls.check(address("tls_listen", &self.tls.tls_listen)?)?;
        if tls.as_ref().is_some_and(|tls| is_same_port(Some(listen), tls.listen)) {
            return Err(SettingError::new("tls_listen", "is the same as --listen", DIFFERENT_PORTS));
        }
        if tls.is_some() && public_url.as_ref().is_some_and(|url| !url.is_secure()) {
            let right = "Give the https address, or leave the setting out.";
            return Err(SettingError::new(
                "public_url",
                "uses http, but the server has a port with TLS",
                right,
            ));
        }
        Ok(AddressSettings { listen, public_url, tls })
    }
}

fn address(name: &'static str, text: &str) -> Result<SocketAddr, SettingError> {
    let right = "Give an IP address and a port, such as 127.0.0.1:3000 or [::1]:3000.";
    text.trim().parse().map_err(|_| SettingError::new(name, "is not an address with a port", right))
}

impl ServiceArgs {
    pub fn check(&self) -> Result<ServiceSettings, SettingError> {
        Ok(ServiceSettings {
            store: self.store.check()?,
            keys: self.keys.check()?,
            sessions: self.sessions.check()?,
            usage_days_kept: number("usage_days_kept", &self.retention.usage_days_kept, 1..=3650)?,
        })
    }
}

impl StoreArgs {
    fn check(&self) -> Result<StoreSettings, SettingError> {
        if self.data_dir.as_os_str() == OsStr::new("") {
            return Err(SettingError::new("data_dir", "is empty", "Give a folder, such as ./data."));
        }
        let (data_dir, shared_dir) = data_folder(PathBuf::from(&self.data_dir));
        Ok(StoreSettings {
            database: database("database_url", self.database_url.as_deref(), &data_dir)?,
            data_dir,
            shared_dir,
            database_connections_max: number(
                "database_connections_max",
                &self.database_connections_max,
                1..=1000,
            )?,
        })
    }
}

impl KeyArgs {
    fn check(&self) -> Result<KeySettings, SettingError> {
        let name = "keys_per_organization_max";
        Ok(KeySettings {
            prefix: KeyPrefix::parse(&self.key_prefix)
                .map_err(|error| SettingError::new("key_prefix", "is not a valid prefix", error.message))?,
            rate_limit_default: number("rate_limit_default", &self.rate_limit_default, 1..=2_147_483_647)?,
            per_organization_max: number(name, &self.keys_per_organization_max, 1..=2_147_483_647)?,
            verified_max: number("verified_keys_max", &self.verified_keys_max, 1..=2_147_483_647)?,
        })
    }
}

impl SessionArgs {
    fn check(&self) -> Result<SessionSettings, SettingError> {
        let minutes = number("session_idle_minutes", &self.session_idle_minutes, 1..=43_200)?;
        let hours = number("session_hours_max", &self.session_hours_max, 1..=720)?;
        Ok(SessionSettings {
            idle: Duration::from_secs(u64::from(minutes) * 60),
            max: Duration::from_secs(u64::from(hours) * 3600),
        })
    }
}

impl LogArgs {
    pub fn check(&self) -> Result<LogSettings, SettingError> {
        let filter = log_filter("log", &self.log)?;
        let format = match self.log_format.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => {
                return Err(SettingError::new("log_format", "is not a log format", "Give text or json."));
            }
        };
        Ok(LogSettings { filter, format })
    }
}
