//! The runtime crate under other names: renamed, and behind a facade.
extern crate nebula_memory as renamed;

mod facade {
    pub mod inner {
        pub use nebula_memory as memory;
    }
}

#[derive(renamed::Pooled)]
#[pooled(crate = renamed, capacity = 1)]
struct A {
    a: u32,
}

#[derive(facade::inner::memory::Pooled)]
#[pooled(crate = facade::inner::memory)]
struct B {
    b: Option<u32>,
}

#[derive(facade::inner::memory::Pooled)]
#[pooled(crate = crate::facade::inner::memory)]
struct C {
    c: u32,
}

macro_rules! wrapped {
    ($name:ident) => {
        #[derive($crate::facade::inner::memory::Pooled)]
        #[pooled(crate = $crate::facade::inner::memory, capacity = 1)]
        struct $name {
            value: u32,
        }
    };
}
wrapped!(D);

fn main() {
    assert_eq!(A::acquire().unwrap().a(1).finish().a, 1);
    assert_eq!(B::builder().b(1).build().b, Some(1));
    assert_eq!(C::builder().c(1).build().c, 1);
    assert_eq!(D::acquire().unwrap().value(1).finish().value, 1);
}
