//! What is configured away has no setter and is not required; the builder is as visible as the type.
#![allow(dead_code)]
mod inner {
    use nebula_memory::Builder;

    #[derive(Builder)]
    #[cfg_attr(all(), builder(start = new))]
    pub struct Public {
        a: u8,
        #[cfg(any())]
        gone: NoSuchType,
        #[cfg_attr(all(), builder(default = 2))]
        b: u8,
    }
    impl Public {
        pub fn sum(&self) -> u8 {
            self.a + self.b
        }
    }

    #[derive(Builder)]
    pub(super) struct Restricted {
        pub(super) a: u8,
    }

    #[derive(Builder)]
    #[cfg(any())]
    struct Gone {
        a: NoSuchType,
    }
}

use inner::*;

fn stored() -> (PublicBuilder, RestrictedBuilder) {
    (Public::new(), Restricted::builder())
}

fn main() {
    // A type of a function, in which another has the same fields.
    #[derive(nebula_memory::Builder)]
    struct Public {
        a: u8,
        b: u8,
    }
    let (public, restricted) = stored();
    assert_eq!(public.a(1).build().sum(), 3);
    assert_eq!(restricted.a(1).build().a, 1);
    let local = Public::builder().a(1).b(1).build();
    assert_eq!(local.a, local.b);
}
