//! A pool that is larger than it may be: the message says how large it is.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1000, max_bytes = 4 * nebula_memory::KIB)]
struct Item {
    a: [u64; 8],
}

#[derive(Pooled)]
#[pooled(max_bytes = 4096)]
struct NoPool {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, max_bytes = "4k")]
struct NotANumber {
    a: u64,
}

fn main() {
    let _ = Item::acquire();
    let _ = NotANumber::acquire();
}
