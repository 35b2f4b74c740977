//! Raw identifiers as names of the type, fields and setters.
#![allow(non_camel_case_types)]
use nebula_memory::Pooled;

#[derive(Pooled)]
struct r#type {
    r#fn: u8,
    r#match: Option<u8>,
    #[pooled(rename = r#loop)]
    plain: u8,
    r#gen: [u8; 1],
    r#ordinary: u8,
}

fn main() {
    let builder: typeBuilder = r#type::builder();
    let value = builder.r#fn(1).r#match(2).r#loop(3).gen_with(|g| g.write([4])).ordinary(5).build();
    assert_eq!((value.r#fn, value.r#match, value.plain, value.r#gen, value.ordinary), (1, Some(2), 3, [4], 5));
}
