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

    #[derive(
        ::core::clone::Clone, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash, ::nebula_memory::CacheKey,
    )]
    pub enum Kind {
        Option { __key: ::std::string::String, __part_0: u8 },
        Some(::std::boxed::Box<str>, ::std::vec::Vec<u8>),
        Copy,
    }
}

mod styled {
    #[derive(Clone, PartialEq, Eq, Hash, nebula_memory::CacheKey)]
    #[allow(nonstandard_style)]
    pub struct key {
        pub Text: String,
        #[deprecated]
        pub OldText: String,
    }

    #[derive(Clone, PartialEq, Eq, Hash, nebula_memory::CacheKey)]
    #[allow(nonstandard_style)]
    pub enum kind {
        text { Text: String },
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

    macro_rules! kinds {
        ($vis:vis $name:ident $twin:ident, $($variant:ident($ty:ty) = $number:expr),*) => {
            #[derive(::core::clone::Clone, PartialEq, Eq, ::core::hash::Hash, other::CacheKey)]
            #[cache_key(name = $twin, crate = other, vis = $vis)]
            #[repr(u16)]
            $vis enum $name<'key, __H> {
                $($variant($ty) = $number,)*
                Hash { more: &'key [__H], key: u8 } = FIRST + 2,
            }
        };
    }
    const FIRST: u16 = 700;
    kinds!(pub(super) Kinds KindParts, Option(String) = FIRST, Borrow(Vec<u8>) = FIRST + 1);
}

fn main() {
    let item = bare::ItemRef::new("a", Some(&[1]), 2, "b", &3).to_key();
    assert!(bare::ItemRef::from(&item) == bare::ItemRef::new("a", Some(&[1]), 2, "b", &3));
    let _ = shadowed::Parts::<u8>::new("a", &[]);
    assert_eq!(styled::keyRef::new("a", "b").Text, "a");
    assert!(styled::kindRef::text { Text: "a" } == styled::kindRef::from(&styled::kind::text { Text: "a".into() }));
    for kind in [
        bare::KindRef::Option { __key: "a", __part_0: 1 },
        bare::KindRef::Some("a", &[1]),
        bare::KindRef::Copy,
    ] {
        assert!(bare::KindRef::from(&kind.to_key()) == kind);
    }
    let text = shadowed::Kinds::<u8>::Option(String::from("a"));
    assert!(shadowed::KindParts::from(&text) == shadowed::KindParts::Option("a"));
    let _ = [shadowed::KindParts::Hash { more: &[1_u8], key: 2 }, shadowed::KindParts::Borrow(&[])];
}
