//! Reads a backup and refuses one that is not whole.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;
use store::archive::{Batch, Tally, table_names};
use store::newest_migration;

use super::encryption;
use super::error::Trouble;
use super::format::{AnyHeader, FORMAT, Header, Line, row_counts};
use super::hashing::{Fingerprint, Hashing};
use super::passphrase::Passphrase;
use super::trailer::TrailerReader;

/// The largest line. Rows have at most a few hundred kilobytes, and a damaged or malicious file must not fill the
/// memory.
const LINE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The beginning of every backup that is not encrypted: that of gzip.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Whether a file begins like a backup. An unfinished one may be empty.
pub(super) fn looks_like_backup(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    read.is_ok() && (start.is_empty() || start.starts_with(&MAGIC) || start.starts_with(encryption::MAGIC))
}

/// What a whole backup contains.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub header: Header,
    pub tally: Tally,
    pub fingerprint: Fingerprint,
}

/// Reads a backup to its end and passes its rows to `take`, which returns whether it wants more. Only if this succeeds,
/// the rows are those that were written. Fails with [`Trouble::Stopped`] if `take` wants no more.
pub(super) fn read(
    from: impl Read,
    passphrase: Option<&Passphrase>,
    take: impl FnMut(Batch) -> bool,
) -> Result<Content, Trouble> {
    let mut hashing = Hashing::new(from);
    let mut from = BufReader::new(&mut hashing);
    let start = from.fill_buf().map_err(Trouble::Unreadable)?;
    let (is_plain, is_encrypted) = (start.starts_with(&MAGIC), start.starts_with(encryption::MAGIC));
    let (header, tally) = match passphrase {
        Some(passphrase) if is_encrypted => read_packed(encryption::decrypted(&mut from, passphrase)?, take)?,
        None if is_plain => read_packed(&mut from, take)?,
        Some(_) if is_plain => return Err(Trouble::NotEncrypted),
        None if is_encrypted => return Err(Trouble::Encrypted),
        _ => return Err(Trouble::NotABackup),
    };
    drop(from);
    // Reading to the end has compared the checksum, so nothing is left that was not hashed.
    let (_, fingerprint) = hashing.end();
    Ok(Content { header, tally, fingerprint })
}

/// Reads what was compressed, to its end.
fn read_packed(from: impl Read, mut take: impl FnMut(Batch) -> bool) -> Result<(Header, Tally), Trouble> {
    let decoder = GzDecoder::new(BufReader::new(TrailerReader::new(from)));
    let mut lines = Lines { from: BufReader::new(decoder), line: Vec::new() };
    let header = read_header(lines.next()?)?;
    let tally = read_rows(&mut lines, &header, &mut take)?;
    if !lines.from.fill_buf().map_err(Trouble::of_reading)?.is_empty() {
        return Err(Trouble::Damaged);
    }
    let mut rest = lines.from.into_inner().into_inner();
    // Reading to the end compares the checksum.
    if rest.read(&mut [0]).map_err(Trouble::of_reading)? > 0 {
        return Err(Trouble::Damaged);
    }
    Ok((header, tally))
}

fn read_header(line: &[u8]) -> Result<Header, Trouble> {
    let any: AnyHeader = serde_json::from_slice(line).map_err(|_| Trouble::NotABackup)?;
    if any.keystead_backup > FORMAT {
        return Err(Trouble::NewerFormat(any.keystead_backup));
    }
    let header: Header = serde_json::from_slice(line).map_err(|_| Trouble::Damaged)?;
    let known = newest_migration();
    if header.schema > known {
        return Err(Trouble::UnknownSchema { found: header.schema, known, version: header.version });
    }
    // An older schema has fewer tables.
    let mut names = table_names();
    if !header.tables.iter().all(|table| names.any(|name| name == table.name)) {
        return Err(Trouble::Damaged);
    }
    Ok(header)
}

