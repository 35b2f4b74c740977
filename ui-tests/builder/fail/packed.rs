//! A packed struct is built from fields that may be unaligned.
use nebula_memory::Builder;

#[derive(Builder)]
#[repr(C, packed(2))]
struct Options {
    a: u8,
    b: u64,
}

fn main() {
    let _ = Options::builder().a(1).b(2).build();
}
