//! Measures how soon a revoked key is refused, by the server that revoked it and by another one with the same database.
//! Some callers verify a key without a pause while it is revoked. Only requests that begin after the response to the
//! revocation are counted.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use store::testing::Cluster;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::load::{Call, Connection, wrong};
use crate::seed::Filled;
use crate::setting::{SMALL, Setting};
use crate::stats::quantile;
use crate::table::{Row, Verdict, ms, number};
use crate::{Result, instance, process};

/// The number of keys that are created and revoked.
const KEYS: u64 = 100;
const CALLERS: usize = 4;
/// How long to verify after a revocation, on the same server and on another one.
const AFTER_HERE: Duration = Duration::from_millis(30);
const AFTER_THERE: Duration = Duration::from_millis(300);
/// The longest wait until another server accepts a new key.
const WAIT: Duration = Duration::from_secs(2);

/// The verify requests for one key after its revocation was acknowledged.
struct Afterwards {
    verify_requests: usize,
    /// From the acknowledgement to the start of the last request for which the key was still valid.
    accepted_for: Option<Duration>,
}

/// A verification.
struct Ask {
    began: Instant,
    is_valid: bool,
}

pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    Ok(vec![here(setting).await?, there(setting).await?])
}

async fn here(setting: &Setting) -> Result<Row> {
    let folder = setting.folder()?;
    let data = folder.path().join("data");
    let filled = setting.database(SMALL, &data).await?;
    let server = instance::start(setting, &data).await?;
    let ends = race(server.address, server.address, &filled, AFTER_HERE).await?;
    let late = ends.iter().filter(|end| end.accepted_for.is_some()).count();
    Ok(Row {
        goal: "G14",
        what: format!("revoked keys that the same server accepted afterwards, of {KEYS}"),
        ours: late.to_string(),
        opponent: format!("{} questions after the answer", verify_requests(&ends)),
        ratio: None,
        wanted: "0".to_owned(),
        verdict: Verdict::of(late == 0, late as f64),
    })
}

async fn there(setting: &Setting) -> Result<Row> {
    const WHAT: &str = "how long another server of the same PostgreSQL accepts a revoked key, p99";
    const WANTED: &str = "≤ 100 ms, never above 1 s";
    if !Path::new("/usr/lib/postgresql").is_dir() {
        return Ok(Row::not_measured("G14", WHAT, WANTED, "PostgreSQL is not installed"));
    }
    let cluster = tokio::task::spawn_blocking(Cluster::start).await?;
    let url = cluster.url().to_string();
    let folder = setting.folder()?;
    let admin = bootstrap(setting, &url, folder.path()).await?;
    let mut servers = Vec::new();
    for name in ["one", "other"] {
        let data = folder.path().join(name);
        std::fs::create_dir_all(&data)?;
        let mut command = instance::command(setting, &data);
        command.args(["--database-url", &url]);
        servers.push(process::start(command, &data.join("errors")).await?);
    }
    let [one, other] = servers.as_slice() else { return Err("two servers".into()) };
    let ends = race(one.address, other.address, &admin, AFTER_THERE).await?;
    let times: Vec<_> =
        ends.iter().map(|end| end.accepted_for.unwrap_or_default().as_secs_f64() * 1000.0).collect();
    let at = |part| quantile(&times, part).unwrap_or(f64::NAN);
    let (p50, p99, most) = (at(0.5), at(0.99), at(1.0));
    Ok(Row {
        goal: "G14",
        what: WHAT.to_owned(),
        ours: ms(p99),
        opponent: format!("p50 {}, at most {}; {} questions", ms(p50), ms(most), verify_requests(&ends)),
        ratio: Some(p99 / 100.0),
        wanted: WANTED.to_owned(),
        verdict: Verdict::of(p99 <= 100.0 && most <= 1000.0, p99 / 100.0),
    })
}

fn verify_requests(ends: &[Afterwards]) -> String {
    number(ends.iter().map(|end| end.verify_requests).sum::<usize>() as f64)
}

/// Creates an organization in an empty database.
async fn bootstrap(setting: &Setting, url: &str, folder: &Path) -> Result<Filled> {
    let mut command = Command::new(&setting.keystead);
    command.args(["bootstrap", "--organization", "Bench", "--email", "ada@bench.example"]);
    command.args(["--database-url", url, "--data-dir"]).arg(folder);
    let output = command.output().await?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Creates keys and revokes them on the server `reported`, while callers verify them on the server `asked`.
async fn race(
    reported: SocketAddr,
    asked: SocketAddr,
    admin: &Filled,
    after: Duration,
) -> Result<Vec<Afterwards>> {
    let mut connection = Connection::open(reported).await?;
    let mut ends = Vec::new();
    for number in 0..KEYS {
        let (made, _) = connection.time(&instance::create(admin, number)).await?;
        let made: serde_json::Value = serde_json::from_slice(&made.body)?;
        let secret = made.get("key").and_then(|key| key.as_str()).ok_or("a key without a secret")?;
        let verify_request = Call::json("/v1/keys/verify", format!(r#"{{"key":"{secret}"}}"#))
            .with("authorization", format!("Bearer {}", admin.admin_key));
        accepted(asked, &verify_request).await?;
        let is_over = Arc::new(AtomicBool::new(false));
        let mut askers = JoinSet::new();
        for _ in 0..CALLERS {
            askers.spawn(ask_on(asked, verify_request.clone(), is_over.clone()));
        }
        sleep(Duration::from_millis(number % 20)).await;
        revoke(&mut connection, admin, number).await?;
        let ended = Instant::now();
        sleep(after).await;
        is_over.store(true, Ordering::Relaxed);
        let mut end = Afterwards { verify_requests: 0, accepted_for: None };
        while let Some(asks) = askers.join_next().await {
            for ask in asks??.into_iter().filter(|ask| ask.began > ended) {
                end.verify_requests += 1;
                let since = ask.is_valid.then(|| ask.began - ended);
                end.accepted_for = end.accepted_for.max(since);
            }
        }
        ends.push(end);
    }
    Ok(ends)
}

async fn revoke(connection: &mut Connection, admin: &Filled, number: u64) -> Result<()> {
    let mut call = instance::create(admin, number);
    call.method = Method::DELETE;
    call.path = format!("{}/ci%20{number}", call.path);
    call.body.clear();
    let (answer, _) = connection.time(&call).await?;
    if answer.status == StatusCode::OK { Ok(()) } else { Err(wrong(&call, &answer)) }
}

async fn accepted(address: SocketAddr, verify_request: &Call) -> Result<()> {
    let (mut connection, began) = (Connection::open(address).await?, Instant::now());
    while !ask(&mut connection, verify_request).await?.is_valid {
        if began.elapsed() > WAIT {
            return Err("a new key is not accepted".into());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

async fn ask_on(address: SocketAddr, verify_request: Call, is_over: Arc<AtomicBool>) -> Result<Vec<Ask>> {
    let mut connection = Connection::open(address).await?;
    let mut asks = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        asks.push(ask(&mut connection, &verify_request).await?);
    }
    Ok(asks)
}

async fn ask(connection: &mut Connection, verify_request: &Call) -> Result<Ask> {
    let began = Instant::now();
    let (answer, _) = connection.time(verify_request).await?;
    if answer.status != StatusCode::OK {
        return Err(wrong(verify_request, &answer));
    }
    Ok(Ask { began, is_valid: instance::contains(&answer.body, br#""valid":true"#) })
}