/// Reads the tables and the footer.
fn read_rows(
    lines: &mut Lines<impl BufRead>,
    header: &Header,
    take: &mut impl FnMut(Batch) -> bool,
) -> Result<Tally, Trouble> {
    let (mut tally, mut batch) = (Tally::default(), None::<Batch>);
    // The number of columns of the present table.
    let mut columns = 0;
    let mut pass_on = |batch: Batch| {
        tally.add(&batch);
        if take(batch) { Ok(()) } else { Err(Trouble::Stopped) }
    };
    let footer = loop {
        let line = lines.next()?;
        if line.starts_with(b"[") {
            let batch = batch.as_mut().filter(|_| length(line) == Some(columns)).ok_or(Trouble::Damaged)?;
            batch.push_line(line);
            if batch.is_full() {
                pass_on(batch.take())?;
            }
            continue;
        }
        if let Some(last) = batch.take().filter(|batch| batch.rows > 0) {
            pass_on(last)?;
        }
        match serde_json::from_slice(line).map_err(|_| Trouble::Damaged)? {
            Line::Table { table } => {
                let described = header.tables.iter().find(|described| described.name == table);
                columns = described.ok_or(Trouble::Damaged)?.columns.len();
                batch =
                    Some(Batch::of(table_names().position(|name| name == table).ok_or(Trouble::Damaged)?));
            }
            Line::Footer { rows } => break rows,
        }
    };
    // An older schema has fewer tables, and the missing ones have no rows.
    let counted = row_counts(&tally);
    let is_counted = footer.keys().all(|table| counted.contains_key(table))
        && counted.iter().all(|(table, rows)| footer.get(table).unwrap_or(&0) == rows);
    if is_counted { Ok(tally) } else { Err(Trouble::Damaged) }
}

/// The number of values of a row. `None` if it is not a row.
fn length(line: &[u8]) -> Option<usize> {
    serde_json::from_slice::<Vec<serde::de::IgnoredAny>>(line).ok().map(|values| values.len())
}

