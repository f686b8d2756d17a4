//! The two ways to load a page: through the store in this process, and over HTTP like the console.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use http::StatusCode;
use model::Timestamp;
use model::id::OrganizationId;
use model::key::{KeyPage, KeyQuery};
use store::{Store, Target};

use crate::Result;
use crate::load::{Call, Connection, wrong};
use crate::seed::Filled;

pub enum Through {
    /// Through the function of the store.
    Store { store: Store, organization: OrganizationId, now: Timestamp },
    /// Through the request that the console sends.
    Http { connection: Connection, origin: String, cookie: String },
}

impl Through {
    /// Opens a database. No server may have it open.
    pub async fn store(data: &Path, filled: &Filled) -> Result<Self> {
        let target = Target::Sqlite(data.join("keystead.db"));
        let store = Store::open(store::Settings { target, connections_max: 1 }).await?;
        let organization = OrganizationId::parse(&filled.organization_id)?;
        Ok(Self::Store { store, organization, now: service::Clock::system().now() })
    }

    pub async fn http(address: SocketAddr, cookie: String) -> Result<Self> {
        let connection = Connection::open(address).await?;
        Ok(Self::Http { connection, origin: format!("http://{address}"), cookie })
    }

    /// Loads a page. Returns it and the time in microseconds.
    pub async fn page(&mut self, query: &KeyQuery) -> Result<(KeyPage, f64)> {
        match self {
            Self::Store { store, organization, now } => {
                let began = Instant::now();
                let page = store::keys::page(&mut store.read().await?, organization, query, *now).await?;
                Ok((page, began.elapsed().as_secs_f64() * 1e6))
            }
            Self::Http { connection, origin, cookie } => {
                let call = call(query, origin, cookie);
                let (answer, time) = connection.time(&call).await?;
                if answer.status != StatusCode::OK {
                    return Err(wrong(&call, &answer));
                }
                Ok((serde_json::from_slice(&answer.body)?, time.as_secs_f64() * 1e6))
            }
        }
    }
}

/// The request that the console sends for a page.
pub fn call(query: &KeyQuery, origin: &str, cookie: &str) -> Call {
    let body = serde_json::json!({ "query": query }).to_string();
    Call::json("/console/api/keys/page", body).with("origin", origin).with("cookie", cookie)
}
