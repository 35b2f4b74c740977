//! The runtime crate under other names: renamed, and behind a facade.
extern crate nebula_memory as renamed;

mod facade {
    pub mod inner {
        pub use nebula_memory as memory;
    }
}

#[derive(renamed::Builder)]
#[builder(crate = renamed, check = |_| Ok(()))]
struct A {
    a: u32,
}

#[derive(facade::inner::memory::Builder)]
#[builder(crate = crate::facade::inner::memory)]
struct B {
    b: Option<u32>,
}

macro_rules! wrapped {
    ($name:ident, $check:path, $error:ty, $field:ident: $ty:ty = $default:expr) => {
        #[derive($crate::facade::inner::memory::Builder)]
        #[builder(crate = $crate::facade::inner::memory, check = $check, error = $error)]
        struct $name {
            value: u32,
            #[builder(default = $default)]
            $field: $ty,
            optional: Option<$ty>,
        }
    };
}
fn fits(value: &C) -> Result<(), std::string::String> {
    if value.value > u32::from(value.tries) { Err("does not fit".into()) } else { Ok(()) }
}
wrapped!(C, fits, std::string::String, tries: u8 = 3);

fn main() {
    assert_eq!(A::builder().a(1).build().unwrap().a, 1);
    assert_eq!(B::builder().b(1).build().b, Some(1));
    let c = C::builder().value(1).optional(2).build().unwrap();
    assert_eq!((c.tries, c.optional), (3, Some(2)));
    assert!(C::builder().value(4).build().is_err());
}
