//! Whatever is called `diagnostic`, the compiler's attribute is found, or not asked for.
#![deny(warnings)]

extern crate core as diagnostic;

use nebula_memory::{Builder, Pooled};

#[derive(Pooled)]
#[pooled(no_implicit_prelude)]
pub struct BesideTheCrate {
    pub diagnostic: u8,
}

#[derive(Builder)]
#[builder(no_implicit_prelude)]
pub struct Options {
    pub diagnostic: u8,
}

fn main() {
    mod bare {
        #![no_implicit_prelude]

        #[derive(::nebula_memory::Pooled)]
        #[pooled(no_implicit_prelude)]
        pub struct Item {
            pub a: u8,
        }
    }

    assert_eq!(BesideTheCrate::builder().diagnostic(1).build().diagnostic, 1);
    assert_eq!(Options::builder().diagnostic(1).build().diagnostic, 1);
    assert_eq!(bare::Item::builder().a(1).build().a, 1);
}
