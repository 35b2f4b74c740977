//! Names that generated code might have, without a prelude, and from other macros.
#![deny(warnings)]
#![allow(dead_code)]

mod bare {
    #![no_implicit_prelude]

    #[derive(
        ::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash, ::nebula_memory::CacheKey,
    )]
    pub struct Item {
        pub __key: ::std::string::String,
        pub __other: ::core::option::Option<::std::vec::Vec<u8>>,
        pub __state: u8,
        pub __f: ::std::boxed::Box<str>,
        pub new: ::std::sync::Arc<u8>,
    }
}

mod shadowed {
    use nebula_memory as other;

    struct Option;
    struct Some;
    trait Clone {}
    trait Hash {}
    trait From {}
    trait Borrow {}

    macro_rules! key {
        ($vis:vis $name:ident $twin:ident, $field:ident: $ty:ty) => {
            #[derive(::core::clone::Clone, PartialEq, Eq, ::core::hash::Hash, other::CacheKey)]
            #[cache_key(name = $twin, crate = other, vis = $vis)]
            $vis struct $name<'key, __H> {
                $field: $ty,
                more: &'key [__H],
            }
        };
    }
    key!(pub(super) Key Parts, text: String);
}

fn main() {
    let item = bare::ItemRef::new("a", Some(&[1]), 2, "b", &3).to_key();
    assert!(bare::ItemRef::from(&item) == bare::ItemRef::new("a", Some(&[1]), 2, "b", &3));
    let _ = shadowed::Parts::<u8>::new("a", &[]);
}
