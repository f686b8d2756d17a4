//! Servers that are measured: starts them on a core of their own, waits until they are ready, and stops them.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::Result;

/// The longest wait until a server is ready.
const READY_WAIT: Duration = Duration::from_mins(1);

/// A started server. It is killed when this is dropped.
pub struct Server {
    pub address: SocketAddr,
    /// The line that it printed when it was ready.
    pub said: String,
    child: Child,
    // Kept open, because a server that prints more would otherwise fail.
    _out: tokio::io::Lines<BufReader<ChildStdout>>,
}

/// The processor time that a process has used so far, in seconds.
fn cpu_of(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The fields after the name, which may contain spaces. User and system time are fields 14 and 15, in hundredths of
    // a second.
    let (_, rest) = stat.rsplit_once(')').ok_or("no such process")?;
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(11).take(2).filter_map(|text| text.parse().ok()).collect();
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

/// A command that runs on one core, so that it does not compete with the load generator.
pub fn command(core: Option<usize>, program: impl AsRef<OsStr>) -> Command {
    match core {
        Some(core) => {
            let mut command = Command::new("taskset");
            command.arg("-c").arg(core.to_string()).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Starts a server and waits for the line of its output that contains its address.
pub async fn start(mut command: Command, errors: &Path) -> Result<Server> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command.stderr(std::fs::File::create(errors)?);
    let mut child = command.spawn().map_err(|error| format!("starting {command:?}: {error}"))?;
    let out = child.stdout.take().ok_or("a server without output")?;
    let mut out = BufReader::new(out).lines();
    let ready = async {
        while let Some(line) = out.next_line().await? {
            if let Some(address) = address_in(&line) {
                return Ok((address, line));
            }
        }
        let reported = std::fs::read_to_string(errors).unwrap_or_default();
        Err(format!("{command:?} ended before it was ready: {reported}").into())
    };
    let ready: Result<_> = timeout(READY_WAIT, ready).await.map_err(|_| "a server was not ready in time")?;
    let (address, said) = ready?;
    Ok(Server { address, said, child, _out: out })
}

/// Starts a server that prints nothing, and waits until it accepts connections at its address.
pub async fn start_at(mut command: Command, address: SocketAddr, errors: &Path) -> Result<Server> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command.stderr(std::fs::File::create(errors)?);
    let mut child = command.spawn().map_err(|error| format!("starting {command:?}: {error}"))?;
    let out = BufReader::new(child.stdout.take().ok_or("a server without output")?).lines();
    let ready = async {
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if child.try_wait()?.is_some() {
                let reported = std::fs::read_to_string(errors).unwrap_or_default();
                return Err(format!("{command:?} ended before it was ready: {reported}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    };
    let ready: Result<()> = timeout(READY_WAIT, ready).await.map_err(|_| "a server was not ready in time")?;
    ready?;
    Ok(Server { address, said: String::new(), child, _out: out })
}

/// The first HTTP address in a line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':')).next()?.parse().ok()
}

impl Server {
    /// The processor time that the server and its workers have used so far, in seconds.
    pub fn cpu(&self) -> Result<f64> {
        let pid = self.pid()?;
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        let workers = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        std::iter::once(pid).chain(workers).map(cpu_of).sum()
    }

    /// Suspends the server, so that its background work does not run during the turns of other servers.
    pub async fn pause(&self) -> Result<()> {
        self.signal("-STOP").await
    }

    /// Resumes the server.
    pub async fn resume(&self) -> Result<()> {
        self.signal("-CONT").await
    }

    async fn signal(&self, signal: &str) -> Result<()> {
        let sent = Command::new("kill").arg(signal).arg(self.pid()?.to_string()).status().await?;
        if sent.success() { Ok(()) } else { Err("a server could not be signalled".into()) }
    }

    /// The resident memory of the server, in bytes.
    pub fn resident(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no such process")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0)
    }

    fn pid(&self) -> Result<u32> {
        Ok(self.child.id().ok_or("a server that has ended")?)
    }

    /// Kills the server, as a crash would, and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_servers_say() {
        for line in [
            "Keystead is ready at http://127.0.0.1:3000",
            "http://127.0.0.1:3000/setup?token=abc",
            r#"{"address":"http://127.0.0.1:3000","cookie":"a"}"#,
        ] {
            assert_eq!(address_in(line), Some(([127, 0, 0, 1], 3000).into()), "{line}");
        }
        assert_eq!(address_in("listening"), None);
    }
}
