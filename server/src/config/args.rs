//! Every setting with its flag, its variable, its default and its description.
//!
//! Values are kept as unparsed text here, because clap repeats a wrong value in its error message, and the address of a
//! database may contain a password. For the same reason, nothing in this file implements `Debug`.

use std::ffi::OsString;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

/// The settings of a server.
#[derive(Args, Clone)]
pub struct ServeArgs {
    #[command(flatten)]
    pub(super) http: HttpArgs,
    #[command(flatten)]
    pub(super) operator: OperatorArgs,
    #[command(flatten)]
    pub(super) node: NodeArgs,
    #[command(flatten)]
    pub(super) docs: DocsArgs,
    #[command(flatten)]
    pub(super) seal: SealArgs,
    #[command(flatten)]
    pub(super) backup: BackupArgs,
    #[command(flatten)]
    pub(super) service: ServiceArgs,
    #[command(flatten)]
    pub(super) log: LogArgs,
    #[command(flatten)]
    pub(super) traces: TraceArgs,
}

/// When the server makes backups by itself.
#[derive(Args, Clone)]
#[command(next_help_heading = "Backups")]
#[expect(clippy::struct_field_names, reason = "the fields are named like the settings")]
pub struct BackupArgs {
    /// Folder in which the server makes backups. It must exist. Without it, the server makes none.
    #[arg(long, env = "KEYSTEAD_BACKUP_DIR", value_name = "DIR")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) backup_dir: Option<OsString>,

    /// Time between two backups, such as `15m`, `24h` or `7d`.
    #[arg(long, env = "KEYSTEAD_BACKUP_EVERY", value_name = "TIME", default_value = "24h")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) backup_every: String,

    /// Number of backups that are kept. Older ones are removed after a new one was made and checked.
    #[arg(long, env = "KEYSTEAD_BACKUP_KEEP", value_name = "NUMBER", default_value = "14")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) backup_keep: String,

    /// File with the passphrase with which the server encrypts its backups. It has at least 12 characters. Without it,
    /// the backups are not encrypted.
    #[arg(long, env = "KEYSTEAD_BACKUP_PASSPHRASE_FILE", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) backup_passphrase_file: Option<OsString>,
}

/// Who operates the server over REST.
#[derive(Args, Clone)]
#[command(next_help_heading = "Operator")]
pub struct OperatorArgs {
    /// File with the operator's token for the endpoints `/v1/private/…`. Without it, these endpoints do not exist.
    #[arg(long, env = "KEYSTEAD_OPERATOR_TOKEN_FILE", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) operator_token_file: Option<OsString>,
}

/// What this server is called among those that share its database.
#[derive(Args, Clone)]
#[command(next_help_heading = "Node")]
pub struct NodeArgs {
    /// Name of this server in the list of servers that share a database. The default is the name of the machine.
    #[arg(long, env = "KEYSTEAD_NODE_NAME", value_name = "NAME")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) node_name: Option<String>,
}

/// Who may read the description of the API.
#[derive(Args, Clone)]
#[command(next_help_heading = "API description")]
pub struct DocsArgs {
    /// Who may read `/docs` and `/openapi.json`: `open`, `signed-in`, `off` or `local`. `local` is open to this machine
    /// while there is neither a public URL nor TLS, and otherwise the same as `signed-in`.
    #[arg(long, env = "KEYSTEAD_DOCS", value_name = "WHO", default_value = "local")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) docs: String,
}

/// The seal key, which encrypts idempotency records.
#[derive(Args, Clone)]
#[command(next_help_heading = "Seal key")]
pub struct SealArgs {
    /// File of the seal key, which encrypts stored responses to requests with an idempotency key. The default is
    /// `seal.key` beside the embedded database.
    #[arg(long, env = "KEYSTEAD_SEAL_KEY_FILE", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) seal_key_file: Option<OsString>,
}

/// Ports, proxies, and limits on connections and requests.
#[derive(Args, Clone)]
pub struct HttpArgs {
    #[command(flatten)]
    pub(super) address: AddressArgs,

    /// Address and port for Envoy's gRPC `ext_authz`. Without it, the server offers no gRPC. The limits on connections
    /// and times apply there as well.
    #[arg(long, env = "KEYSTEAD_ENVOY_GRPC_LISTEN", value_name = "ADDR:PORT")]
    #[arg(help_heading = "Listening")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) envoy_grpc_listen: Option<String>,

    /// Address and port for Prometheus, which reads the metrics at `/metrics`. Without it, the server offers none.
    /// Everyone who reaches this port can read them.
    #[arg(long, env = "KEYSTEAD_METRICS_LISTEN", value_name = "ADDR:PORT")]
    #[arg(help_heading = "Listening")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) metrics_listen: Option<String>,

