//! The requests for each server, and the correct responses.

use std::sync::Arc;

use crate::instance::contains;
use crate::load::{Reply, Shots};

use crate::secrets::{Asked, Secrets};

/// The data that all of Keystead's requests share.
pub struct Home {
    pub secrets: Secrets,
    pub admin_key: String,
    pub gateway: String,
}

/// `POST /v1/keys/verify` with stored keys, one in a hundred altered.
pub struct Verify {
    pub home: Arc<Home>,
    /// The cost of a verification. 0 verifies without counting.
    pub cost: u32,
}

/// The same request with unknown keys.
pub struct Unknown {
    pub home: Arc<Home>,
    pub unknown_keys: Vec<String>,
}

/// `GET /auth/{gateway_id}/nginx`, as nginx sends it.
pub struct Forward(pub Arc<Home>);

/// `POST /` with `{"key": …}`, for the baselines.
pub struct Plain(pub Arc<Home>);

/// `GET /` without a body.
pub struct Hello;

/// A `GET` with the key in a header, for nginx's map and for Django.
pub struct InHeader {
    pub path: &'static str,
    pub header: &'static str,
    pub keys: Keys,
}

/// `POST /verify` with `{"key": …}`, for better-auth.
pub struct InBody(pub Keys);

/// The keys that a program knows.
pub enum Keys {
    /// The same keys as Keystead.
    Stored(Arc<Home>),
    /// Keys that it created itself.
    Own(Vec<String>),
}

fn post(request: &mut Vec<u8>, path: &str, credential: Option<&str>, body: impl FnOnce(&mut Vec<u8>)) {
    request.extend_from_slice(b"POST ");
    request.extend_from_slice(path.as_bytes());
    request.extend_from_slice(b" HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    if let Some(key) = credential {
        request.extend_from_slice(b"authorization: Bearer ");
        request.extend_from_slice(key.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"content-type: application/json\r\ncontent-length: ");
    // A placeholder for three digits, filled in once the length is known.
    let digits = request.len();
    request.extend_from_slice(b"000\r\n\r\n");
    let begin = request.len();
    body(request);
    let length = format!("{:03}", request.len() - begin);
    if let Some(room) = request.get_mut(digits..digits + 3) {
        room.copy_from_slice(length.as_bytes());
    }
}

fn key_body(request: &mut Vec<u8>, key: impl FnOnce(&mut Vec<u8>)) {
    request.extend_from_slice(br#"{"key":""#);
    key(request);
    request.extend_from_slice(br#""}"#);
}

fn is_reported(reply: &Reply<'_>, asked: &Asked<'_>) -> bool {
    let rest = reply.body.strip_prefix(if asked.is_altered {
        br#"{"valid":false,"code":"NOT_FOUND","key_id":"#.as_slice()
    } else {
        br#"{"valid":true,"code":"VALID","key_id":""#.as_slice()
    });
    let id = if asked.is_altered { b"null".as_slice() } else { asked.key_id };
    reply.status == 200 && rest.is_some_and(|rest| rest.starts_with(id))
}

impl Shots for Verify {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        post(request, "/v1/keys/verify", Some(&self.home.admin_key), |request| {
            request.extend_from_slice(br#"{"key":""#);
            self.home.secrets.asked(number).write(request);
            let end =
                if self.cost == 1 { r#""}"#.to_owned() } else { format!(r#"","cost":{}}}"#, self.cost) };
            request.extend_from_slice(end.as_bytes());
        });
    }

    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool {
        is_reported(reply, &self.home.secrets.asked(number))
    }
}

impl Shots for Unknown {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        post(request, "/v1/keys/verify", Some(&self.home.admin_key), |request| {
            key_body(request, |request| {
                request.extend_from_slice(pick(&self.unknown_keys, number).as_bytes());
            });
        });
    }

    fn is_right(&self, _number: u64, reply: &Reply<'_>) -> bool {
        reply.status == 200 && reply.body.starts_with(br#"{"valid":false,"code":"NOT_FOUND""#)
    }
}

impl Shots for Forward {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        request.extend_from_slice(b"GET /auth/");
        request.extend_from_slice(self.0.gateway.as_bytes());
        request.extend_from_slice(
            b"/nginx HTTP/1.1\r\nhost: 127.0.0.1\r\nx-original-method: GET\r\nx-original-uri: /v1/things?page=2\r\n\
              authorization: Bearer ",
        );
        self.0.secrets.asked(number).write(request);
        request.extend_from_slice(b"\r\n\r\n");
    }

    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool {
        let asked = self.0.secrets.asked(number);
        if asked.is_altered {
            return reply.status == 401;
        }
        reply.status == 200 && contains(reply.head, asked.key_id)
    }
}

impl Shots for Plain {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        post(request, "/", None, |request| {
            key_body(request, |request| self.0.secrets.asked(number).write(request));
        });
    }

    fn is_right(&self, _number: u64, reply: &Reply<'_>) -> bool {
        reply.status == 200 && reply.body.starts_with(br#"{"valid":"#)
    }
}

impl Shots for Hello {
    fn write(&self, _number: u64, request: &mut Vec<u8>) {
        request.extend_from_slice(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    }

    fn is_right(&self, _number: u64, reply: &Reply<'_>) -> bool {
        reply.status == 200 && reply.body == b"hello"
    }
}

impl Shots for InHeader {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        request.extend_from_slice(b"GET ");
        request.extend_from_slice(self.path.as_bytes());
        request.extend_from_slice(b" HTTP/1.1\r\nhost: 127.0.0.1\r\n");
        request.extend_from_slice(self.header.as_bytes());
        self.keys.write(number, request);
        request.extend_from_slice(b"\r\n\r\n");
    }

    fn is_right(&self, number: u64, reply: &Reply<'_>) -> bool {
        // Any response to an altered key counts as correct. nginx's map accepts most of them, because it ignores letter
        // case.
        reply.status == 200 || self.keys.is_altered(number)
    }
}

impl Shots for InBody {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        post(request, "/verify", None, |request| {
            key_body(request, |request| self.0.write(number, request));
        });
    }

    fn is_right(&self, _number: u64, reply: &Reply<'_>) -> bool {
        reply.status == 200 && reply.body.starts_with(br#"{"valid":true"#)
    }
}

impl Keys {
    fn write(&self, number: u64, request: &mut Vec<u8>) {
        match self {
            Self::Stored(home) => home.secrets.asked(number).write(request),
            Self::Own(keys) => request.extend_from_slice(pick(keys, number).as_bytes()),
        }
    }

    fn is_altered(&self, number: u64) -> bool {
        matches!(self, Self::Stored(home) if home.secrets.asked(number).is_altered)
    }
}

fn pick(texts: &[String], number: u64) -> &str {
    let at = crate::seed::mix(number) % texts.len().max(1) as u64;
    usize::try_from(at).ok().and_then(|at| texts.get(at)).map_or("", String::as_str)
}
