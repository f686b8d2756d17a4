//! Minimal HTTP servers. They show what HTTP itself costs on this machine.

mod floor;
mod verdict;

use std::path::PathBuf;

use axum::Router;
use axum::extract::Json;
use axum::routing::{get, post};
use clap::Subcommand;
use tokio::net::TcpListener;

use self::verdict::{Question, Verdict};
use crate::Result;

/// The baseline to serve.
#[derive(Clone, Subcommand)]
pub enum Baseline {
    /// `GET /` answers a few bytes.
    Hello,
    /// `POST /` reads `{"key": …}` and answers JSON as long as a verification's, without looking anything up.
    Json,
    /// The same, with what every verification needs: a hash, a map of the keys in a file, an expiry and a limit.
    Floor {
        /// A line `secret<TAB>key_id` for each key.
        keys: PathBuf,
    },
}

impl Baseline {
    /// The arguments on the command line.
    pub fn words(&self) -> Vec<PathBuf> {
        match self {
            Self::Hello => vec!["hello".into()],
            Self::Json => vec!["json".into()],
            Self::Floor { keys } => vec!["floor".into(), keys.clone()],
        }
    }
}

/// Prints the address, then serves until the process ends.
pub async fn serve(baseline: Baseline) -> Result<()> {
    let routes = match baseline {
        Baseline::Hello => Router::new().route("/", get(async || "hello")),
        Baseline::Json => Router::new().route("/", post(answer)),
        Baseline::Floor { keys } => floor::routes(&keys)?,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, |io| drop(io.set_nodelay(true))), routes)
        .await?)
}

async fn answer(Json(verify_request): Json<Question>) -> Json<Verdict> {
    let Question { key } = verify_request;
    Json(Verdict {
        valid: true,
        code: "valid",
        key_id: key.chars().take(24).collect(),
        name: "ci deploy",
        permissions: ["read", "write"],
        remaining: 999,
    })
}
