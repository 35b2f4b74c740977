//! The derive is silent about a deprecated field.
#![deny(deprecated)]
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    a: u32,
    #[deprecated]
    b: Option<u32>,
    #[deprecated(note = "c is gone")]
    #[pooled(default)]
    c: Vec<u8>,
}

#[deprecated]
#[derive(Pooled)]
#[allow(dead_code)]
struct Old {
    a: u32,
}

fn main() {
    assert_eq!(Item::builder().a(1).build().a, 1);
}
