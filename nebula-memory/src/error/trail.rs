//! The trail of an error: the names of the scopes that were open when it was made.
//!
//! Names are pushed on a per-thread stack of fixed size. An error holds only the number of an entry in
//! one table of the process, because it must stay `Copy`, small, and free of heap memory. Equal trails
//! share an entry, so a loop that fails again and again takes one; when the table is full the oldest
//! entry is overwritten, and an error that still names it prints no trail rather than a wrong one.

use core::fmt;

/// What an error remembers of the scopes it was made in; without `std` nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trail(#[cfg(feature = "std")] Option<table::Ticket>);

#[cfg(not(feature = "std"))]
impl Trail {
    pub(crate) fn here() -> Self {
        Self()
    }

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the same face as with `std`")]
    pub(crate) fn describe(self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

#[cfg(feature = "std")]
impl Trail {
    /// The trail of this thread, now.
    pub(crate) fn here() -> Self {
        let names = stack::current();
        Self(if names.depth() == 0 { None } else { Some(table::insert(names)) })
    }

    pub(crate) fn describe(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.and_then(table::find) {
            Some(names) => writeln!(f, "   In: {names}"),
            None => Ok(()),
        }
    }
}

#[cfg(feature = "std")]
pub use stack::AllocContext;

#[cfg(feature = "std")]
mod stack {
    use core::cell::Cell;
    use core::fmt;
    use core::marker::PhantomData;

    /// As many names as are kept; of a deeper trail the outermost are.
    const KEPT: usize = 8;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) struct Names {
        depth: usize,
        names: [&'static str; KEPT],
    }

    impl Names {
        pub(super) const NONE: Self = Self { depth: 0, names: [""; KEPT] };

        pub(super) const fn depth(&self) -> usize {
            self.depth
        }
    }

    impl fmt::Display for Names {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let kept = self.depth.min(KEPT);
            for (index, name) in self.names[..kept].iter().enumerate() {
                f.write_str(if index == 0 { "" } else { " › " })?;
                f.write_str(name)?;
            }
            if self.depth > kept { write!(f, " › … ({} more)", self.depth - kept) } else { Ok(()) }
        }
    }

    std::thread_local! {
        static OPEN: Cell<Names> = const { Cell::new(Names::NONE) };
    }

    /// The names that are open on this thread.
    pub(super) fn current() -> Names {
        OPEN.try_with(Cell::get).unwrap_or(Names::NONE)
    }

    /// A name on the trail of this thread, for as long as the guard lives.
    ///
    /// Errors made meanwhile print it with `{:#}`. Leaking the guard leaves the name until the guard
    /// of an outer one is dropped.
    ///
    /// ```
    /// use nebula_memory::{AllocContext, BumpAllocator};
    ///
    /// let block = BumpAllocator::new(16);
    /// let _request = AllocContext::enter("request");
    /// let error = {
    ///     let _parse = AllocContext::enter("parse");
    ///     block.try_alloc([0_u64; 9]).unwrap_err()
    /// };
    /// assert!(format!("{error:#}").contains("In: request › parse"));
    /// ```
    #[must_use = "the name is on the trail only as long as this guard lives"]
    pub struct AllocContext {
        outer: usize,
        /// The trail belongs to this thread.
        not_send: PhantomData<*const ()>,
    }

    impl AllocContext {
        /// Pushes `name` on this thread's trail.
        pub fn enter(name: &'static str) -> Self {
            let mut open = current();
            let outer = open.depth;
            if let Some(place) = open.names.get_mut(outer) {
                *place = name;
            }
            open.depth += 1;
            set(open);
            Self { outer, not_send: PhantomData }
        }
    }

    impl Drop for AllocContext {
        fn drop(&mut self) {
            let mut open = current();
            // An outer guard that was dropped first has cut the trail already.
            open.depth = open.depth.min(self.outer);
            // What lies above is blank, so that equal trails are equal values.
            let kept = open.depth.min(KEPT);
            open.names[kept..].fill("");
            set(open);
        }
    }

    /// On a thread that is ending there is no trail any more, and nobody left to read it.
    fn set(open: Names) {
        let _ = OPEN.try_with(|cell| cell.set(open));
    }
}

#[cfg(feature = "std")]
mod table {
    use std::sync::{Mutex, PoisonError};

