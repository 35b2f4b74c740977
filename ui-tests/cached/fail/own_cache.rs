//! Caches of the user's own that do not do what is asked of them.
use nebula_memory::cache::SharedCache;
use nebula_memory::cache::layers::{ComputeCache, DedupCache};
use nebula_memory::cached;
use std::sync::LazyLock;

static PLAIN: LazyLock<SharedCache<String, u32>> = LazyLock::new(|| SharedCache::new(10));
static THREADS: LazyLock<DedupCache<String, u32>> = LazyLock::new(|| DedupCache::new(10));

#[cached(cache = PLAIN, single_flight)]
fn no_layer(text: &str) -> u32 {
    text.len() as u32
}

static EACH: LazyLock<ComputeCache<String, u32>> = LazyLock::new(|| ComputeCache::new(10));

// Each thread would compute for itself.
#[cached(cache = EACH, single_flight)]
fn another_layer(text: &str) -> u32 {
    text.len() as u32
}

#[cached(cache = THREADS, single_flight)]
async fn not_for_tasks(text: &str) -> u32 {
    text.len() as u32
}

fn main() {
    let _ = (no_layer("a"), another_layer("a"), not_for_tasks("a"));
}
