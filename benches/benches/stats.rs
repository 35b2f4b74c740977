//! Statistics, a group per row. The rows are described in the README.

mod groups;

use criterion::{Criterion, criterion_group, criterion_main};

fn stats(criterion: &mut Criterion) {
    groups::add(criterion, nebula_memory_benches::stats::cases());
}

criterion_group! { name = benches; config = groups::short(); targets = stats }
criterion_main!(benches);
