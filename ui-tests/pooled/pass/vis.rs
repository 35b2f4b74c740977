//! The builder may be seen by fewer than the type, or by more.
#![deny(warnings)]
mod inner {
    use nebula_memory::{Builder, Pooled};

    #[derive(Pooled)]
    #[pooled(capacity = 1, vis = pub(crate))]
    pub struct Item {
        pub a: u64,
    }

    #[derive(Builder)]
    #[builder(vis = pub(super), start = options)]
    pub struct Options {
        pub a: u64,
    }

    #[derive(Builder)]
    #[builder(vis = pub)]
    pub struct Open(pub u64);
}

macro_rules! with_vis {
    ($vis:vis, $name:ident) => {
        #[derive(nebula_memory::Builder)]
        #[builder(vis = $vis)]
        pub struct $name {
            a: u8,
        }
    };
}
with_vis!(pub(crate), Made);

fn main() {
    assert_eq!(inner::Item::acquire().unwrap().a(1).finish().a, 1);
    assert_eq!(inner::Options::options().a(1).build().a, 1);
    assert_eq!(inner::Open::builder()._0(1).build().0, 1);
    assert_eq!(Made::builder().a(1).build().a, 1);
}
