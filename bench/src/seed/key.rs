//! Seeded keys. The properties of a key follow from its number, so that every list of the console has the same share of
//! keys at any size.

use model::Timestamp;
use model::id::{InternalId, KeyId, OrganizationId, UserId};
use model::key::{
    BASE62, DEFAULT_PREFIX, Disabling, Environment, Key, KeyFields, KeyName, KeyPrefix, LastUse, Permissions,
    PlainKey, RANDOM_LENGTH, Revocation,
};
use model::time::DAY_SECONDS;
use sha2::{Digest, Sha256};

use crate::Result;

/// The first and second words of names.
const WORKS: [&str; 12] = [
    "deploy", "billing", "search", "export", "import", "backup", "metrics", "mobile", "partner", "etl",
    "staging", "webhook",
];
const PLACES: [&str; 8] = ["eu-west", "us-east", "ap-south", "prod", "test", "lab", "edge", "core"];

/// The data that all seeded keys share.
pub struct Home {
    pub organization: OrganizationId,
    pub internal: InternalId,
    pub owners: Vec<UserId>,
    pub now: Timestamp,
}

/// The state of a key. Of twenty keys, three are in each of the first five states, and five are simply in use.
pub enum Fate {
    Revoked,
    Expired,
    ExpiresSoon,
    Disabled,
    Unused,
    InUse { never_expires: bool },
}

impl Fate {
    /// The state of the key with this number.
    pub fn of(number: u64) -> Self {
        match number % 20 {
            0..3 => Self::Revoked,
            3..6 => Self::Expired,
            6..9 => Self::ExpiresSoon,
            9..12 => Self::Disabled,
            12..15 => Self::Unused,
            rest => Self::InUse { never_expires: rest > 16 },
        }
    }

    /// Whether such a key is valid.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::ExpiresSoon | Self::Unused | Self::InUse { .. })
    }
}

/// A number that looks random and is different for each number.
pub fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Letters and digits that follow from a number.
pub fn letters(number: u64, length: usize) -> String {
    (0..length as u64)
        .filter_map(|place| BASE62.get(usize::try_from(mix(number.wrapping_mul(64) + place) % 62).ok()?))
        .map(|byte| char::from(*byte))
        .collect()
}

/// The key with this number, and its secret.
pub fn key(home: &Home, number: u64) -> Result<(PlainKey, Key)> {
    let prefix = KeyPrefix::parse(DEFAULT_PREFIX).map_err(|error| error.message)?;
    let secret = PlainKey::from_random(&prefix, &letters(number ^ 0x5eed, RANDOM_LENGTH));
    let spread = mix(number);
    let pick = |from: usize, turn: u32| usize::try_from(spread.rotate_right(turn)).unwrap_or(0) % from;
    let word = |words: &[&'static str], turn| words.get(pick(words.len(), turn)).copied().unwrap_or("key");
    let name = format!("{} {} {number}", word(&WORKS, 7), word(&PLACES, 17));
    let owner = home.owners.get(pick(home.owners.len(), 27)).ok_or("no owners")?.clone();
    let days = |from: i64, until: i64, turn: u32| -> i64 {
        let span = u64::try_from((until - from) * DAY_SECONDS).unwrap_or(1);
        from * DAY_SECONDS + i64::try_from(spread.rotate_right(turn) % span).unwrap_or(0)
    };
    let at = |seconds: i64| home.now.plus_seconds(seconds);
    let used = |seconds: i64| {
        Some(LastUse { at: at(seconds), address: Some("10.0.0.4".into()), agent: Some("curl/8.5".into()) })
    };
    let fate = Fate::of(number);
    let (created, expires, last_use) = match fate {
        Fate::Revoked => (days(-700, -100, 37), Some(days(30, 365, 47)), used(days(-90, -30, 57))),
        Fate::Expired => (days(-700, -100, 37), Some(days(-60, -1, 47)), used(days(-90, -61, 57))),
        Fate::ExpiresSoon => (days(-80, -20, 37), Some(days(3, 13, 47)), used(days(-19, 0, 57))),
        Fate::Disabled => (days(-80, -20, 37), Some(days(30, 365, 47)), None),
        Fate::Unused => {
            (days(-700, -100, 37), None, number.is_multiple_of(2).then(|| used(days(-99, -91, 57))).flatten())
        }
        Fate::InUse { never_expires: true } => (days(-700, -20, 37), None, used(days(-19, 0, 57))),
        Fate::InUse { never_expires: false } => {
            (days(-700, -20, 37), Some(days(30, 365, 47)), used(days(-19, 0, 57)))
        }
    };
    let name = KeyName::parse(&name).map_err(|error| error.message)?;
    let key = Key {
        key_id: KeyId::from_random(&letters(number ^ 0x1d, 20)),
        organization_id: home.organization.clone(),
        internal_id: home.internal.clone(),
        owner: owner.clone().into(),
        key_hash: hex::encode(Sha256::digest(secret.reveal())),
        shown_prefix: secret.shown(&prefix, Environment::LIVE),
        created_at: at(created),
        created_by: Some(owner.clone().into()),
        rotated_at: None,
        last_use,
        disabled: matches!(fate, Fate::Disabled)
            .then(|| Disabling { at: at(-DAY_SECONDS), by: Some(owner.clone().into()) }),
        revoked: matches!(fate, Fate::Revoked).then(|| Revocation {
            at: at(-DAY_SECONDS),
            by: Some(owner.into()),
            reason: "no longer needed".to_owned(),
        }),
        ended_at: None,
        version: 1,
        fields: KeyFields {
            description: "Made for the benchmark.".to_owned(),
            permissions: Permissions::from_bits(1 << pick(3, 11)),
            rate_limit_override: (number / 20).is_multiple_of(2).then_some(600),
            expires_at: expires.map(at),
            ..KeyFields::named(name)
        },
    };
    Ok((secret, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_give_different_keys_that_the_model_accepts() {
        let home = Home {
            organization: OrganizationId::from_random("a"),
            internal: InternalId::from_random("a"),
            owners: vec![UserId::from_random("a")],
            now: Timestamp::from_seconds(1_795_305_600),
        };
        let made: Vec<_> = (0..1000).map(|number| key(&home, number).unwrap()).collect();
        let ids: std::collections::HashSet<_> = made.iter().map(|(_, key)| key.key_id.clone()).collect();
        let hashes: std::collections::HashSet<_> = made.iter().map(|(_, key)| key.key_hash.clone()).collect();
        assert_eq!((ids.len(), hashes.len()), (1000, 1000));
        assert!(made.iter().all(|(secret, _)| PlainKey::parse(secret.reveal()).is_ok()));
        let expired =
            made.iter().filter(|(_, key)| key.fields.expires_at.is_some_and(|end| end <= home.now)).count();
        assert_eq!(expired, 150);
    }
}