    use super::stack::Names;

    const ENTRIES: usize = 64;

    /// Entry and generation in the table of trails.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) struct Ticket {
        entry: u16,
        generation: u16,
    }

    struct Table {
        entries: [(Names, u16); ENTRIES],
        next: usize,
    }

    static TABLE: Mutex<Table> = Mutex::new(Table { entries: [(Names::NONE, 0); ENTRIES], next: 0 });

    #[expect(clippy::cast_possible_truncation, reason = "an index below ENTRIES")]
    pub(super) fn insert(names: Names) -> Ticket {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = table.entries.iter().position(|known| known.0 == names).unwrap_or_else(|| {
            let oldest = table.next;
            table.next = (oldest + 1) % ENTRIES;
            let generation = table.entries[oldest].1.wrapping_add(1);
            table.entries[oldest] = (names, generation);
            oldest
        });
        Ticket { entry: entry as u16, generation: table.entries[entry].1 }
    }

    pub(super) fn find(ticket: Ticket) -> Option<Names> {
        let table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        let (names, generation) = table.entries[usize::from(ticket.entry)];
        (generation == ticket.generation).then_some(names)
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use core::alloc::Layout;
    use std::format;
    use std::string::String;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use crate::error::{AllocContext, AllocError, AllocatorKind};

    /// The table of trails is the process's: a test that fills it must not run beside one that counts on it.
    static ALONE: Mutex<()> = Mutex::new(());

    fn alone() -> MutexGuard<'static, ()> {
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail() -> AllocError {
        AllocError::out_of_memory(AllocatorKind::Custom, Layout::new::<u64>())
    }

    fn trail(error: AllocError) -> Option<String> {
        let text = format!("{error:#}");
        text.lines().find_map(|line| line.strip_prefix("   In: ").map(String::from))
    }

    #[test]
    fn is_kept_after_the_scopes_are_left_and_on_another_thread() {
        let _alone = alone();
        let error = {
            let _outer = AllocContext::enter("outer");
            let _inner = AllocContext::enter("inner");
            fail()
        };
        assert_eq!(trail(fail()), None);
        assert_eq!(trail(error).as_deref(), Some("outer › inner"));
        let elsewhere = std::thread::spawn(move || (trail(error), trail(fail()))).join().unwrap();
        assert_eq!(elsewhere, (Some(String::from("outer › inner")), None));
        assert!(!format!("{error}").contains("In:"));
    }

    #[test]
    fn survives_guards_that_are_leaked_or_dropped_out_of_order() {
        let _alone = alone();
        let outer = AllocContext::enter("outer");
        let inner = AllocContext::enter("inner");
        drop(outer);
        assert_eq!(trail(fail()), None);
        drop(inner);
        assert_eq!(trail(fail()), None);
        let outer = AllocContext::enter("again");
        core::mem::forget(AllocContext::enter("leaked"));
        assert_eq!(trail(fail()).as_deref(), Some("again › leaked"));
        drop(outer);
        assert_eq!(trail(fail()), None);
    }

    #[test]
    fn says_how_much_of_a_deep_trail_is_left_out() {
        let _alone = alone();
        let _guards: std::vec::Vec<_> = (0..11).map(|_| AllocContext::enter("level")).collect();
        let text = trail(fail()).unwrap();
        assert!(text.starts_with("level › level") && text.ends_with("… (3 more)"), "{text}");
    }

    #[test]
    fn an_overwritten_trail_is_left_out_rather_than_wrong() {
        let _alone = alone();
        let names: [&'static str; 16] =
            ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
        let first = {
            let _guard = AllocContext::enter("the first of many");
            fail()
        };
        for outer in names {
            for inner in names {
                let _outer = AllocContext::enter(outer);
                let _inner = AllocContext::enter(inner);
                assert_eq!(trail(fail()), Some(format!("{outer} › {inner}")));
            }
        }
        assert_eq!(trail(first), None);
    }
}
