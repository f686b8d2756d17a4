//! A real file system of a few megabytes, for tests of a full disk.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::TestFolder;

/// Mounts a file system where only this process and its children see it, says that it is there, and ends with its
/// input.
const SCRIPT: &str = r#"mount -t tmpfs -o "size=$2" keystead "$1" && echo mounted && exec cat"#;

/// A file system in a mount namespace of its own, which exists as long as the processes in it. So nothing is left if
/// the test is killed.
pub struct SmallDisk {
    holder: Child,
    folder: tempfile::TempDir,
    is_root: bool,
}

impl SmallDisk {
    /// Returns `None` on systems where a test may not mount anything.
    pub fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| {
            use std::os::unix::fs::MetadataExt;
            me.uid() == 0
        });
        // Without root, the namespace of users gives the right to mount.
        let own: &[&str] = if is_root { &["--mount"] } else { &["--mount", "--user", "--map-root-user"] };
        let mut command = Command::new("unshare");
        command.args(own).args(["sh", "-c", SCRIPT, "sh"]).arg(folder.path()).arg(size);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().ok()?;
        let mut line = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line != "mounted\n" {
            holder.wait().unwrap();
            return None;
        }
        Some(Self { holder, folder, is_root })
    }

    /// The path at which processes in the namespace see a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that runs a program in the namespace, in a folder of a test.
    pub fn command(&self, folder: &TestFolder, program: &str) -> Command {
        let mut command = folder.command("nsenter");
        let own: &[&str] =
            if self.is_root { &["--mount"] } else { &["--mount", "--user", "--preserve-credentials"] };
        command.args(["--target", &self.holder.id().to_string()]).args(own);
        command.args(["sh", "-c", r#"cd "$0" && exec "$@""#]).arg(folder.path("")).arg(program);
        command
    }

    /// The path at which this process reaches a file, through the entry of the holder in `/proc`.
    fn outer_path(&self, name: &str) -> PathBuf {
        let inner = self.path(name);
        Path::new(&format!("/proc/{}/root", self.holder.id())).join(inner.strip_prefix("/").unwrap())
    }

    /// Leaves at most this many bytes free. With 0, not one more byte can be written.
    pub fn fill(&self, bytes_left: usize) {
        let mut ballast = File::create(self.outer_path("ballast")).unwrap();
        let written = std::iter::from_fn(|| ballast.write_all(&[7; 4096]).ok()).count();
        let left = bytes_left.div_ceil(4096);
        ballast.set_len(u64::try_from(written.saturating_sub(left) * 4096).unwrap()).unwrap();
    }

    /// Makes room again.
    pub fn free(&self) {
        std::fs::remove_file(self.outer_path("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _already_ended = self.holder.kill();
        let _reaped = self.holder.wait();
    }
}
