//! The floor: the least that every verification needs, which is a hash, a map of all keys, an expiry and a rate limit.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Json, State};
use axum::routing::post;
use sha2::{Digest, Sha256};

use super::verdict::{Question, Verdict};
use crate::Result;
use crate::secrets::Secrets;

/// Requests allowed in a window of one minute.
const LIMIT: u64 = 1_000_000;

/// A key in the map.
struct Record {
    key_id: Box<str>,
    expires: Instant,
    /// The minute in the upper 32 bits, and its number of requests in the lower 32 bits.
    window: AtomicU64,
}

/// Uses the first eight bytes of a digest as its hash, because they are already random.
#[derive(Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    // Ignores the length, which precedes the bytes of an array.
    fn write_usize(&mut self, _length: usize) {}
}

struct Keys {
    map: HashMap<[u8; 32], Record, BuildHasherDefault<Itself>>,
    began: Instant,
}

/// The routes of the floor, for the keys in a file.
pub fn routes(file: &Path) -> Result<Router> {
    let (secrets, began) = (Secrets::read(file)?, Instant::now());
    let mut map = HashMap::with_hasher(BuildHasherDefault::default());
    for number in 0..secrets.len() {
        let (secret, key_id) = secrets.pair(number);
        let key_id = std::str::from_utf8(key_id)?.into();
        let expires = began + Duration::from_hours(24);
        map.insert(Sha256::digest(secret).into(), Record { key_id, expires, window: AtomicU64::new(0) });
    }
    Ok(Router::new().route("/", post(answer)).with_state(Arc::new(Keys { map, began })))
}

async fn answer(State(keys): State<Arc<Keys>>, Json(verify_request): Json<Question>) -> Json<Verdict> {
    let digest: [u8; 32] = Sha256::digest(&verify_request.key).into();
    let now = Instant::now();
    let found = keys.map.get(&digest).filter(|record| record.expires > now);
    let remaining = found.and_then(|record| record.take(now.duration_since(keys.began).as_secs() / 60));
    Json(Verdict {
        valid: remaining.is_some(),
        code: if remaining.is_some() { "valid" } else { "not_found" },
        key_id: found.map(|record| record.key_id.to_string()).unwrap_or_default(),
        name: "ci deploy",
        permissions: ["read", "write"],
        remaining: remaining.and_then(|left| u32::try_from(left).ok()).unwrap_or(0),
    })
}

impl Record {
    /// Counts a request in a minute. Returns how many requests remain, or `None` if the limit is reached.
    fn take(&self, minute: u64) -> Option<u64> {
        let add = |packed: u64| {
            let count = if packed >> 32 == minute { packed & 0xffff_ffff } else { 0 };
            (count < LIMIT).then_some(minute << 32 | (count + 1))
        };
        let before = self.window.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).ok()?;
        Some(LIMIT - (before & 0xffff_ffff))
    }
}
