//! Both derives in one module; the attributes of one mean nothing to the other.
use nebula_memory::{Builder, Pooled};

#[derive(Builder, Clone)]
struct Options {
    limit: u8,
    finish: Option<u8>,
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Object {
    limit: u8,
    options: Options,
}

fn main() {
    let options = Options::builder().limit(1).finish(2).build();
    let object = Object::acquire().unwrap().options(options.clone()).limit(options.limit).finish();
    assert_eq!((object.limit, object.options.finish), (1, Some(2)));
}
