//! Fields with the names that generated code uses.
use nebula_memory::Pooled;

#[derive(Pooled, Default)]
struct Names {
    value: u8,
    self_: u8,
    pool: u8,
    slot: u8,
    raw: u8,
    state: u8,
    ptr: u8,
    mask: u8,
    init: u8,
    partial: u8,
    unfilled: Option<u8>,
    __nebula: u8,
    __fields: u8,
    builder: u8,
    acquire: u8,
    build_in: u8,
    u32: u32,
    usize: usize,
}

fn main() {
    let names = Names::builder()
        .value(1)
        .self_(1)
        .pool(1)
        .slot(1)
        .raw(1)
        .state(1)
        .ptr(1)
        .mask(1)
        .init(1)
        .partial(1)
        .unfilled(1)
        .__nebula(1)
        .__fields(1)
        .builder(1)
        .acquire(1)
        .build_in(1)
        .u32(1)
        .usize(1)
        .build();
    assert_eq!(names.u32 + u32::from(names.value) + u32::from(names.partial), 3);
}
