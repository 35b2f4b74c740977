//! The same in a cache whose entries live for an hour: all of them, or each for itself.

use super::contender::expiring;
use super::exclusive::{Size, get_hit, insert_evict, mixed};
use crate::case::Case;

/// None is over before the end: what is measured is what it takes that it might be.
const SIZE: Size = Size {
    rows: ["cache/expiry-get-hit", "cache/expiry-insert-evict", "cache/expiry-mixed"],
    capacity: 100_000,
    requests: 500_000,
    long: true,
};

pub(super) fn add(cases: &mut Vec<Case>) {
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(get_hit::<$($cache)*>(SIZE)); };
    }
    expiring!(add);
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(insert_evict::<$($cache)*>(SIZE)); };
    }
    expiring!(add);
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(mixed::<$($cache)*>(SIZE)); };
    }
    expiring!(add);
}
