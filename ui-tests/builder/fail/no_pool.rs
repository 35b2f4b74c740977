//! There is no pool, and so one way to finish.
use nebula_memory::{Builder, FixedPool};

#[derive(Builder)]
struct Options {
    port: u16,
    bytes: [u8; 64],
}

fn main() {
    let pool = FixedPool::<Options, 1>::new();
    let _ = Options::build_in(&pool);
    let _ = Options::builder().port(1).bytes([0; 64]).finish();
    let _ = Options::builder().bytes_with(|bytes| bytes.write([0; 64]));
}
