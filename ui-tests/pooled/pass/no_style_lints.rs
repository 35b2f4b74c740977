//! A field with an odd name: the warning is for the field, not for the setter.
#![deny(non_snake_case)]
use nebula_memory::Pooled;

#[derive(Pooled)]
#[allow(non_snake_case)]
struct Item {
    CamelCase: u32,
    other_Array: [u8; 2],
}

fn main() {
    let item = Item::builder().CamelCase(1).other_Array_with(|v| v.write([0; 2])).build();
    assert_eq!(item.CamelCase as usize + item.other_Array.len(), 3);
}
