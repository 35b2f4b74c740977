//! The builder is as visible as the type.
#![deny(private_interfaces)]
mod outer {
    pub mod inner {
        use nebula_memory::Pooled;

        #[derive(Pooled)]
        pub struct Public {
            pub a: u32,
            secret: Secret,
        }
        #[derive(Default)]
        struct Secret;
        impl Public {
            pub fn start() -> PublicBuilder {
                Public::builder()
            }
        }
        #[derive(Pooled)]
        pub(crate) struct Crate {
            pub(crate) a: u32,
        }
        #[derive(Pooled)]
        pub(super) struct Super {
            pub(super) a: u32,
        }
        #[derive(Pooled)]
        pub(in crate::outer) struct Within {
            pub(super) a: u32,
        }
        #[derive(Pooled)]
        struct Private {
            a: u32,
        }
        pub fn private() -> u32 {
            let _ = Public::start().secret(Secret);
            let builder: PrivateBuilder = Private::builder();
            builder.a(4).build().a
        }
    }
    pub fn sum() -> u32 {
        let builder: inner::SuperBuilder = inner::Super::builder();
        builder.a(1).build().a + inner::Within::builder().a(2).build().a
    }
}

fn main() {
    let builder: outer::inner::CrateBuilder = outer::inner::Crate::builder();
    assert_eq!(builder.a(3).build().a + outer::sum() + outer::inner::private(), 10);
    let _builder: outer::inner::PublicBuilder = outer::inner::Public::start();
}
