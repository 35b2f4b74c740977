use crate::stats::{AllocatorEntry, AllocatorStats};

/// What monitoring systems are told of each allocator.
pub(in crate::stats) struct Family {
    pub(in crate::stats) name: &'static str,
    /// What a value is called: of what is counted, with `_total`.
    pub(in crate::stats) sample: &'static str,
    pub(in crate::stats) help: &'static str,
    /// Whether it only grows.
    pub(in crate::stats) counts: bool,
    read: fn(&AllocatorStats) -> Option<u64>,
}

impl Family {
    /// The unit of its values, which is the last word of its name.
    pub(in crate::stats) fn unit(&self) -> Option<&'static str> {
        self.name.ends_with("_bytes").then_some("bytes")
    }

    /// The value, of those that have one.
    pub(in crate::stats) fn value(&self, entry: &AllocatorEntry) -> Option<u64> {
        (self.read)(&entry.stats)
    }
}

macro_rules! families {
    (@sample counter $name:literal) => { concat!($name, "_total") };
    (@sample gauge $name:literal) => { $name };
    (@counts counter) => { true };
    (@counts gauge) => { false };
    ($($kind:ident $name:literal, $help:literal, |$stats:ident| $value:expr;)*) => {
        pub(in crate::stats) const FAMILIES: &[Family] = &[$(Family {
            name: $name,
            sample: families!(@sample $kind $name),
            help: $help,
            counts: families!(@counts $kind),
            read: |$stats| $value,
        }),*];
    };
}

families! {
    counter "nebula_memory_allocations", "Blocks allocated, or objects handed out.", |stats| Some(stats.allocations);
    counter "nebula_memory_deallocations", "Blocks given back, or objects returned.", |stats| Some(stats.deallocations);
    counter "nebula_memory_resizes", "Blocks made larger or smaller.", |stats| Some(stats.resizes);
    counter "nebula_memory_refused", "Requests refused.", |stats| Some(stats.refused);
    counter "nebula_memory_allocated_bytes", "Bytes allocated in all.", |stats| Some(stats.bytes);
    gauge "nebula_memory_in_use_bytes", "Bytes in use.", |stats| Some(stats.in_use);
    gauge "nebula_memory_peak_bytes", "Bytes in use at most.", |stats| Some(stats.peak);
    gauge "nebula_memory_capacity_bytes", "Bytes that there may be in use.", |stats| stats.capacity;
    counter "nebula_memory_hits", "Look-ups that found what they wanted.", |stats| stats.hits;
    counter "nebula_memory_misses", "Look-ups that did not find what they wanted.", |stats| stats.misses;
    counter "nebula_memory_evictions", "Entries that had to go for want of room or time.", |stats| stats.evictions;
}
