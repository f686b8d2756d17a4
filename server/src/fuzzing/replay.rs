//! Runs the fuzz targets in the tests, without guidance: on all kept inputs, and on a number of inputs derived from
//! them. The derived inputs are the same in every run.

use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

/// The number of inputs derived for each target. `KEYSTEAD_TEST_INPUTS` overrides it.
const INPUTS: u64 = 20_000;
/// The longest derived input, in bytes.
const BYTES_MAX: usize = 4096;

macro_rules! targets {
    ($($name:ident)*) => {
        /// The names of all targets, sorted.
        const TARGETS: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                replay(stringify!($name), super::$name);
            }
        )*
    };
}

targets! {
    api_path body config_file credential cursor forwarded gateway_path gateway_rules idempotency if_match key next_page origin
    verify_body
}

#[test]
fn each_target_also_has_a_libfuzzer_program() {
    let mut given: Vec<_> =
        fs::read_dir(folder("fuzz_targets")).unwrap().map(|entry| entry.unwrap().path()).collect();
    given.sort();
    let names: Vec<_> = given.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, TARGETS);
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    for (name, path) in names.iter().zip(&given) {
        assert!(
            manifest.contains(&format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
        assert!(
            fs::read_to_string(path).unwrap().contains(&format!("server::fuzzing::{name}(data)")),
            "{name}"
        );
    }
}

fn replay(name: &str, target: fn(&[u8])) {
    let corpus = corpus(name);
    for input in &corpus {
        run(name, target, input);
    }
    let inputs = std::env::var("KEYSTEAD_TEST_INPUTS").map_or(INPUTS, |text| text.parse().unwrap());
    let mut random = Random(0x5EED);
    for _ in 0..inputs {
        run(name, target, &made_of(&corpus, &mut random));
    }
}

/// Reports an input that fails in a form that can be copied into a test.
fn run(name: &str, target: fn(&[u8]), input: &[u8]) {
    assert!(catch_unwind(|| target(input)).is_ok(), "{name} fails on b\"{}\"", input.escape_ascii());
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fuzz").join(name)
}

/// The kept inputs, sorted by file name, so that the order is the same everywhere.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = folder("corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A kept input with some changes.
fn made_of(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = random.one_of(corpus).clone();
    for _ in 0..=random.below(4) {
        change(&mut input, corpus, random);
    }
    input.truncate(BYTES_MAX);
    input
}

/// Bytes that have a meaning in some target, and some that have none in any.
const BYTES: &[u8] = b"\0\t\n \"#$%&'*+,-./0:;=?@[\\]_`{|}~aZ\x7F\x80\xC3\xFF";

fn change(input: &mut Vec<u8>, corpus: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = at + random.below(input.len() - at + 1).min(16);
    match random.below(7) {
        0 => input.insert(at, *random.one_of(BYTES)),
        1 => drop(input.drain(at..end)),
        2 => {
            let again = input[at..end].to_vec();
            input.splice(at..at, again);
        }
        3 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        4 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = *random.one_of(BYTES);
            }
        }
        _ => {
            let other = random.one_of(corpus);
            let from = random.below(other.len() + 1);
            let until = from + random.below(other.len() - from + 1);
            input.splice(at..end, other[from..until].iter().copied());
        }
    }
}

/// `SplitMix64`. It produces the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % end
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
