//! What the threads of a profiled program share: names put into a table, sampled blocks handed over.

use loom::sync::Arc;
use loom::thread;
use nebula_memory::stats::profile_model::{Live, Table};

fn check(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(run);
}

#[test]
fn a_name_gets_one_place_whoever_puts_it_there() {
    check(|| {
        let table = Arc::new(Table::new());
        let places = [[7, 8], [8, 7]].map(|names| {
            let table = Arc::clone(&table);
            thread::spawn(move || names.map(|name| table.place(name, 3)))
        });
        let [[seven, eight], [other_eight, other_seven]] = places.map(|thread| thread.join().unwrap());
        assert_eq!((seven, eight), (other_seven, other_eight));
        assert!(seven.is_some() && eight.is_some() && seven != eight);
        let mut all = table.all();
        all.sort_unstable();
        assert_eq!(all, [7, 8]);
    });
}

#[test]
fn there_are_never_more_names_than_the_limit() {
    check(|| {
        let table = Arc::new(Table::new());
        let threads = [5, 6].map(|name| {
            let table = Arc::clone(&table);
            thread::spawn(move || table.place(name, 1).is_some())
        });
        let kept = threads.map(|thread| thread.join().unwrap());
        assert_eq!(kept.iter().filter(|&&kept| kept).count(), 1);
        assert_eq!(table.all().len(), 1);
    });
}

/// Blocks at three addresses, for two slots: one thread allocates and frees, another frees what the first has handed to it.
#[test]
fn a_sampled_block_is_found_by_who_frees_it() {
    check(|| {
        let live = Arc::new(Live::new());
        assert!(live.insert(0x10, 1));
        let freeing = {
            let live = Arc::clone(&live);
            thread::spawn(move || {
                assert_eq!(live.take(0x10), Some(1));
                assert_eq!(live.take(0x10), None);
                // The address is used again.
                if live.insert(0x10, 3) {
                    assert_eq!(live.take(0x10), Some(3));
                }
            })
        };
        if live.insert(0x20, 2) {
            assert_eq!(live.take(0x20), Some(2));
        }
        freeing.join().unwrap();
        assert_eq!((live.take(0x10), live.take(0x20)), (None, None));
        assert!(live.insert(0x10, 4) && live.insert(0x20, 5));
        assert!(!live.insert(0x30, 6));
    });
}
