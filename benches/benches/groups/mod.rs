//! Cases as criterion groups: one per row, all contenders in it.

use std::time::Duration;

use criterion::{Criterion, Throughput};
use nebula_memory_benches::Case;
use nebula_memory_benches::case::rows;

/// Short, so that all groups together take a few minutes.
pub(crate) fn short() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800))
        .sample_size(40)
        .nresamples(5_000)
}

/// Benches every case in the group of its row; an iteration is a round.
pub(crate) fn add(criterion: &mut Criterion, mut cases: Vec<Case>) {
    for row in rows(&mut cases) {
        let mut group = criterion.benchmark_group(row[0].row);
        for case in row {
            group.throughput(Throughput::Elements(case.operations));
            group.bench_function(case.contender, |bencher| {
                bencher.iter_custom(|rounds| case.run(rounds));
            });
        }
        group.finish();
    }
}
