//! `on_exhausted` is one of two words, and about the static pool.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1, on_exhausted = grow)]
struct Item {
    a: u64,
}

#[derive(Pooled)]
#[pooled(on_exhausted = heap)]
struct NoPool {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, on_exhausted)]
struct NoWord {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, on_exhausted = error)]
struct Heapless {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, on_exhausted = haep)]
struct Near {
    a: u64,
}

fn main() {
    let _ = (Item::acquire(), NoPool::builder(), NoWord::acquire());
    let _ = Near::acquire();
    let _: Result<HeaplessBuilder<nebula_memory::pooled::InPool<nebula_memory::StaticPool<Heapless>>>, _> =
        Heapless::acquire();
}
