//! `threading` is one of two words, and about the static pool.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1, threading = locl)]
struct Item {
    a: u64,
}

#[derive(Pooled)]
#[pooled(threading = local)]
struct NoPool {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, threading)]
struct NoWord {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, threading = "local")]
struct Quoted {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, threading = both)]
struct Unknown {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, threading = local)]
struct Generic<T> {
    a: T,
}

fn main() {
    let _ = (Item::acquire(), NoPool::builder(), NoWord::acquire(), Quoted::acquire(), Unknown::acquire());
    let _ = Generic::<u8>::builder();
}