    /// Networks of proxies whose `X-Forwarded-For` is trusted, separated by commas, such as `10.0.0.0/8,::1`.
    #[arg(long, env = "KEYSTEAD_TRUSTED_PROXIES", value_name = "NETWORKS", default_value = "")]
    #[arg(help_heading = "Connections")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) trusted_proxies: String,

    /// Maximum number of open connections on each port. If all are in use, an idle one is closed for a new one.
    #[arg(long, env = "KEYSTEAD_CONNECTIONS_MAX", value_name = "NUMBER", default_value = "10000")]
    #[arg(help_heading = "Connections")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) connections_max: String,

    /// Seconds in which a client must send the head of a request.
    #[arg(long, env = "KEYSTEAD_HEADER_TIMEOUT_SECONDS", value_name = "SECONDS", default_value = "10")]
    #[arg(help_heading = "Connections")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) header_timeout_seconds: String,

    /// Seconds from the head of a request to its response, including the time in which the client sends the body.
    #[arg(long, env = "KEYSTEAD_REQUEST_TIMEOUT_SECONDS", value_name = "SECONDS", default_value = "30")]
    #[arg(help_heading = "Connections")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) request_timeout_seconds: String,
}

/// The address of the console. Commands that print links to the console take these settings as well.
#[derive(Args, Clone)]
#[command(next_help_heading = "Listening")]
pub struct AddressArgs {
    /// Address and port to listen on.
    #[arg(long, env = "KEYSTEAD_LISTEN", value_name = "ADDR:PORT", default_value = "127.0.0.1:3000")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) listen: String,

    /// Address at which people open the console, if it differs from `--listen`. It must use https. Only addresses of
    /// this machine may use http.
    #[arg(long, env = "KEYSTEAD_PUBLIC_URL", value_name = "URL")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) public_url: Option<String>,

    #[command(flatten)]
    pub(super) tls: TlsArgs,
}

/// The port with TLS, and where its certificate comes from.
#[derive(Args, Clone)]
#[command(next_help_heading = "TLS")]
#[expect(clippy::struct_field_names, reason = "the fields are named like the settings")]
pub struct TlsArgs {
    /// File with the certificate in PEM, followed by the certificates that lead to its root. With it, the server also
    /// listens with TLS.
    #[arg(long, env = "KEYSTEAD_TLS_CERT", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) tls_cert: Option<OsString>,

    /// File with the private key of the certificate, in PEM and without a passphrase. Other users must not be able to
    /// read it.
    #[arg(long, env = "KEYSTEAD_TLS_KEY", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) tls_key: Option<OsString>,

    /// Names for which the server gets a certificate by itself, separated by commas, such as `keys.example.com`. With
    /// them, the server also listens with TLS. You thereby accept the terms of the authority.
    #[arg(long, env = "KEYSTEAD_TLS_ACME", value_name = "DOMAINS")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) tls_acme: Option<String>,

    /// Address and port to listen on with TLS, if there is a certificate.
    #[arg(long, env = "KEYSTEAD_TLS_LISTEN", value_name = "ADDR:PORT", default_value = "0.0.0.0:443")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) tls_listen: String,

    /// Directory of the authority that issues the certificate over ACME.
    #[arg(
        long,
        env = "KEYSTEAD_TLS_ACME_DIRECTORY",
        value_name = "URL",
        default_value = "https://acme-v02.api.letsencrypt.org/directory"
    )]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) tls_acme_directory: String,

    /// E-mail address that the authority may write to.
    #[arg(long, env = "KEYSTEAD_TLS_ACME_CONTACT", value_name = "MAIL")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) tls_acme_contact: Option<String>,

    /// File with the root certificates, in PEM, by which the server recognizes a private authority. Without it, the
    /// server trusts the public ones.
    #[arg(long, env = "KEYSTEAD_TLS_ACME_CA", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) tls_acme_ca: Option<OsString>,
}

/// The settings of the service, which every command needs.
#[derive(Args, Clone)]
pub struct ServiceArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    #[command(flatten)]
    pub(super) keys: KeyArgs,
    #[command(flatten)]
    pub(super) sessions: SessionArgs,
    #[command(flatten)]
    pub(super) retention: RetentionArgs,
}

/// The database.
#[derive(Args, Clone)]
#[command(next_help_heading = "Database")]
pub struct StoreArgs {
    /// Folder of the embedded database. `serve` and `bootstrap` create it if it does not exist. If others use the
    /// folder, too, the database is in a closed folder `keystead` inside it.
    #[arg(long, env = "KEYSTEAD_DATA_DIR", value_name = "DIR", default_value = "./data")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) data_dir: OsString,

