//! The user's items have the names of the prelude.
#![allow(dead_code)]
mod shadow {
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct Box;
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
    #[allow(non_camel_case_types)]
    pub struct u32;

    #[derive(::nebula_memory::Pooled)]
    #[pooled(capacity = 2)]
    pub struct Item {
        pub a: ::core::primitive::u32,
        pub b: ::core::option::Option<u8>,
        #[pooled(default)]
        pub c: u8,
        #[pooled(into)]
        pub d: u64,
        #[pooled(skip = 1)]
        pub e: u8,
        pub f: Option,
        pub g: String,
    }
}

fn main() {
    let item = shadow::Item::acquire().unwrap().a(1).b(2).c(3).d(4u32).f(shadow::Option).g(shadow::String).finish();
    assert_eq!((item.a, item.b, item.c, item.d, item.e), (1, Some(2), 3, 4, 1));
}
