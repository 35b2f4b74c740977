//! `stats` is a key without a value, about the static pool; without it there is nothing to ask.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(stats)]
struct NoPool {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, stats = on)]
struct Value {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, stat)]
struct Typo {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Silent {
    a: u64,
}

fn main() {
    let _ = (NoPool::builder(), Value::acquire(), Typo::acquire());
    let _ = Silent::pool().stats();
}
