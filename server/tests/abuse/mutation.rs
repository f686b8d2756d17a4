//! Valid requests, and random mutations of them.

use crate::binary::{ADMIN, Dice};

#[derive(Debug)]
pub struct Request {
    line: String,
    headers: String,
    body: String,
}

/// Fragments that have a special meaning to some parser.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\r\n",
    b"\n",
    b"%00",
    b"%",
    b"%2F",
    b"..",
    b"//",
    b"?",
    b"#",
    b"\xFF\xFE",
    b"\xED\xA0\x80",
    b"\\ud800",
    b"\"",
    b"\\",
    b"{",
    b"[",
    b"]}",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"0.5",
    b"NaN",
    b"\xE2\x80\xAE",
    b"\xF0\x9F\x94\x91",
    b"'; DROP TABLE keys; --",
    b"%' OR 1=1",
    b"<script>",
    b"{{7*7}}",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Length: 5\r\n",
    b"Expect: 100-continue\r\n",
    b"Upgrade: h2c\r\n",
    b"If-Match: \"key_a1.1\"\r\n",
    b"Idempotency-Key: a\r\n",
    b"X-Org-ID: org_1\r\n",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"admin-key",
    b"9999-12-31T23:59:60Z",
    b"-0001-01-01T00:00:00Z",
];

impl Request {
    fn new(line: &str, headers: &str, body: &str) -> Self {
        Self { line: line.to_owned(), headers: headers.to_owned(), body: body.to_owned() }
    }

    /// One valid request for each address of the API, and some for the console.
    pub fn all(key: &str, address: &str, cookie: &str) -> Vec<Self> {
        let (users, host) = ("/v1/organizations/users", address.trim_start_matches("http://"));
        let keys = format!("{users}/{ADMIN}/api-keys");
        let api =
            format!("Host: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n");
        let console = format!(
            "Host: {host}\r\nOrigin: {address}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
        );
        let full = r#"{"name":"ci","description":"text","permissions":["read","write"],"scopes":[{"resource_type":"bucket","resource_id":"a*","operations":["read_data"]}],"rate_limit_override":100,"expires_at":"2099-01-31T12:00:00Z"}"#;
        let query = serde_json::json!({ "query": model::key::KeyQuery::default() }).to_string();
        vec![
            Self::new("GET /v1/organizations", &api, ""),
            Self::new(
                "PATCH /v1/organizations",
                &api,
                r#"{"organization_name":"Acme","metadata":{"a":[1,{"b":null}]}}"#,
            ),
            Self::new(&format!("GET {users}?skip=0&limit=50&role=admin&status=active"), &api, ""),
            Self::new(
                &format!("POST {users}"),
                &api,
                r#"{"email":"bob@acme.example","user_name":"Bob","role":"member","metadata":{}}"#,
            ),
            Self::new(&format!("GET {users}/bob%40acme.example"), &api, ""),
            Self::new(
                &format!("PATCH {users}/bob%40acme.example"),
                &api,
                r#"{"user_name":"Bobby","avatar_url":"https://x.example/b.png"}"#,
            ),
            Self::new(&format!("DELETE {users}/bob%40acme.example"), &api, ""),
            Self::new(&format!("GET {keys}?include_revoked=true"), &api, ""),
            Self::new(&format!("POST {keys}"), &api, full),
            Self::new(&format!("PATCH {keys}/ci"), &api, full),
            Self::new(&format!("POST {keys}/ci/rotate"), &api, r#"{"grace_period_seconds":3600}"#),
            Self::new(&format!("DELETE {keys}/ci"), &api, ""),
            Self::new("GET /v1/organizations/usage?start=2026-11-01&limit=5", &api, ""),
            Self::new(
                "GET /v1/organizations/audit/logs?action=api_key_created&start=2026-11-01&skip=0&limit=5",
                &api,
                "",
            ),
            Self::new("PATCH /v1/organizations/audit/settings", &api, r#"{"read_auditing_enabled":true}"#),
            Self::new("GET /v1/me", &api, ""),
            Self::new(
                "GET /v1/api-keys?limit=5&offset=0&sort=-name&status=all&search=ci&expiresBefore=2099-01-31T12:00:00Z",
                &api,
                "",
            ),
            Self::new(
                "POST /v1/api-keys",
                &api,
                r#"{"name":"by id","description":"text","scope":"read-write","expiresAt":"2099-01-31T12:00:00Z"}"#,
            ),
            Self::new("GET /v1/service-accounts?limit=5&status=active", &api, ""),
            Self::new(
                "POST /v1/service-accounts",
                &api,
                r#"{"name":"robot","permissions":["apikey:read","workflow:execute"],"description":"text"}"#,
            ),
            Self::new("GET /healthz", &api, ""),
            Self::new("GET /keys?view=revoked&search=ci&sort=-name", &console, ""),
            Self::new("GET /members?role=admin", &console, ""),
            Self::new("GET /login?next=/keys", &console, ""),
            Self::new("POST /console/api/keys/page", &console, &query),
            Self::new(
                "POST /console/api/keys/create",
                &console,
                &format!(r#"{{"owner":null,"draft":{full}}}"#),
            ),
            Self::new("POST /console/api/session/list", &console, "{}"),
            Self::new("POST /console/api/members/list", &console, r#"{"filter":{},"page":1}"#),
        ]
    }

    /// The request as bytes, without mutations.
    pub fn as_it_is(&self) -> Vec<u8> {
        let Self { line, headers, body } = self;
        let length = body.len();
        format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .into_bytes()
    }

    /// The request as bytes, with random mutations.
    pub fn mutated(&self, others: &[Self], dice: &mut Dice) -> Vec<u8> {
        let (mut line, mut headers, mut body) = (
            self.line.clone().into_bytes(),
            self.headers.clone().into_bytes(),
            self.body.clone().into_bytes(),
        );
        let donor = dice.pick(others).body.as_bytes();
        let times = 1 + dice.below(4);
        let what = dice.below(8);
        for _ in 0..times {
            match what {
                0..=2 => mutate(&mut body, donor, dice),
                3 | 4 => mutate(&mut line, donor, dice),
                5 => mutate(&mut headers, donor, dice),
                _ => {}
            }
        }
        let length = format!("Connection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut whole = [&line, b" HTTP/1.1\r\n".as_slice(), &headers, length.as_bytes(), &body].concat();
        if what >= 6 {
            for _ in 0..times {
                mutate(&mut whole, donor, dice);
            }
        }
        whole
    }
}

/// Makes one change at a random position.
fn mutate(bytes: &mut Vec<u8>, donor: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let end = (at + 1 + dice.below(16)).min(bytes.len());
    match dice.below(8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 => drop(bytes.drain(at..end)),
        2 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        3 => bytes.truncate(at),
        4 => {
            let letter = *dice.pick(b"A[{\"0%/ \xC3");
            let run = vec![letter; 1 << dice.below(13)];
            bytes.splice(at..at, run);
        }
        5 if !donor.is_empty() => {
            let from = dice.below(donor.len());
            let part = donor[from..(from + 40).min(donor.len())].to_vec();
            bytes.splice(at..end, part);
        }
        _ => drop(bytes.splice(at..end, dice.pick(PIECES).to_vec())),
    }
}
