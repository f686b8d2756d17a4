//! How soon a revoked key is refused: on the server that was told, and on another one of the same database. Some ask without
//! a pause while others revoke, and what was asked after the revocation's answer is counted.

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

/// Keys that are made and revoked.
const KEYS: u64 = 100;
const CALLERS: usize = 4;
/// How long is asked after a revocation, on the same server and on another one.
const AFTER_HERE: Duration = Duration::from_millis(30);
const AFTER_THERE: Duration = Duration::from_millis(300);
/// Longest wait until another server accepts a new key.
const WAIT: Duration = Duration::from_secs(2);

/// What was asked about one key after its end was acknowledged.
struct Afterwards {
    questions: usize,
    /// From the acknowledgement to the beginning of the last question that was answered with yes.
    accepted_for: Option<Duration>,
}

/// A verification.
struct Ask {
    began: Instant,
    is_valid: bool,
}

/// Measures revocations.
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
        opponent: format!("{} questions after the answer", questions(&ends)),
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
        opponent: format!("p50 {}, at most {}; {} questions", ms(p50), ms(most), questions(&ends)),
        ratio: Some(p99 / 100.0),
        wanted: WANTED.to_owned(),
        verdict: Verdict::of(p99 <= 100.0 && most <= 1000.0, p99 / 100.0),
    })
}

fn questions(ends: &[Afterwards]) -> String {
    number(ends.iter().map(|end| end.questions).sum::<usize>() as f64)
}

/// Makes an organization in an empty database.
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

/// Makes keys, and revokes them at one server while another is asked about them.
async fn race(
    told: SocketAddr,
    asked: SocketAddr,
    admin: &Filled,
    after: Duration,
) -> Result<Vec<Afterwards>> {
    let mut connection = Connection::open(told).await?;
    let mut ends = Vec::new();
    for number in 0..KEYS {
        let (made, _) = connection.time(&instance::create(admin, number)).await?;
        let made: serde_json::Value = serde_json::from_slice(&made.body)?;
        let secret = made.get("key").and_then(|key| key.as_str()).ok_or("a key without a secret")?;
        let question = Call::json("/v1/keys/verify", format!(r#"{{"key":"{secret}"}}"#))
            .with("authorization", format!("Bearer {}", admin.admin_key));
        accepted(asked, &question).await?;
        let is_over = Arc::new(AtomicBool::new(false));
        let mut askers = JoinSet::new();
        for _ in 0..CALLERS {
            askers.spawn(ask_on(asked, question.clone(), is_over.clone()));
        }
        sleep(Duration::from_millis(number % 20)).await;
        revoke(&mut connection, admin, number).await?;
        let ended = Instant::now();
        sleep(after).await;
        is_over.store(true, Ordering::Relaxed);
        let mut end = Afterwards { questions: 0, accepted_for: None };
        while let Some(asks) = askers.join_next().await {
            for ask in asks??.into_iter().filter(|ask| ask.began > ended) {
                end.questions += 1;
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

async fn accepted(address: SocketAddr, question: &Call) -> Result<()> {
    let (mut connection, began) = (Connection::open(address).await?, Instant::now());
    while !ask(&mut connection, question).await?.is_valid {
        if began.elapsed() > WAIT {
            return Err("a new key is not accepted".into());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

async fn ask_on(address: SocketAddr, question: Call, is_over: Arc<AtomicBool>) -> Result<Vec<Ask>> {
    let mut connection = Connection::open(address).await?;
    let mut asks = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        asks.push(ask(&mut connection, &question).await?);
    }
    Ok(asks)
}

async fn ask(connection: &mut Connection, question: &Call) -> Result<Ask> {
    let began = Instant::now();
    let (answer, _) = connection.time(question).await?;
    if answer.status != StatusCode::OK {
        return Err(wrong(question, &answer));
    }
    Ok(Ask { began, is_valid: instance::contains(&answer.body, br#""valid":true"#) })
}
