//! The configurations of docs/operate/scale.md, as operators copy them.

const PAGE: &str = include_str!("../../../docs/operate/scale.md");

/// The code block that begins with this line.
pub fn block(first_line: &str) -> String {
    let mut found = PAGE.split("```").skip(1).step_by(2).filter_map(|block| {
        let (_language, text) = block.split_once('\n')?;
        text.starts_with(first_line).then(|| text.to_owned())
    });
    found.next().unwrap_or_else(|| panic!("no code block begins with {first_line:?}"))
}

/// Replaces each text, which the block must contain exactly once.
pub fn replace(mut block: String, replacements: &[(&str, String)]) -> String {
    for (text, instead) in replacements {
        assert_eq!(block.matches(text).count(), 1, "{text:?} in {block}");
        block = block.replace(text, instead);
    }
    block
}

/// The settings of PostgreSQL on the page, as names and values.
pub fn postgres_settings() -> Vec<(String, String)> {
    let block = block("# postgresql.conf");
    let settings = block.lines().filter_map(|line| line.split_once(" = "));
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
