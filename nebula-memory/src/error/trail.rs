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
        let names = current();
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
pub(crate) use stack::current;
#[cfg(all(feature = "stats", target_has_atomic = "64", not(loom)))]
pub(crate) use stack::{Names, innermost};

#[cfg(feature = "std")]
mod stack {
    use core::cell::{Cell, RefCell};
    use core::fmt;
    use core::marker::PhantomData;
    use std::vec::Vec;

    /// As many names as an error keeps; of a deeper trail the outermost are.
    const KEPT: usize = 8;

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    pub(crate) struct Names {
        depth: usize,
        names: [&'static str; KEPT],
    }

    impl Names {
        pub(crate) const NONE: Self = Self { depth: 0, names: [""; KEPT] };

        /// One of no thread, for what is not told apart.
        #[cfg(all(feature = "stats", target_has_atomic = "64", not(loom)))]
        pub(crate) const OTHER: Self = Self { depth: 1, names: ["(other)", "", "", "", "", "", "", ""] };

        pub(super) const fn depth(&self) -> usize {
            self.depth
        }

        /// The names that are kept, outermost first.
        #[cfg(all(feature = "stats", target_has_atomic = "64", not(loom)))]
        pub(crate) fn kept(&self) -> &[&'static str] {
            &self.names[..self.depth.min(KEPT)]
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

    /// The trail of a thread. Entering and leaving touch three words of it.
    struct Open {
        depth: Cell<usize>,
        /// The last name; empty if there is none.
        innermost: Cell<&'static str>,
        /// What lies above the depth is left over from before.
        names: [Cell<&'static str>; KEPT],
    }

    // The first has no destructor, so that it is there as long as its thread.
    std::thread_local! {
        static OPEN: Open = const {
            Open {
                depth: Cell::new(0),
                innermost: Cell::new(""),
                names: [const { Cell::new("") }; KEPT],
            }
        };
        /// The names for which there was no room in the first; only their own scopes look for them, when one inside is left.
        static DEEP: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    /// The names that are open on this thread.
    pub(crate) fn current() -> Names {
        let read = |open: &Open| {
            let mut names = Names { depth: open.depth.get(), ..Names::NONE };
            // What lies above is blank, so that equal trails are equal values.
            for (name, place) in names.names.iter_mut().zip(&open.names).take(names.depth) {
                *name = place.get();
            }
            names
        };
        OPEN.try_with(read).unwrap_or(Names::NONE)
    }

    /// The last of them; empty if there is none.
    #[cfg(all(feature = "stats", target_has_atomic = "64", not(loom)))]
    #[inline(always)]
    pub(crate) fn innermost() -> &'static str {
        OPEN.try_with(|open| open.innermost.get()).unwrap_or_default()
    }

    /// Keeps the name of a scope that has `below` others without room outside of it.
    #[cold]
    #[inline(never)]
    fn keep_deep(below: usize, name: &'static str) {
        let _ = DEEP.try_with(|deep| {
            let Ok(mut deep) = deep.try_borrow_mut() else { return };
            deep.truncate(below);
            // Without memory the name is not found again when a scope inside of this one is left.
            let missing = below + 1 - deep.len();
            if deep.try_reserve(missing).is_ok() {
                deep.resize(below, "");
                deep.push(name);
            }
        });
    }

    #[cold]
    #[inline(never)]
    fn find_deep(at: usize) -> Option<&'static str> {
        DEEP.try_with(|deep| deep.try_borrow().ok()?.get(at).copied()).ok().flatten()
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
        #[inline]
        pub fn enter(name: &'static str) -> Self {
            let push = |open: &Open| {
                let outer = open.depth.get();
                match open.names.get(outer) {
                    Some(place) => place.set(name),
                    None => keep_deep(outer - KEPT, name),
                }
                open.innermost.set(name);
                open.depth.set(outer + 1);
                outer
            };
            // On a thread that is ending there may be no trail any more, and there is nobody left to read it.
            Self { outer: OPEN.try_with(push).unwrap_or_default(), not_send: PhantomData }
        }
    }

    impl Drop for AllocContext {
        #[inline]
        fn drop(&mut self) {
            let outer = self.outer;
            let _ = OPEN.try_with(|open| {
                // An outer guard that was dropped first has cut the trail already.
                if open.depth.get() > outer {
                    open.depth.set(outer);
                    open.innermost.set(match outer.checked_sub(1) {
                        None => "",
                        Some(last) if last < KEPT => open.names[last].get(),
                        Some(last) => find_deep(last - KEPT).unwrap_or(open.names[KEPT - 1].get()),
                    });
                }
            });
        }
    }
}

#[cfg(feature = "std")]
mod table {
    use core::num::NonZeroU32;
    use std::sync::{Mutex, PoisonError};

    use super::stack::Names;

    const ENTRIES: usize = 1 << ENTRY_BITS;
    const ENTRY_BITS: u32 = 6;

    /// Entry (in the lowest bits) and generation in the table of trails. The same one comes again after four thousand million trails.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) struct Ticket(NonZeroU32);

    impl Ticket {
        pub(super) const fn entry(self) -> usize {
            self.0.get() as usize % ENTRIES
        }
    }

    struct Table {
        /// With the ticket of the last trail there.
        entries: [(Names, Option<Ticket>); ENTRIES],
        next: usize,
    }

    static TABLE: Mutex<Table> = Mutex::new(Table { entries: [(Names::NONE, None); ENTRIES], next: 0 });

    pub(super) fn insert(names: Names) -> Ticket {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        let known = table.entries.iter().find(|known| known.0 == names).and_then(|known| known.1);
        known.unwrap_or_else(|| {
            let oldest = table.next;
            table.next = (oldest + 1) % ENTRIES;
            let ticket = next(oldest, table.entries[oldest].1);
            table.entries[oldest] = (names, Some(ticket));
            ticket
        })
    }

    /// The ticket of an entry after this one: of the next generation, of which the first is 1.
    #[expect(clippy::cast_possible_truncation, reason = "an index below ENTRIES")]
    pub(super) fn next(entry: usize, last: Option<Ticket>) -> Ticket {
        let first = NonZeroU32::MIN.saturating_add((ENTRIES + entry - 1) as u32);
        let next = last.and_then(|last| last.0.checked_add(ENTRIES as u32));
        Ticket(next.unwrap_or(first))
    }

    pub(super) fn find(ticket: Ticket) -> Option<Names> {
        let table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        let (names, last) = table.entries[ticket.entry()];
        (last == Some(ticket)).then_some(names)
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

    #[test]
    fn tickets_of_an_entry_are_told_apart_for_a_long_time() {
        let first = super::table::next(63, None);
        let mut ticket = first;
        for _ in 0..if cfg!(miri) { 100 } else { 1 << 20 } {
            ticket = super::table::next(63, Some(ticket));
            assert!(ticket != first && ticket.entry() == 63);
        }
    }
}
