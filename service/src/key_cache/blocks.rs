//! Storage that grows one block at a time. A growing vector would copy its contents into twice the memory and leave
//! much of that empty.

/// A sequence of items that never move in memory.
pub(super) struct Blocks<T> {
    blocks: Vec<Vec<T>>,
}

/// Number of items in a block.
const BLOCK: usize = 2048;

impl<T> Blocks<T> {
    pub(super) fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        let Some((last, full)) = self.blocks.split_last() else { return 0 };
        full.len() * BLOCK + last.len()
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        let place = place as usize;
        self.blocks.get(place / BLOCK)?.get(place % BLOCK)
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        let place = place as usize;
        self.blocks.get_mut(place / BLOCK)?.get_mut(place % BLOCK)
    }

    pub(super) fn push(&mut self, thing: T) {
        if let Some(last) = self.blocks.last_mut().filter(|last| last.len() < BLOCK) {
            last.push(thing);
            return;
        }
        let mut block = Vec::with_capacity(BLOCK);
        block.push(thing);
        self.blocks.push(block);
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.blocks.iter_mut().flatten()
    }
}

/// Texts, each of them contiguous.
pub(super) struct Texts {
    blocks: Vec<Vec<u8>>,
    /// Total length of all texts in bytes.
    length: usize,
}

/// Bytes in a block. A longer text cannot be stored.
const TEXT_BLOCK: usize = 16 * 1024;

impl Texts {
    pub(super) fn new() -> Self {
        Self { blocks: Vec::new(), length: 0 }
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn get(&self, from: u32, length: usize) -> Option<&[u8]> {
        let from = from as usize;
        let begin = from % TEXT_BLOCK;
        self.blocks.get(from / TEXT_BLOCK)?.get(begin..begin + length)
    }

    /// Stores the parts as one text and returns its position. Returns `None` if the text is too long or no position is
    /// left.
    pub(super) fn push<const N: usize>(&mut self, parts: [&[u8]; N]) -> Option<u32> {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let has_room = |block: &Vec<u8>| block.len() + length <= TEXT_BLOCK;
        if length > TEXT_BLOCK {
            return None;
        }
        if !self.blocks.last().is_some_and(has_room) {
            self.blocks.push(Vec::with_capacity(TEXT_BLOCK));
        }
        let full = self.blocks.len() - 1;
        let last = self.blocks.last_mut()?;
        let from = u32::try_from(full * TEXT_BLOCK + last.len()).ok()?;
        for part in parts {
            last.extend_from_slice(part);
        }
        self.length += length;
        Some(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_positions() {
        let mut blocks = Blocks::new();
        for number in 0..5000_u32 {
            assert_eq!(blocks.len(), number as usize);
            blocks.push(number);
        }
        assert!((0..5000).all(|place| blocks.get(place) == Some(&place)));
        assert_eq!((blocks.get(5000), blocks.get(u32::MAX)), (None, None));
        for number in blocks.iter_mut() {
            *number += 1;
        }
        assert_eq!(blocks.get_mut(4999).copied(), Some(5000));
    }

    #[test]
    fn a_text_never_crosses_a_block() {
        let mut texts = Texts::new();
        let long = "x".repeat(TEXT_BLOCK - 10);
        let places = [long.as_str(), "0123456789a", "b"]
            .map(|text| (texts.push([text.as_bytes(), b"!"]), format!("{text}!")));
        for (place, text) in &places {
            assert_eq!(texts.get(place.unwrap(), text.len()), Some(text.as_bytes()));
        }
        assert_eq!(texts.length(), places.iter().map(|(_, text)| text.len()).sum::<usize>());
        assert_eq!(texts.push([&[0; TEXT_BLOCK], b"!"]), None);
        assert_eq!(texts.get(u32::MAX, 1), None);
    }
}
