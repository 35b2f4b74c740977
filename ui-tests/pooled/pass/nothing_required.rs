//! Without required fields a builder can be finished at once.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Empty {}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Optional {
    a: Option<u8>,
    #[pooled(default)]
    b: String,
}

fn main() {
    let Empty {} = Empty::builder().build();
    let _empty = Empty::acquire().unwrap().finish();
    let optional = Optional::acquire().unwrap().finish();
    assert!(optional.a.is_none() && optional.b.is_empty());
}
