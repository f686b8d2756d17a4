//! A generator that costs less than the fastest server under it: requests written byte by byte, one at a time on each
//! connection, answers read no further than they must be to be checked.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

use crate::Result;
use crate::stats::quantile;

/// Longest wait for an answer.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// A kind of request: the one of each number, and what its answer has to be.
pub trait Shots {
    /// Writes the whole request of a number.
    fn write(&self, number: u64, request: &mut Vec<u8>);
    /// Whether its answer is right.
    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool;
}

/// An answer.
pub struct Reply<'a> {
    pub status: u16,
    pub head: &'a [u8],
    pub body: &'a [u8],
}

/// How hard, how long.
#[derive(Clone, Copy)]
pub struct Volley {
    /// Connections, with one request at a time on each.
    pub callers: u64,
    pub time: Duration,
    /// Requests in a second, spread evenly; without it, as many as it takes.
    pub rate: Option<f64>,
    /// Numbers begin here.
    pub first: u64,
}

/// What came of it.
#[derive(Default)]
pub struct Hits {
    /// Nanoseconds of each request.
    pub nanoseconds: Vec<f64>,
    /// Seconds from the first to the last.
    pub seconds: f64,
}

impl Hits {
    /// Requests in a second.
    pub fn rate(&self) -> f64 {
        self.nanoseconds.len() as f64 / self.seconds
    }

    /// Microseconds below which this part of the requests stayed.
    pub fn below(&self, part: f64) -> f64 {
        quantile(&self.nanoseconds, part).unwrap_or(f64::NAN) / 1000.0
    }
}

/// Fires; the first wrong answer ends it.
pub async fn fire(address: SocketAddr, volley: Volley, shots: Rc<dyn Shots>) -> Result<Hits> {
    if !address.ip().is_loopback() {
        return Err(format!("{address} is not this machine; nothing else is put under load").into());
    }
    let mut streams = Vec::new();
    for _ in 0..volley.callers {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let (hits, began, here) = (Rc::new(RefCell::new(Hits::default())), Instant::now(), LocalSet::new());
    let callers: Vec<_> = streams
        .into_iter()
        .zip(0..)
        .map(|(stream, number)| {
            let caller = Caller { stream, number, volley, began, hits: hits.clone(), shots: shots.clone() };
            here.spawn_local(caller.call())
        })
        .collect();
    here.await;
    for caller in callers {
        caller.await??;
    }
    let mut hits = hits.take();
    hits.seconds = began.elapsed().as_secs_f64();
    Ok(hits)
}

struct Caller {
    stream: TcpStream,
    number: u64,
    volley: Volley,
    began: Instant,
    hits: Rc<RefCell<Hits>>,
    shots: Rc<dyn Shots>,
}

impl Caller {
    async fn call(mut self) -> Result<()> {
        let Volley { callers, time, rate, first } = self.volley;
        let (mut request, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
        let mut turn = self.number;
        while self.began.elapsed() < time {
            if let Some(rate) = rate {
                let due = Duration::from_secs_f64(turn as f64 / rate);
                sleep(due.saturating_sub(self.began.elapsed())).await;
            }
            request.clear();
            self.shots.write(first + turn, &mut request);
            let began = Instant::now();
            self.stream.write_all(&request).await?;
            let length = timeout(ANSWER_WAIT, read(&mut self.stream, &mut buffer)).await??;
            let took = began.elapsed().as_nanos() as f64;
            let bytes = buffer.get(..length).unwrap_or_default();
            let is_right = parse(bytes).is_some_and(|(reply, _)| self.shots.is_right(first + turn, &reply));
            if !is_right {
                return Err(format!("a wrong answer: {}", String::from_utf8_lossy(bytes)).into());
            }
            self.hits.borrow_mut().nanoseconds.push(took);
            turn += callers;
        }
        Ok(())
    }
}

/// Reads one whole answer; its length.
async fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    loop {
        let free = buffer.get_mut(filled..).filter(|free| !free.is_empty()).ok_or("an answer is too long")?;
        match stream.read(free).await? {
            0 => return Err("a server hung up".into()),
            n => filled += n,
        }
        if let Some((_, length)) = parse(buffer.get(..filled).unwrap_or_default())
            && length <= filled
        {
            return Ok(length);
        }
    }
}

/// An answer and its whole length, as soon as its head is there.
fn parse(bytes: &[u8]) -> Option<(Reply<'_>, usize)> {
    let end = find(bytes, b"\r\n\r\n")?;
    let (head, body) = bytes.split_at_checked(end + 4)?;
    let status = std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()?;
    let field = |wanted: &[u8]| {
        head.split(|byte| *byte == b'\n').find_map(|line| {
            let (name, value) = line.split_at_checked(wanted.len())?;
            name.eq_ignore_ascii_case(wanted).then_some(value)
        })
    };
    let length = match field(b"content-length:") {
        Some(value) => number(value),
        // Chunked: not whole before its last chunk, which is empty.
        None if field(b"transfer-encoding:").is_some() => find(body, b"0\r\n\r\n")? + 5,
        None => 0,
    };
    Some((Reply { status, head, body: body.get(..length).unwrap_or(body) }, head.len() + length))
}

fn number(text: &[u8]) -> usize {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let (first, _) = part.split_first()?;
    let mut from = 0;
    loop {
        from += bytes.get(from..)?.iter().position(|byte| byte == first)?;
        if bytes.get(from..)?.starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_head_says() {
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: y\r\n\r\nokHTTP";
        let (reply, length) = parse(bytes).unwrap();
        assert_eq!((reply.status, reply.body, length), (200, b"ok".as_slice(), bytes.len() - 4));
        assert!(parse(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n").is_none());
        let (reply, length) = parse(b"HTTP/1.1 204 No\r\n\r\n").unwrap();
        assert_eq!((reply.status, reply.body.len(), length), (204, 0, 19));
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n".as_slice();
        assert!(parse(head).is_none());
        assert_eq!(parse(&[head, b"0\r\n\r\n"].concat()).unwrap().0.body, b"2\r\nok\r\n0\r\n\r\n");
    }
}
