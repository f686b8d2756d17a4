//! Measures verifications: their speed compared with HTTP alone and with competitors, the time after a start, and
//! memory.

mod builds;
mod contest;
mod latency;
mod memory;
mod revoke;
mod shots;
mod warm_up;

use crate::Result;
use crate::setting::Setting;
use crate::table::Row;

pub use builds::measure as measure_builds;
pub use memory::start_filled;

pub async fn measure(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = memory::measure(setting).await?;
    rows.extend(contest::measure(setting).await?);
    rows.extend(latency::measure(setting).await?);
    rows.extend(revoke::measure(setting).await?);
    Ok(rows)
}
