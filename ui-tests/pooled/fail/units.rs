//! Bytes have units, a number of values has none.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 4 KiB)]
struct Counted {
    a: u8,
}

#[derive(Pooled)]
#[pooled(capacity: 4)]
struct Colon {
    #[pooled(default: 3)]
    a: u8,
}

#[derive(Pooled)]
#[pooled(4)]
struct Alone {
    a: u8,
}

fn main() {
    let _ = (Counted::acquire(), Colon::acquire(), Alone::acquire());
}
