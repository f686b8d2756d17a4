//! Pages of lists: how many records at once.

/// Most records of a page, whatever is asked for.
pub const PAGE_SIZE_MAX: u32 = 1000;

/// How many records a page has: 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "u32", into = "u32")]
pub struct PageSize(u32);

impl PageSize {
    /// The sizes that the console offers.
    pub const OFFERED: &'static [u32] = &[25, 50, 100, 200];

    /// A size, held to 1 to 1000.
    pub fn new(records: u32) -> Self {
        Self(records.clamp(1, PAGE_SIZE_MAX))
    }

    /// The number of records.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(50)
    }
}

impl From<u32> for PageSize {
    fn from(records: u32) -> Self {
        Self::new(records)
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> Self {
        size.0
    }
}
