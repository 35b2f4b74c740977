//! `reset` says how, of fields that have a value to begin with, in a static pool.
use nebula_memory::{Builder, Pooled};

#[derive(Pooled)]
#[pooled(capacity = 1, reset)]
struct NoField {
    a: Vec<u8>,
}

#[derive(Pooled)]
#[pooled(reset)]
struct NoPool {
    #[pooled(reset = clear)]
    a: Vec<u8>,
}

#[derive(Pooled)]
struct FieldAlone {
    #[pooled(reset = clear)]
    a: Vec<u8>,
}

#[derive(Pooled)]
#[pooled(capacity = 1, reset = keep)]
struct ValueAtTheType {
    #[pooled(reset = clear)]
    a: Vec<u8>,
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Fields {
    #[pooled(reset)]
    no_value: Vec<u8>,
    #[pooled(reset = "clear")]
    quoted: Vec<u8>,
    #[pooled(reset = 3)]
    number: u8,
    #[pooled(reset(keep))]
    list: Vec<u8>,
    #[pooled(reset = keep)]
    no_default: Vec<u8>,
    #[pooled(reset = Vec::clear)]
    no_default_either: Vec<u8>,
    #[pooled(required, reset = keep)]
    required: Option<u8>,
    #[pooled(rest = keep, default)]
    typo: u8,
}

#[derive(Pooled)]
#[pooled(capacity = 1, reset)]
struct Generic<T> {
    #[pooled(reset = clear)]
    a: Vec<T>,
}

#[derive(Builder)]
struct Options {
    #[builder(reset = clear)]
    a: Vec<u8>,
}

fn main() {
    let _ = (NoField::acquire(), NoPool::builder(), FieldAlone::builder(), ValueAtTheType::acquire());
    let _ = Fields::acquire().unwrap().no_default(vec![1_u8]).no_default_either(vec![1_u8]).required(None).finish();
    let _ = (Generic::<u8>::builder(), Options::builder());
}
