//! A type with a destructor of its own is not reset field by field.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1, reset)]
struct Session {
    #[pooled(reset = clear)]
    a: Vec<u8>,
}

impl Drop for Session {
    fn drop(&mut self) {}
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct FieldsOnly {
    id: u8,
    #[pooled(reset = keep, default)]
    count: u64,
}

impl Drop for FieldsOnly {
    fn drop(&mut self) {}
}

fn main() {
    let _ = (Session::acquire(), FieldsOnly::acquire());
}
