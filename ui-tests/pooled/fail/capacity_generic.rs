//! A generic type has no static pool; the message says what to do.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Item<T> {
    a: T,
}
#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Borrowed<'a> {
    a: &'a str,
}

fn main() {
    let _ = Item::<u8>::builder().a(1).build();
    let _ = Borrowed::builder();
}
