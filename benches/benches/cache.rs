//! Caches, a group per row. The rows are described in the README.

mod groups;

use criterion::{Criterion, criterion_group, criterion_main};

fn cache(criterion: &mut Criterion) {
    groups::add(criterion, nebula_memory_benches::cache::cases());
}

criterion_group! { name = benches; config = groups::short(); targets = cache }
criterion_main!(benches);
