//! Servers under measurement: started on a core of their own, awaited, ended.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::Result;

/// Longest wait for a server to say that it is ready.
const READY_WAIT: Duration = Duration::from_mins(1);

/// A started server. Ends with this value.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said when it was ready.
    pub said: String,
    child: Child,
    // Held open, so that a server that says more is not ended by it.
    _out: tokio::io::Lines<BufReader<ChildStdout>>,
}

/// Seconds of processor time that a process has used so far.
fn cpu_of(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the name, which may hold spaces: user and system time are the 14th and 15th of all, in hundredths.
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

/// Starts a server and waits for the line of its output that names its address.
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
        let told = std::fs::read_to_string(errors).unwrap_or_default();
        Err(format!("{command:?} ended before it was ready: {told}").into())
    };
    let ready: Result<_> = timeout(READY_WAIT, ready).await.map_err(|_| "a server did not get ready")?;
    let (address, said) = ready?;
    Ok(Server { address, said, child, _out: out })
}

/// Starts a server that says nothing, and waits until it takes connections at its address.
pub async fn start_at(mut command: Command, address: SocketAddr, errors: &Path) -> Result<Server> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command.stderr(std::fs::File::create(errors)?);
    let mut child = command.spawn().map_err(|error| format!("starting {command:?}: {error}"))?;
    let out = BufReader::new(child.stdout.take().ok_or("a server without output")?).lines();
    let ready = async {
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if child.try_wait()?.is_some() {
                let told = std::fs::read_to_string(errors).unwrap_or_default();
                return Err(format!("{command:?} ended before it was ready: {told}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    };
    let ready: Result<()> = timeout(READY_WAIT, ready).await.map_err(|_| "a server did not get ready")?;
    ready?;
    Ok(Server { address, said: String::new(), child, _out: out })
}

/// The first loopback address in a line.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':')).next()?.parse().ok()
}

impl Server {
    /// Seconds of processor time that it and its workers have used so far.
    pub fn cpu(&self) -> Result<f64> {
        let pid = self.pid()?;
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        let workers = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        std::iter::once(pid).chain(workers).map(cpu_of).sum()
    }

    /// Stops it where it is, so that what it does in spare time is not done in another's turn.
    pub async fn pause(&self) -> Result<()> {
        self.signal("-STOP").await
    }

    /// Lets it go on.
    pub async fn resume(&self) -> Result<()> {
        self.signal("-CONT").await
    }

    async fn signal(&self, signal: &str) -> Result<()> {
        let sent = Command::new("kill").arg(signal).arg(self.pid()?.to_string()).status().await?;
        if sent.success() { Ok(()) } else { Err("a server took no signal".into()) }
    }

    /// Bytes of memory that it holds.
    pub fn resident(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no such process")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0)
    }

    fn pid(&self) -> Result<u32> {
        Ok(self.child.id().ok_or("a server that has ended")?)
    }

    /// Ends it at once, as a crash would, and waits until it is gone.
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
