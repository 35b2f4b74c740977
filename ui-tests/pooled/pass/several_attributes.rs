//! Several attributes on one item are one; other derives and their attributes stay out of the way.
use nebula_memory::Pooled;

#[derive(Debug, Clone, Pooled, PartialEq, Default)]
#[pooled(capacity = 2)]
#[repr(C)]
#[pooled(align = 128, builder = Assembly)]
#[doc(alias = "thing")]
struct Item {
    #[pooled(into)]
    #[allow(dead_code)]
    #[pooled(default = 4)]
    #[doc = "Docs"]
    a: u64,
}

fn main() {
    let assembly: Assembly<_> = Item::acquire().unwrap();
    let item = assembly.a(1_u8).finish();
    assert_eq!(*item, Item { a: 1 });
    assert_eq!(&raw const *item as usize % 128, 0);
    assert_eq!(<Item as Pooled>::SLOT_SIZE, 128);
}
