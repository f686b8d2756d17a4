//! All connections of the load generator, polled by one thread. Each has at most one open request.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::answer::parse;
use super::{Outcome, Shots, Volley};
use crate::Result;

/// The longest wait for a response.
const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// The longest response, in bytes.
const ANSWER_MAX: usize = 16 * 1024;

/// A connection.
struct Caller {
    stream: TcpStream,
    /// The number of its open request, or of its next one.
    turn: u64,
    /// When the open request was sent. `None` if there is no open request.
    asked: Option<Instant>,
    answer: Vec<u8>,
    filled: usize,
}

struct Range<'a> {
    volley: Volley,
    shots: &'a dyn Shots,
    began: Instant,
    /// The number of open requests.
    open: u64,
    request: Vec<u8>,
    outcome: Outcome,
}

/// Runs a volley on this thread.
pub fn shoot(address: SocketAddr, volley: Volley, shots: &dyn Shots) -> Result<Outcome> {
    let mut poll = Poll::new()?;
    let mut callers = Vec::new();
    for turn in 0..volley.callers {
        let mut stream = TcpStream::from_std(connect(address)?);
        poll.registry().register(&mut stream, Token(callers.len()), Interest::READABLE)?;
        callers.push(Caller { stream, turn, asked: None, answer: vec![0; ANSWER_MAX], filled: 0 });
    }
    let mut events = Events::with_capacity(callers.len());
    let (began, request, outcome) = (Instant::now(), Vec::new(), Outcome::default());
    let mut range = Range { volley, shots, began, open: 0, request, outcome };
    let (mut pause, mut heard) = (range.ask_all(&mut callers)?, began);
    while range.open > 0 || pause.is_some() {
        // Without a given rate, the poll never sleeps. Waking it up would cost processor time of the server, which a
        // client on another machine would not cost.
        let wait = if volley.rate.is_some() { pause.unwrap_or(ANSWER_WAIT) } else { Duration::ZERO };
        poll.poll(&mut events, Some(wait))?;
        if !events.is_empty() {
            heard = Instant::now();
        } else if pause.is_none() && heard.elapsed() >= ANSWER_WAIT {
            return Err("a server did not answer".into());
        }
        for event in &events {
            if let Some(caller) = callers.get_mut(event.token().0) {
                range.take(caller)?;
                range.ask(caller)?;
            }
        }
        if volley.rate.is_some() {
            pause = range.ask_all(&mut callers)?;
        }
    }
    range.outcome.seconds = began.elapsed().as_secs_f64();
    Ok(range.outcome)
}

fn connect(address: SocketAddr) -> Result<std::net::TcpStream> {
    let stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

impl Range<'_> {
    /// Sends all requests that are due. Returns how long it is until the next one.
    fn ask_all(&mut self, callers: &mut [Caller]) -> Result<Option<Duration>> {
        let mut pause: Option<Duration> = None;
        for caller in callers.iter_mut().filter(|caller| caller.asked.is_none()) {
            if let Some(wait) = self.ask(caller)? {
                pause = Some(pause.map_or(wait, |pause| pause.min(wait)));
            }
        }
        Ok(pause)
    }

    /// Sends a caller's next request if it is due. Otherwise returns how long it is until then, if there is another
    /// one.
    fn ask(&mut self, caller: &mut Caller) -> Result<Option<Duration>> {
        let due = self
            .volley
            .rate
            .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(caller.turn as f64 / rate));
        let (now, spent) = (Instant::now(), self.began.elapsed());
        if caller.asked.is_some() || spent.max(due) >= self.volley.time {
            return Ok(None);
        }
        if let Some(early) = due.checked_sub(spent).filter(|early| !early.is_zero()) {
            return Ok(Some(early));
        }
        self.request.clear();
        self.shots.write(self.volley.first + caller.turn, &mut self.request);
        caller.stream.write_all(&self.request)?;
        caller.asked = Some(now);
        self.open += 1;
        Ok(None)
    }

    /// Reads the data that has arrived for a caller, and checks the response once it is complete.
    fn take(&mut self, caller: &mut Caller) -> Result<()> {
        let free = caller.answer.get_mut(caller.filled..).filter(|free| !free.is_empty());
        match caller.stream.read(free.ok_or("an answer is too long")?) {
            Ok(0) => return Err("a server closed the connection".into()),
            Ok(read) => caller.filled += read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let bytes = caller.answer.get(..caller.filled).unwrap_or_default();
        let Some((reply, _)) = parse(bytes).filter(|(_, length)| *length <= caller.filled) else {
            return Ok(());
        };
        let (Some(asked), true) =
            (caller.asked.take(), self.shots.is_right(self.volley.first + caller.turn, &reply))
        else {
            return Err(format!("a wrong answer: {}", String::from_utf8_lossy(bytes)).into());
        };
        self.outcome.nanoseconds.push(asked.elapsed().as_nanos() as f64);
        self.open -= 1;
        caller.filled = 0;
        caller.turn += self.volley.callers;
        Ok(())
    }
}
