//! The load generator. It uses keep-alive connections with one request at a time on each, checks every answer, stops
//! after a limited time and number of requests, and only connects to this machine.

mod call;
mod connection;
mod raw;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use tokio::task::JoinSet;

pub use call::Call;
pub use connection::{Answer, Connection};
pub use raw::{Reply, Shots, Volley, fire};

use crate::stats::{median, quantile};
use crate::{Error, Result};

/// The amount of load.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Concurrent callers, each with a connection of its own.
    pub callers: usize,
    /// The load ends after this time …
    pub time: Duration,
    /// … or after this number of calls.
    pub calls_max: u64,
    /// Calls per second, evenly spaced. As many as possible if absent.
    pub rate: Option<f64>,
}

/// The result of a load.
#[derive(Default)]
pub struct Outcome {
    /// The duration of each call in nanoseconds.
    pub nanoseconds: Vec<f64>,
    /// The duration of the whole load in seconds.
    pub seconds: f64,
}

impl Outcome {
    /// Calls per second.
    pub fn rate(&self) -> f64 {
        self.nanoseconds.len() as f64 / self.seconds
    }

    /// The median duration of a call, in microseconds.
    pub fn p50(&self) -> f64 {
        median(&self.nanoseconds).unwrap_or(f64::NAN) / 1000.0
    }

    /// A quantile of the durations, in microseconds.
    pub fn below(&self, part: f64) -> f64 {
        quantile(&self.nanoseconds, part).unwrap_or(f64::NAN) / 1000.0
    }
}

/// Creates a call from its number.
pub type Calls = Arc<dyn Fn(u64) -> Call + Send + Sync>;

/// Loads a server with calls. A wrong answer ends the run with an error.
pub async fn run(
    address: SocketAddr,
    plan: Plan,
    calls: &Calls,
    check: fn(&Answer) -> bool,
) -> Result<Outcome> {
    let mut connections = Vec::new();
    for _ in 0..plan.callers {
        connections.push(Connection::open(address).await?);
    }
    let (next, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let mut callers = JoinSet::new();
    for mut connection in connections {
        let (next, calls) = (next.clone(), calls.clone());
        callers.spawn(async move {
            let mut nanoseconds = Vec::new();
            while began.elapsed() < plan.time {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= plan.calls_max {
                    break;
                }
                if let Some(rate) = plan.rate {
                    let due = Duration::from_secs_f64(number as f64 / rate);
                    tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
                }
                let call = calls(number);
                let (answer, time) = connection.time(&call).await?;
                if !check(&answer) {
                    return Err(wrong(&call, &answer));
                }
                nanoseconds.push(time.as_nanos() as f64);
            }
            Ok(nanoseconds)
        });
    }
    let mut nanoseconds = Vec::new();
    while let Some(caller) = callers.join_next().await {
        nanoseconds.append(&mut caller??);
    }
    Ok(Outcome { nanoseconds, seconds: began.elapsed().as_secs_f64() })
}

/// The error for a wrong answer. It does not contain the headers, which carry keys.
pub fn wrong(call: &Call, answer: &Answer) -> Error {
    let body: String = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
    format!("{} {} was answered with {}: {body}", call.method, call.path, answer.status).into()
}

/// Makes one call, which has to succeed.
pub async fn once(address: SocketAddr, call: &Call) -> Result<Answer> {
    let (answer, _) = Connection::open(address).await?.time(call).await?;
    if answer.status == StatusCode::OK { Ok(answer) } else { Err(wrong(call, &answer)) }
}
