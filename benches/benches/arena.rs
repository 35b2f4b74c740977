//! Arenas, a group per row. The rows are described in the README.

mod groups;

use criterion::{Criterion, criterion_group, criterion_main};

fn arena(criterion: &mut Criterion) {
    groups::add(criterion, nebula_memory_benches::arena::cases());
}

criterion_group! { name = benches; config = groups::short(); targets = arena }
criterion_main!(benches);
