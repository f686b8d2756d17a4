//! The settings after their check.

use std::{ffi::OsStr, net::SocketAddr, path::PathBuf, time::Duration};

use model::key::KeyPrefix;
use service::OperatorToken;
use tracing_subscriber::EnvFilter;

use super::{
    AddressArgs, Database, DocsArgs, HttpArgs, KeyArgs, LogArgs, Network, OperatorArgs, Origin, SealArgs,
    ServeArgs, ServiceArgs, SessionArgs, SettingError, StoreArgs, database::database, network::networks,
    number::number, operator::operator_token,
};

/// All settings of a running server.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    /// How requests arrive.
    pub http: HttpSettings,
    /// Who operates the server over REST, if anybody.
    pub operator_token: Option<OperatorToken>,
    /// Who may read the description of the API.
    pub docs: DocsReaders,
    /// File of the key that seals kept answers; without it, the one beside the embedded database.
    pub seal_key_file: Option<PathBuf>,
    /// What the service is made of.
    pub service: ServiceSettings,
    /// What is written to standard error.
    pub log: LogSettings,
}

/// How requests arrive.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address and port for Envoy's gRPC, if it is answered.
    pub envoy_grpc_listen: Option<SocketAddr>,
    /// Address people open the console at, when it is not the one listened on.
    pub public_url: Option<Origin>,
    /// Networks whose forwarded addresses are believed.
    pub trusted_proxies: Vec<Network>,
    /// Most connections open at once on each port.
    pub connections_max: u32,
    /// Time for the head of a request.
    pub header_timeout: Duration,
    /// Time from the head of a request to its answer.
    pub request_timeout: Duration,
}

impl HttpSettings {
    /// Most connections open at once on all ports.
    pub fn connections_max_of_all_ports(&self) -> u32 {
        let ports = if self.envoy_grpc_listen.is_some() { 2 } else { 1 };
        self.connections_max.saturating_mul(ports)
    }
}

/// Where the console is.
#[derive(Debug, Clone)]
pub struct AddressSettings {
    /// Address and port that the server listens on.
    pub listen: SocketAddr,
    /// Address people open the console at, when it is not the one listened on.
    pub public_url: Option<Origin>,
}

/// What the service behind every command is made of.
#[derive(Debug, Clone)]
pub struct ServiceSettings {
    /// Where everything is kept.
    pub store: StoreSettings,
    /// Rules for keys.
    pub keys: KeySettings,
    /// How long a person stays signed in.
    pub sessions: SessionSettings,
    /// Days for which it is kept how often keys were used.
    pub usage_days_kept: u32,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// Folder of the embedded database.
    pub data_dir: PathBuf,
    /// The database itself.
    pub database: Database,
    /// Most connections to it.
    pub database_connections_max: u32,
}

/// Rules for keys.
#[derive(Debug, Clone)]
pub struct KeySettings {
    /// What new secrets begin with.
    pub prefix: KeyPrefix,
    /// Requests in any 60 seconds for keys without a limit of their own.
    pub rate_limit_default: u32,
    /// Most keys an organization may have.
    pub per_organization_max: u32,
    /// Most secrets kept in memory for verifying.
    pub verified_max: u32,
}

/// How long a person stays signed in.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// Without a request.
    pub idle: Duration,
    /// In any case.
    pub max: Duration,
}

/// What is written to standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// Which lines.
    pub filter: String,
    /// In which form.
    pub format: LogFormat,
}

/// Who may read the description of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocsReaders {
    /// Whoever asks.
    Open,
    /// Whoever asks from this machine itself, while the server is for it alone; otherwise as below.
    Local,
    /// Whoever is signed in, or has a key or the operator's token.
    SignedIn,
    /// Nobody: there is nothing at these addresses.
    Off,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl ServeArgs {
    /// Checks all settings.
    pub fn check(&self) -> Result<ServeSettings, SettingError> {
        Ok(ServeSettings {
            http: self.http.check()?,
            operator_token: self.operator.check()?,
            docs: self.docs.check()?,
            seal_key_file: self.seal.check()?,
            service: self.service.check()?,
            log: self.log.check()?,
        })
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
                Err(SettingError::new("docs", "does not say who may read the description of the API", right))
            }
        }
    }
}

impl SealArgs {
    fn check(&self) -> Result<Option<PathBuf>, SettingError> {
        match self.seal_key_file.as_deref() {
            Some(file) if file.is_empty() => {
                let right = "Give a file that holds 64 hexadecimal digits, or leave it out.";
                Err(SettingError::new("seal_key_file", "is empty", right))
            }
            file => Ok(file.map(PathBuf::from)),
        }
    }
}

impl HttpArgs {
    fn check(&self) -> Result<HttpSettings, SettingError> {
        let seconds = |name, text| Ok(Duration::from_secs(number(name, text, 1..=3600)?.into()));
        let AddressSettings { listen, public_url } = self.address.check()?;
        Ok(HttpSettings {
            listen,
            envoy_grpc_listen: self
                .envoy_grpc_listen
                .as_deref()
                .map(|text| address("envoy_grpc_listen", text))
                .transpose()?,
            public_url,
            trusted_proxies: networks("trusted_proxies", &self.trusted_proxies)?,
            connections_max: number("connections_max", &self.connections_max, 1..=1_000_000)?,
            header_timeout: seconds("header_timeout_seconds", &self.header_timeout_seconds)?,
            request_timeout: seconds("request_timeout_seconds", &self.request_timeout_seconds)?,
        })
    }
}

impl AddressArgs {
    /// Checks where the console is.
    pub fn check(&self) -> Result<AddressSettings, SettingError> {
        Ok(AddressSettings {
            listen: address("listen", &self.listen)?,
            public_url: self.public_url.as_deref().map(Origin::parse).transpose()?,
        })
    }
}

fn address(name: &'static str, text: &str) -> Result<SocketAddr, SettingError> {
    let right = "Give an IP address and a port, such as 127.0.0.1:3000 or [::1]:3000.";
    text.trim().parse().map_err(|_| SettingError::new(name, "is not an address with a port", right))
}

impl ServiceArgs {
    /// Checks what a service needs.
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
        let data_dir = PathBuf::from(&self.data_dir);
        Ok(StoreSettings {
            database: database("database_url", self.database_url.as_deref(), &data_dir)?,
            data_dir,
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
                .map_err(|error| SettingError::new("key_prefix", "is no prefix of keys", error.message))?,
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
    /// Checks what is to be logged.
    pub fn check(&self) -> Result<LogSettings, SettingError> {
        if EnvFilter::builder().parse(&self.log).is_err() {
            let right =
                "Give error, warn, info, debug or trace, or levels by part, such as warn,server=debug.";
            return Err(SettingError::new("log", "is not a filter of log lines", right));
        }
        let format = match self.log_format.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => {
                return Err(SettingError::new(
                    "log_format",
                    "is not a form of log lines",
                    "Give text or json.",
                ));
            }
        };
        Ok(LogSettings { filter: self.log.clone(), format })
    }
}
