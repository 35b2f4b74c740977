//! The user's items have the names of the prelude, or there is none.
#![allow(dead_code)]
mod shadow {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub trait Default {}
    pub trait Into {}
    pub trait Sized {}
    pub trait Drop {}
    pub trait FnOnce {}
    pub mod core {}
    pub mod std {}
    pub mod nebula_memory {}
    #[allow(non_camel_case_types)]
    pub struct usize;

    #[derive(::nebula_memory::Builder)]
    #[builder(check = check)]
    pub struct Item {
        pub a: ::core::primitive::u32,
        pub b: ::core::option::Option<u8>,
        #[builder(default)]
        pub c: u8,
        #[builder(into)]
        pub d: u64,
        #[builder(skip = 1)]
        pub e: u8,
        pub f: Option,
        pub g: String,
    }
    fn check(_: &Item) -> ::core::result::Result<(), ::nebula_memory::AllocError> {
        ::core::result::Result::Ok(())
    }
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::nebula_memory::Builder)]
    #[builder(check = Self::check)]
    pub struct Item {
        pub a: u32,
        pub b: ::core::option::Option<u8>,
        #[builder(default)]
        pub c: u8,
        #[builder(into)]
        pub d: u64,
    }
    impl Item {
        fn check(&self) -> ::core::result::Result<(), ::nebula_memory::AllocError> {
            ::core::result::Result::Ok(())
        }
    }
}

fn main() {
    let item = shadow::Item::builder().a(1).b(2).c(3).d(4u32).f(shadow::Option).g(shadow::String).build().unwrap();
    assert_eq!((item.a, item.b, item.c, item.d, item.e), (1, Some(2), 3, 4, 1));
    let item = bare::Item::builder().a(1).d(4u32).build().unwrap();
    assert_eq!((item.a, item.b, item.c, item.d), (1, None, 0, 4));
}
