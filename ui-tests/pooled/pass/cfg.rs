//! `cfg` on fields and on the type.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Fields {
    a: u32,
    #[cfg(any())]
    gone: u32,
    #[cfg(all())]
    there: u32,
    #[cfg_attr(all(), pooled(default = 7))]
    defaulted: u32,
    #[cfg_attr(any(), pooled(default))]
    required: u32,
}

#[cfg(any())]
#[derive(Pooled)]
struct Gone {
    a: Missing,
}

fn main() {
    let fields = Fields::builder().a(1).there(2).required(3).build();
    assert_eq!(fields.a + fields.there + fields.defaulted + fields.required, 13);
}
