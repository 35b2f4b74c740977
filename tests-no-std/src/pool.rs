//! [`FixedPool`](nebula_memory::FixedPool) for one thread, in the caller's frame.

use core::cell::Cell;

use nebula_memory::{AllocErrorCode, LocalFixedPool, PoolBox, Pooled};

/// Counts how often it is dropped.
#[derive(Pooled)]
struct Frame<'a> {
    id: u8,
    #[pooled(default = 64)]
    length: u16,
    reply_to: Option<u8>,
    dropped: Counter<'a>,
}

struct Counter<'a>(&'a Cell<u32>);

impl Drop for Counter<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// Slots come back, values are dropped once, builders write in place.
///
/// # Panics
/// If anything is not as it should be.
pub fn on_the_stack() {
    let drops = Cell::new(0);
    let pool = LocalFixedPool::<Frame<'_>, 2>::new();

    let first = Frame::build_in(&pool).expect("two slots are free").id(1).dropped(Counter(&drops)).finish();
    let second = pool
        .alloc_with(|| Frame { id: 2, length: 8, reply_to: Some(1), dropped: Counter(&drops) })
        .expect("one slot is free");
    assert_eq!((first.id, first.length, first.reply_to), (1, 64, None));
    assert_eq!((second.id, second.length, second.reply_to), (2, 8, Some(1)));

    let error = Frame::build_in(&pool).map(drop).expect_err("no slot is free");
    assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
    drop(first);
    assert_eq!((drops.get(), pool.available()), (1, 1));

    // A builder that is given up drops what was set and gives the slot back.
    drop(Frame::build_in(&pool).expect("one slot is free").dropped(Counter(&drops)));
    assert_eq!((drops.get(), pool.available()), (2, 1));

    let Frame { id, .. } = PoolBox::into_inner(second);
    assert_eq!((id, drops.get(), pool.in_use()), (2, 3, 0));
}
