//! Histograms as data: the extremes, and how often each bucket's smallest value was counted. Whatever is read, what comes of it is a
//! histogram: values are counted anew, and extremes are kept within the first and the last bucket.

use std::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Histogram;

#[derive(Serialize, Deserialize)]
#[serde(rename = "Histogram")]
struct Serial {
    min: u64,
    max: u64,
    buckets: Vec<(u64, u64)>,
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (min, max) = (self.min().unwrap_or(0), self.max().unwrap_or(0));
        let buckets = self.buckets().map(|(range, count)| (*range.start(), count)).collect();
        Serial { min, max, buckets }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Serial { min, max, buckets } = Serial::deserialize(deserializer)?;
        let mut histogram = Self::new();
        for (value, count) in buckets {
            histogram.record_many(value, count);
        }
        Ok(Self::from_counts(histogram.counts, min, max))
    }
}
