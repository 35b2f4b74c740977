//! Modules, traits and fields called `diagnostic`, and fields called like the traits of others.
#![deny(warnings)]
#![allow(non_snake_case)]

use nebula_memory as memory;
use nebula_memory::{Builder, Pooled};

pub mod diagnostic {
    #[derive(nebula_memory::Pooled)]
    pub struct Request {
        pub diagnostic: u8,
    }
}

#[derive(Pooled)]
pub struct Request {
    pub a: u8,
    pub a_is_set: u8,
    pub a_is_unset: u8,
    pub diagnostic: u8,
    pub __fields: u8,
    pub r#type: u8,
    pub Set: u8,
    pub IsSet: u8,
}

// The path does not mean the same in a nested module.
#[derive(Builder)]
#[builder(crate = memory)]
pub struct Relative {
    pub a: u8,
    pub diagnostic: u8,
}

fn main() {
    mod diagnostic {}

    #[derive(Pooled)]
    #[pooled(crate = memory)]
    struct Local {
        a: u8,
    }

    let request = Request::builder().a(1).a_is_set(2).a_is_unset(3).diagnostic(4).__fields(5).r#type(6).Set(7).IsSet(8);
    let request = request.build();
    let sum = request.a + request.a_is_set + request.a_is_unset + request.diagnostic;
    assert_eq!(sum + request.__fields + request.r#type + request.Set + request.IsSet, 36);
    let relative = Relative::builder().a(1).diagnostic(2).build();
    assert_eq!((relative.a, relative.diagnostic, Local::builder().a(3).build().a), (1, 2, 3));
    assert_eq!(crate::diagnostic::Request::builder().diagnostic(1).build().diagnostic, 1);
}
