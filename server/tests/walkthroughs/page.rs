//! The commands of a page.

use std::fs;

/// The shell commands of a page, block by block.
pub struct Page {
    name: &'static str,
    blocks: Vec<Block>,
}

struct Block {
    text: String,
    is_used: bool,
}

impl Page {
    /// Reads a page of `docs/`.
    pub fn read(name: &'static str) -> Self {
        let path = format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"));
        let (mut blocks, mut open) = (Vec::new(), None::<String>);
        for line in fs::read_to_string(path).unwrap().lines() {
            match (line.trim_start(), &mut open) {
                ("```sh", None) => open = Some(String::new()),
                ("```", Some(_)) => {
                    blocks.extend(open.take().map(|text| Block { text, is_used: false }));
                }
                (_, Some(text)) => {
                    text.push_str(line);
                    text.push('\n');
                }
                _ => {}
            }
        }
        Self { name, blocks }
    }

    /// The first block that was not used yet and contains this text.
    pub fn block(&mut self, part: &str) -> String {
        let name = self.name;
        let unused = self.blocks.iter_mut().filter(|block| !block.is_used);
        let block = unused.into_iter().find(|block| block.text.contains(part));
        let block = block.unwrap_or_else(|| panic!("{name} has no more commands with {part}"));
        block.is_used = true;
        block.text.clone()
    }

    /// Leaves out the first block that was not used yet and contains this text. `_reason` says why it cannot be
    /// followed here, for the reader of the test.
    pub fn not_here(&mut self, part: &str, _reason: &str) {
        self.block(part);
    }

    /// Every command of the page must have been followed.
    pub fn end(self) {
        let left: Vec<_> =
            self.blocks.iter().filter(|block| !block.is_used).map(|block| &block.text).collect();
        assert!(left.is_empty(), "nobody follows these commands of {}: {left:#?}", self.name);
    }
}
