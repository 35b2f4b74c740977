//! Both derives, in attributes of their own.
#[derive(nebula_memory::Pooled)]
#[derive(nebula_memory::Builder)]
struct Options {
    port: u16,
}

use nebula_memory::{Builder, Pooled};

#[derive(Builder)]
#[derive(Clone, Pooled)]
struct Others {
    port: u16,
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
#[derive(Builder)]
struct Attributes {
    port: u16,
}

#[derive(Builder)]
#[builder(builder = Maker)]
#[derive(Pooled)]
struct Named {
    port: u16,
}

fn main() {
    let _ = Options::builder().port(1).build();
    let _ = Others::builder().port(1).build();
    let _ = Attributes::builder().port(1).build();
    let _ = Named::builder().port(1).build();
}
