//! The attribute of the other derive.
use nebula_memory::{Builder, Pooled};

#[derive(Pooled)]
#[builder(capacity = 4)]
struct Slot {
    #[builder(default)]
    a: u8,
}

#[derive(Builder)]
#[pooled(check = |_| Ok(()))]
struct Options {
    #[pooled(default)]
    a: u8,
}

#[derive(Builder)]
struct Field {
    #[pooled(default)]
    a: u8,
}

#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Mixed {
    #[builder(default)]
    a: u8,
}

fn main() {
    let _ = Slot::acquire().unwrap().finish();
    let _ = Options::builder().build().is_ok();
    let _ = Mixed::acquire().unwrap().finish();
}