/// Lines of bounded length.
struct Lines<R> {
    from: R,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// The next line, without its end.
    fn next(&mut self) -> Result<&[u8], Trouble> {
        self.line.clear();
        let mut bounded = self.from.by_ref().take(LINE_BYTES_MAX);
        bounded.read_until(b'\n', &mut self.line).map_err(Trouble::of_reading)?;
        self.line.strip_suffix(b"\n").ok_or(Trouble::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use store::archive::{Part, channel};

    use super::super::format::HeaderTable;
    use super::super::progress::Progress;
    use super::super::trailer::TrailerWriter;
    use super::super::write::write;
    use super::*;

    /// Lines with a right checksum.
    fn packed(lines: &str) -> Vec<u8> {
        let mut out = GzEncoder::new(TrailerWriter::new(Vec::new()), Compression::fast());
        out.write_all(lines.as_bytes()).unwrap();
        out.finish().unwrap().end().unwrap()
    }

    fn header() -> Header {
        Header {
            keystead_backup: FORMAT,
            version: "9.8.7".to_owned(),
            schema: newest_migration(),
            created_at: model::Timestamp::from_seconds(0),
            database: "sqlite".to_owned(),
            tables: table_names()
                .map(|name| HeaderTable { name: name.to_owned(), columns: vec!["one".to_owned()] })
                .collect(),
        }
    }

    fn line(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap() + "\n"
    }

    fn outcome(lines: &str) -> Result<Vec<Batch>, Trouble> {
        let mut batches = Vec::new();
        read(&packed(lines)[..], None, |batch| {
            batches.push(batch);
            true
        })
        .map(|_| batches)
    }

    /// One row as a file, and its batch.
    fn one_row(passphrase: Option<&Passphrase>) -> (Vec<u8>, Batch) {
        let (sender, parts) = channel();
        let mut batch = Batch::of(1);
        batch.push_line(b"[1]");
        sender.try_send(Ok(Part::Rows(batch.clone()))).unwrap();
        sender.try_send(Ok(Part::End)).unwrap();
        let written = write(&header(), parts, Vec::new(), passphrase, &Progress::default());
        let Ok((file, _)) = written else { panic!("not written") };
        (file, batch)
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let passphrase = Passphrase::parse("correct horse").unwrap();
        for passphrase in [None, Some(&passphrase)] {
            let (file, batch) = one_row(passphrase);
            let mut batches = Vec::new();
            let content = read(&file[..], passphrase, |batch| {
                batches.push(batch);
                true
            })
            .unwrap();
            assert_eq!((batches, content.tally.rows()), (vec![batch], 1));
            assert_eq!(content.fingerprint.bytes, file.len() as u64);
        }
    }

    #[test]
    fn an_encrypted_backup_is_read_only_with_its_passphrase() {
        let [passphrase, other] =
            ["correct horse", "correct mouse"].map(|text| Passphrase::parse(text).unwrap());
        let ((plain, _), (encrypted, _)) = (one_row(None), one_row(Some(&passphrase)));
        let refused = |file: &[u8], passphrase| read(file, passphrase, |_| true).unwrap_err();
        assert!(matches!(refused(&encrypted, None), Trouble::Encrypted));
        assert!(matches!(refused(&encrypted, Some(&other)), Trouble::OtherPassphrase));
        // Otherwise whoever can replace the file, but does not know the passphrase, could have another one restored.
        assert!(matches!(refused(&plain, Some(&passphrase)), Trouble::NotEncrypted));
        // A file that would keep the machine busy for hours.
        let header = String::from_utf8_lossy(&encrypted).split_inclusive('\n').take(2).collect::<String>();
        let busy = header.replace(" 16\n", " 40\n");
        assert_ne!(header, busy);
        let busy = [busy.as_bytes(), &encrypted[header.len()..]].concat();
        assert!(matches!(refused(&busy, Some(&passphrase)), Trouble::OtherEncryption));
        for place in (0..encrypted.len()).step_by(37).chain([encrypted.len() - 1]) {
            let mut changed = encrypted.clone();
            changed[place] ^= 1;
            refused(&changed, Some(&passphrase));
            refused(&encrypted[..place], Some(&passphrase));
        }
        refused(&[&encrypted[..], b"x"].concat(), Some(&passphrase));
    }

    #[test]
    fn a_backup_of_another_format_or_schema_is_named() {
        let newer = Header { keystead_backup: FORMAT + 1, ..header() };
        assert!(matches!(outcome(&line(&newer)), Err(Trouble::NewerFormat(2))));
        let schema = newest_migration() + 1;
        let newer = outcome(&line(&Header { schema, ..header() }));
        assert!(matches!(newer, Err(Trouble::UnknownSchema { found, .. }) if found == schema));
        assert!(matches!(outcome("{\"some\":\"other file\"}\n"), Err(Trouble::NotABackup)));
    }

    /// A restore would refuse it only in the middle.
    #[test]
    fn a_row_with_another_number_of_values_is_refused() {
        let table = table_names().next().unwrap();
        for (row, is_right) in
            [("[1]", true), ("[]", false), ("[1,2]", false), ("[1", false), ("[[1],2]", false)]
        {
            let (mut tally, mut batch) = (Tally::default(), Batch::of(0));
            batch.push_line(row.as_bytes());
            tally.add(&batch);
            let footer = line(&Line::Footer { rows: row_counts(&tally) });
            let lines =
                line(&header()) + &line(&Line::Table { table: table.to_owned() }) + row + "\n" + &footer;
            assert_eq!(outcome(&lines).is_ok(), is_right, "{row}");
        }
    }

    #[test]
    fn lines_in_another_order_are_refused() {
        let counts = row_counts(&Tally::default());
        let (header, footer) = (line(&header()), line(&Line::Footer { rows: counts.clone() }));
        assert!(outcome(&(header.clone() + &footer)).unwrap().is_empty());
        let table = |name: &str| line(&Line::Table { table: name.to_owned() });
        for rest in [
            String::new(),
            "[1]\n".to_owned() + &footer,
            table("keys") + "[1]\n" + &footer,
            table("nothing") + &footer,
            footer.clone() + &footer,
            footer.clone() + "x",
            table("keys") + "not JSON\n",
            table("keys") + "[1]",
        ] {
            assert!(matches!(outcome(&(header.clone() + &rest)), Err(Trouble::Damaged)), "{rest}");
        }
    }
}
