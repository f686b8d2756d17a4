//! Encrypts backups with a passphrase in the format of age, so that `age -d` can decrypt them too.

use std::io::{BufRead, Error, Read, Result, Write};
use std::iter;

use age::secrecy::SecretString;
use age::stream::StreamWriter;
use age::{DecryptError, Decryptor, Encryptor, scrypt};

use super::error::Trouble;
use super::passphrase::Passphrase;

/// The beginning of every file in the format of age.
pub(super) const MAGIC: &[u8] = b"age-encryption.org/";
/// The work for one guess at a passphrase, as the logarithm of scrypt's N: 64 MiB of memory and about 0.2 seconds. A
/// server must be able to afford it beside its other work.
const WORK: u8 = 16;
/// The largest work that a file may demand: 256 MiB of memory. The program `age` uses it.
const WORK_MAX: u8 = 18;

/// Encrypts what is written, if there is a passphrase.
pub(super) enum Encrypting<W: Write> {
    Off(W),
    On(Box<StreamWriter<W>>),
}

impl<W: Write> Encrypting<W> {
    pub fn new(out: W, passphrase: Option<&Passphrase>) -> Result<Self> {
        let Some(passphrase) = passphrase else { return Ok(Self::Off(out)) };
        let mut recipient = scrypt::Recipient::new(secret(passphrase));
        recipient.set_work_factor(WORK);
        let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).map_err(Error::other)?;
        Ok(Self::On(Box::new(encryptor.wrap_output(out)?)))
    }

    pub fn end(self) -> Result<W> {
        match self {
            Self::Off(out) => Ok(out),
            Self::On(out) => out.finish(),
        }
    }
}

impl<W: Write> Write for Encrypting<W> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        match self {
            Self::Off(out) => out.write(buffer),
            Self::On(out) => out.write(buffer),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Off(out) => out.flush(),
            Self::On(out) => out.flush(),
        }
    }
}

/// Decrypts what is read. Each chunk of 64 KiB is authenticated before any of it is passed on.
pub(super) fn decrypted(
    from: impl BufRead,
    passphrase: &Passphrase,
) -> std::result::Result<impl Read, Trouble> {
    let mut identity = scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(WORK_MAX);
    Decryptor::new_buffered(from)
        .and_then(|decryptor| decryptor.decrypt(iter::once(&identity as _)))
        .map_err(trouble)
}

fn trouble(error: DecryptError) -> Trouble {
    match error {
        DecryptError::Io(error) => Trouble::of_reading(error),
        DecryptError::DecryptionFailed => Trouble::OtherPassphrase,
        DecryptError::NoMatchingKeys | DecryptError::ExcessiveWork { .. } | DecryptError::UnknownFormat => {
            Trouble::OtherEncryption
        }
        _ => Trouble::Damaged,
    }
}

fn secret(passphrase: &Passphrase) -> SecretString {
    passphrase.reveal().to_owned().into()
}
