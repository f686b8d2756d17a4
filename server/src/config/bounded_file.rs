//! Reads a short file without ever waiting for it for long.
//!
//! A named pipe to which nobody writes, or a device, would otherwise stop a start without a word. Pipes are allowed,
//! because people pass secrets through them (`<(…)`, `/dev/stdin`).

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

/// How long a pipe may take to be written.
const WRITTEN_WITHIN: Duration = Duration::from_secs(5);

/// Reads at most this many bytes, and one more from a longer file. The result is wiped when it is dropped.
pub fn read_at_most(path: &Path, bytes_max: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let kind = std::fs::metadata(path)?.file_type();
    // Opening some devices has effects, so they are not opened.
    if kind.is_char_device() || kind.is_block_device() || kind.is_socket() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is a device or a socket and not a file"));
    }
    // If a pipe has taken the place of the file meanwhile, opening it does not wait.
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.file_type().is_fifo() {
        drop(file);
        return read_pipe(path.to_owned(), bytes_max);
    }
    read(file, bytes_max)
}

fn read(file: File, bytes_max: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads on a thread of its own, because neither opening a pipe nor reading it has a time limit.
fn read_pipe(path: PathBuf, bytes_max: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let (send, receive) = mpsc::sync_channel(1);
    let reading = move || {
        // Sending fails only if the time is up.
        let _late = send.send(File::open(&path).and_then(|file| read(file, bytes_max)));
    };
    thread::Builder::new().name("read".to_owned()).spawn(reading)?;
    let silent = || io::Error::new(ErrorKind::TimedOut, "it is a pipe to which nobody writes");
    receive.recv_timeout(WRITTEN_WITHIN).unwrap_or_else(|_| Err(silent()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn pipe(folder: &Path) -> PathBuf {
        let path = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0123456789").unwrap();
        assert_eq!(read_at_most(file.path(), 10).unwrap().as_slice(), b"0123456789");
        assert_eq!(read_at_most(file.path(), 3).unwrap().as_slice(), b"0123");
    }

    #[test]
    fn a_pipe_is_read_if_somebody_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = pipe(folder.path());
        let writing = path.clone();
        let writer = thread::spawn(move || std::fs::write(writing, "secret").unwrap());
        assert_eq!(read_at_most(&path, 10).unwrap().as_slice(), b"secret");
        writer.join().unwrap();
    }

    #[test]
    fn a_silent_pipe_and_a_device_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let silent = read_at_most(&pipe(folder.path()), 10).unwrap_err();
        assert!(silent.to_string().contains("nobody writes"), "{silent}");
        for device in ["/dev/zero", "/dev/null", "/dev/tty"] {
            let error = read_at_most(Path::new(device), 10).unwrap_err().to_string();
            assert!(error.contains("a device"), "{device}: {error}");
        }
        assert!(read_at_most(folder.path(), 10).is_err());
    }
}
