//! Argon2id: its parameters, and the hashes of passwords in the form in which they are stored.

use argon2::password_hash::CustomizedPasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use model::password::Password;

use crate::error::{Error, Result};

/// Memory of one password hash, in KiB. 46 MiB with one pass and one lane is OWASP's first choice.
const MEMORY_KIB: u32 = 46 * 1024;

/// The hash that the password is compared with if the address has no account. The sign-in then takes as long as one for
/// a known address. No password has this hash.
pub(super) fn dummy_hash() -> String {
    let (salt, hash) = ("bm9ib2R5IHNpZ25zIGlu", "A".repeat(43));
    format!("$argon2id$v=19$m={MEMORY_KIB},t=1,p=1${salt}${hash}")
}

/// Whether one computation can compare a password with both stored hashes.
pub(crate) fn share_salt(one: &str, other: &str) -> Result<bool> {
    Ok(share_parameters(&parsed(one)?, &parsed(other)?))
}

pub(super) fn share_parameters(one: &PasswordHash, other: &PasswordHash) -> bool {
    (&one.algorithm, one.version, &one.params, one.salt)
        == (&other.algorithm, other.version, &other.params, other.salt)
}

pub(super) fn parsed(stored: &str) -> Result<PasswordHash> {
    PasswordHash::new(stored).map_err(|error| Error::Password(error.into()))
}

/// Hashes a password with the salt and the parameters of another hash.
pub(super) fn computed(password: &Password, like: &PasswordHash) -> Result<PasswordHash> {
    let no_salt = argon2::password_hash::Error::SaltInvalid;
    let salt = like.salt.as_ref().ok_or(Error::Password(no_salt))?;
    let params = Params::try_from(like).map_err(Error::Password)?;
    let (algorithm, version) = (Some(like.algorithm.as_str()), like.version);
    argon2id()?
        .hash_password_customized(password.reveal().as_bytes(), salt, algorithm, version, params)
        .map_err(Error::Password)
}

pub(super) fn argon2id() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(|error| Error::Password(error.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
