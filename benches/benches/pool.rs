//! Pools, a group per row. The rows are described in the README.

mod groups;

use criterion::{Criterion, criterion_group, criterion_main};

fn pool(criterion: &mut Criterion) {
    groups::add(criterion, nebula_memory_benches::pool::cases());
}

criterion_group! { name = benches; config = groups::short(); targets = pool }
criterion_main!(benches);
