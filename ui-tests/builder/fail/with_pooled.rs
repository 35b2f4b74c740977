//! A type takes one of the two derives: `Pooled` writes the builder of a plain value too.
use nebula_memory::{Builder, Pooled};

#[derive(Pooled, Builder)]
#[pooled(capacity = 1)]
struct Options {
    port: u16,
}

#[derive(Builder, Pooled)]
struct Others {
    #[builder(default)]
    #[pooled(default)]
    port: u16,
}

#[derive(Pooled, Builder)]
#[builder(check = |_| Ok(()))]
struct Checked {
    port: u16,
}

fn main() {
    let _ = Checked::builder().port(1).build().is_ok();
    let _ = Options::builder().port(1).build();
    let _ = Others::builder().build();
}
