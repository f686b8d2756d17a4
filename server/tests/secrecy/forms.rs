//! The encodings in which a secret could be stored somewhere.

use std::path::Path;

/// A secret to search for, with its name and all its encodings.
pub struct Needle {
    pub what: String,
    pub secret: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Needle {
    pub fn new(what: &str, secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let wide = |order: fn(u16) -> [u8; 2]| secret.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let third = secret.len() / 3;
        let mut forms = vec![
            ("as it is", bytes.to_vec()),
            ("its first two thirds", bytes[..2 * third].to_vec()),
            ("its last two thirds", bytes[third..].to_vec()),
            ("in lower case", secret.to_lowercase().into_bytes()),
            ("in upper case", secret.to_uppercase().into_bytes()),
            ("reversed", bytes.iter().rev().copied().collect()),
            ("hex", hex::encode(bytes).into_bytes()),
            ("HEX", hex::encode_upper(bytes).into_bytes()),
            ("UTF-16LE", wide(u16::to_le_bytes)),
            ("UTF-16BE", wide(u16::to_be_bytes)),
            ("percent-encoded", secret.replace('_', "%5F").into_bytes()),
        ];
        // The base64 encoding depends on the position of the secret within a group of three bytes. Letters that also
        // depend on the neighbouring bytes are left out.
        for skipped in 0..3 {
            let whole = &bytes[skipped..];
            let whole = &whole[..whole.len() / 3 * 3];
            forms.push(("base64", base64(whole, *b"+/")));
            forms.push(("base64url", base64(whole, *b"-_")));
        }
        Self { what: what.to_owned(), secret: secret.to_owned(), forms }
    }

    /// Whether these bytes contain the unencoded secret.
    pub fn is_plainly_in(&self, bytes: &[u8]) -> bool {
        bytes.windows(self.secret.len()).any(|part| part == self.secret.as_bytes())
    }
}

/// Searches for all encodings of several secrets in one pass.
pub struct Search<'a> {
    needles: &'a [Needle],
    /// For all values of three bytes, whether any encoding begins with them.
    begins: Vec<bool>,
}

impl<'a> Search<'a> {
    pub fn new(needles: &'a [Needle]) -> Self {
        let mut begins = vec![false; 1 << 24];
        for (_, form) in needles.iter().flat_map(|needle| &needle.forms) {
            begins[begin(form)] = true;
        }
        Self { needles, begins }
    }

    /// The secrets that these bytes contain, each with the encoding that was found.
    pub fn find<'s>(&'s self, bytes: &'s [u8]) -> impl Iterator<Item = (&'a Needle, &'static str)> + 's {
        let places = (0..bytes.len().saturating_sub(2)).filter(|place| self.begins[begin(&bytes[*place..])]);
        places.flat_map(|place| {
            let here = &bytes[place..];
            self.needles.iter().flat_map(move |needle| {
                let forms = needle.forms.iter().filter(|(_, form)| here.starts_with(form));
                forms.map(move |(name, _)| (needle, *name))
            })
        })
    }

    /// Checks that no file of a folder contains a secret.
    #[track_caller]
    pub fn assert_not_in_folder(&self, folder: &Path) {
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            self.assert_not_in(&path.display().to_string(), &std::fs::read(&path).unwrap());
            files += 1;
        }
        assert!(files > 0, "{}", folder.display());
    }

    /// Checks that these bytes contain no secret.
    #[track_caller]
    pub fn assert_not_in(&self, place: &str, bytes: &[u8]) {
        if let Some((needle, form)) = self.find(bytes).next() {
            panic!("{} is in {place}, {form}", needle.what);
        }
    }
}

fn begin(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2])
}

fn base64(bytes: &[u8], last_two: [u8; 2]) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letter = |six: u32| {
        let place = usize::try_from(six & 63).unwrap();
        letters.get(place).copied().unwrap_or_else(|| last_two[place - 62])
    };
    let groups =
        bytes.chunks_exact(3).map(|group| group.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)));
    groups.flat_map(|group| [18, 12, 6, 0].map(|shift| letter(group >> shift))).collect()
}

#[test]
fn a_secret_is_found_in_each_encoding() {
    let secret = "sk_live_0123456789abcdefghijABCDEFGHIJxy1a2B3c";
    let needles = [Needle::new("a secret", secret)];
    let search = Search::new(&needles);
    for (name, form) in &needles[0].forms {
        let lying = [b"...", form.as_slice(), b"..."].concat();
        assert!(search.find(&lying).any(|(_, found)| found == *name), "{name}");
    }
    assert_eq!(base64(b"Man", *b"+/"), b"TWFu");
    for before in ["", "a", "ab"] {
        let text = format!("{before}{secret}~~");
        let whole = &text.as_bytes()[..text.len() / 3 * 3];
        assert_eq!(search.find(&base64(whole, *b"+/")).next().unwrap().1, "base64", "{before}");
    }
    assert!(search.find(b"sk_live_01... sk_live_").next().is_none());
}
