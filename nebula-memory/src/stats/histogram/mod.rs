//! How values are distributed.
//!
//! * `buckets`: which values count as one; `coarse`: [`Bucket`], for charts
//! * `exclusive`: [`Histogram`], and what can be said of it
//! * `serial`: it as data, with the feature `serde`
//! * `shared`: [`SharedHistogram`], that many threads record in
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two threads write one page | a page belongs to the number of a thread, which one living thread has; threads without one add in single steps |
//! | a value is counted beyond the last bucket | what is unchecked lies between the smallest and the largest value, and there are buckets for those before they are noted, also when they are read from data |
//! | a page that goes while somebody records | pages live as long as their histogram |

mod buckets;
mod coarse;
mod exclusive;
#[cfg(feature = "serde")]
mod serial;
mod shared;

pub use coarse::Bucket;
pub use exclusive::{Histogram, HistogramStats};
pub use shared::SharedHistogram;