    /// Database: `postgres://…` or `sqlite:FILE`. The default is `keystead.db` in the data folder.
    #[arg(long, env = "KEYSTEAD_DATABASE_URL", value_name = "URL")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) database_url: Option<String>,

    /// Maximum number of connections to the database.
    #[arg(long, env = "KEYSTEAD_DATABASE_CONNECTIONS_MAX", value_name = "NUMBER", default_value = "10")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) database_connections_max: String,
}

/// Rules for keys.
#[derive(Args, Clone)]
#[command(next_help_heading = "Keys")]
pub struct KeyArgs {
    /// The beginning of new secrets. `{environment}` stands for the environment of a key, as in `sk_{environment}_`.
    /// Existing keys stay valid if it changes.
    #[arg(long, env = "KEYSTEAD_KEY_PREFIX", value_name = "PREFIX", default_value = model::key::DEFAULT_PREFIX)]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) key_prefix: String,

    /// Maximum number of requests in any 60 seconds for keys without their own limit.
    #[arg(long, env = "KEYSTEAD_RATE_LIMIT_DEFAULT", value_name = "NUMBER", default_value = "6000")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) rate_limit_default: String,

    /// Maximum number of keys in an organization.
    #[arg(
        long,
        env = "KEYSTEAD_KEYS_PER_ORGANIZATION_MAX",
        value_name = "NUMBER",
        default_value = "1000000"
    )]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) keys_per_organization_max: String,

    /// Maximum number of secrets in the key cache, with about 140 bytes each. A key with scopes or metadata counts as
    /// several, by their size. All other keys are read from the database when they are used.
    #[arg(long, env = "KEYSTEAD_VERIFIED_KEYS_MAX", value_name = "NUMBER", default_value = "5000000")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) verified_keys_max: String,
}

/// How long data is kept.
#[derive(Args, Clone)]
#[command(next_help_heading = "Usage")]
pub struct RetentionArgs {
    /// Days for which the usage of keys is kept. The usage by hour is kept for at most 31 days.
    #[arg(long, env = "KEYSTEAD_USAGE_DAYS_KEPT", value_name = "DAYS", default_value = "400")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) usage_days_kept: String,
}

/// How long a person stays signed in.
#[derive(Args, Clone)]
#[command(next_help_heading = "Sessions")]
pub struct SessionArgs {
    /// Minutes without a request after which a session ends.
    #[arg(long, env = "KEYSTEAD_SESSION_IDLE_MINUTES", value_name = "MINUTES", default_value = "30")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) session_idle_minutes: String,

    /// Hours after sign-in at which a session ends in any case.
    #[arg(long, env = "KEYSTEAD_SESSION_HOURS_MAX", value_name = "HOURS", default_value = "12")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) session_hours_max: String,
}

/// The log, which is written to standard error.
#[derive(Args, Clone)]
#[command(next_help_heading = "Logs")]
pub struct LogArgs {
    /// Which log lines are written: a level, or a level for each part, such as `warn,server=debug`.
    #[arg(long, env = "KEYSTEAD_LOG", value_name = "FILTER", default_value = "info")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) log: String,

    /// Format of the log lines: `text` or `json`.
    #[arg(long, env = "KEYSTEAD_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) log_format: String,
}

/// Traces of requests, for a collector of OpenTelemetry.
#[derive(Args, Clone)]
#[command(next_help_heading = "Traces")]
pub struct TraceArgs {
    /// Address of a collector that accepts OTLP over gRPC, such as `http://127.0.0.1:4317`. Without it, the server
    /// sends no traces.
    #[arg(long, env = "KEYSTEAD_OTLP_ENDPOINT", value_name = "URL")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) otlp_endpoint: Option<String>,

    /// File with headers for the collector, one `NAME: VALUE` on each line.
    #[arg(long, env = "KEYSTEAD_OTLP_HEADERS_FILE", value_name = "FILE")]
    #[arg(hide_env_values = true, value_parser = OsStringValueParser::new())]
    pub(super) otlp_headers_file: Option<OsString>,

    /// How many of a hundred requests are traced. If a request has the header `traceparent`, the header decides
    /// instead.
    #[arg(long, env = "KEYSTEAD_TRACES_PERCENT", value_name = "NUMBER", default_value = "1")]
    #[arg(hide_env_values = true, value_parser = text())]
    pub(super) traces_percent: String,
}

/// Accepts any bytes. Invalid UTF-8 becomes replacement characters, and the check of the setting then refuses them with
/// the setting's name. clap's own error would not say which setting is meant.
fn text() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|value| value.to_string_lossy().into_owned())
}
