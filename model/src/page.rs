//! The page size of lists.

/// The most records on one page, whatever the client requests.
pub const PAGE_SIZE_MAX: u32 = 1000;

/// The number of records on a page: 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "u32", into = "u32")]
pub struct PageSize(u32);

impl PageSize {
    /// The sizes that the console offers.
    pub const OFFERED: &'static [u32] = &[25, 50, 100, 200];

    /// Clamps the size to 1 to 1000.
    pub fn new(records: u32) -> Self {
        Self(records.clamp(1, PAGE_SIZE_MAX))
    }

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
