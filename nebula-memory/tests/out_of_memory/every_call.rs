//! Scenarios, and the heap that refuses each of their requests in turn.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

use nebula_memory::{AllocError, AllocErrorCode, AllocatorKind};

use crate::support::Drops;
use crate::support::heap::Counting;

/// What a scenario answers: whether it got all that it asked for.
pub(crate) type Outcome = Result<(), AllocError>;

/// Runs a scenario until nothing of it is refused: first all requests from the n-th on are, then the n-th alone.
#[track_caller]
pub(crate) fn every_call(scenario: impl Fn(&Counting, &Drops) -> Outcome) {
    for alone in [false, true] {
        let refuse = |heap: &Counting, n| {
            let field = if alone { &heap.refuses } else { &heap.left };
            field.set(Some(n));
        };
        let calls = (0..1000).step_by(if cfg!(miri) { 7 } else { 1 }).find(|&n| {
            let (heap, drops) = (Counting::default(), Drops::default());
            refuse(&heap, n);
            let outcome = scenario(&heap, &drops);
            assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0), "call {n}: a block was leaked");
            assert_eq!(drops.made(), drops.count(), "call {n}: a value was leaked, or dropped twice");
            if let Err(error) = outcome {
                assert_eq!(error.code(), AllocErrorCode::OutOfMemory, "call {n}: {error}");
                assert!(heap.refused.get() > 0, "call {n}: {error}");
            }
            heap.refused.get() == 0
        });
        assert_ne!(calls.expect("the scenario has an end"), 0, "the scenario allocates nothing");
    }
}

/// From now on nothing is refused.
pub(crate) fn allow(heap: &Counting) {
    heap.left.set(None);
    heap.refuses.set(None);
}

/// What panics with one of our errors, as an error. Any other panic goes on.
pub(crate) fn unwinding<T>(run: impl FnOnce() -> T) -> Result<T, AllocError> {
    quiet();
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        if !is_ours(&*payload) {
            resume_unwind(payload);
        }
        AllocError::out_of_memory(AllocatorKind::Custom, std::alloc::Layout::new::<()>())
    })
}

fn is_ours(payload: &(dyn Any + Send)) -> bool {
    payload
        .downcast_ref::<String>()
        .is_some_and(|text| text.contains("ALLOC_OUT_OF_MEMORY") && text.contains("💡"))
}

/// Panics that are expected, by the hundred, print nothing.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !is_ours(info.payload()) {
                others(info);
            }
        }));
    });
}
