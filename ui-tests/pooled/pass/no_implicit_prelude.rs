//! A module without a prelude.
mod bare {
    #![no_implicit_prelude]

    #[derive(::nebula_memory::Pooled)]
    #[pooled(capacity = 2)]
    pub struct Item {
        pub a: u32,
        pub b: ::core::option::Option<u8>,
        #[pooled(default)]
        pub c: u8,
        #[pooled(into)]
        pub d: u64,
        pub e: [u8; 4],
    }
}

fn main() {
    let item = bare::Item::acquire().unwrap().a(1).b(2).d(4u32).e_with(|e| e.write([5; 4])).finish();
    assert_eq!((item.a, item.b, item.c, item.d, item.e), (1, Some(2), 0, 4, [5; 4]));
}
