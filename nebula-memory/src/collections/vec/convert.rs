use core::mem::ManuallyDrop;

use super::ArenaVec;
use crate::allocator::bump::{ArenaBox, BumpMemory};

/// What a vector ends as.
impl<'a, T, B: BumpMemory> ArenaVec<'a, T, B> {
    /// The values as a slice of the arena. What room there is behind them is given back where that is possible
    /// ([`shrink_to_fit`](Self::shrink_to_fit)). Copies nothing.
    ///
    /// Types with a destructor are refused by the build (`cargo check` does not see it), because it would never run: see
    /// [`into_boxed_slice`](Self::into_boxed_slice) and [`leak`](Self::leak).
    ///
    /// ```
    /// use nebula_memory::{Arena, ArenaVec};
    ///
    /// let arena = Arena::new();
    /// let mut numbers = ArenaVec::new_in(&arena);
    /// numbers.extend([3, 1, 2]);
    /// let sorted: &mut [i32] = numbers.into_slice();
    /// sorted.sort_unstable();
    /// assert_eq!(sorted, [1, 2, 3]);
    /// ```
    #[inline]
    pub fn into_slice(self) -> &'a mut [T]
    where
        T: 'a,
    {
        const {
            assert!(
                !core::mem::needs_drop::<T>(),
                "this type has a destructor, which would never run here: use `into_boxed_slice`, which owns the values \
                 and drops them, or `leak`"
            );
        };
        self.leak()
    }

    /// The values as an owned slice of the arena, which drops them. Copies nothing.
    ///
    /// Unlike the vector, the box does not touch its memory any more: it can be sent to other threads if the values can.
    ///
    /// ```
    /// use nebula_memory::{Arena, ArenaVec};
    ///
    /// let arena = Arena::new();
    /// let mut names = ArenaVec::new_in(&arena);
    /// names.push(String::from("Ada"));
    /// let names = names.into_boxed_slice();
    /// std::thread::scope(|threads| threads.spawn(|| drop(names)).join()).unwrap();
    /// ```
    #[inline]
    pub fn into_boxed_slice(self) -> ArenaBox<'a, [T]> {
        let mut vec = ManuallyDrop::new(self);
        vec.shrink_to_fit();
        // SAFETY: valid; nobody else uses or drops them, because `vec` is not used or dropped after this. Its block was not
        // given back, and so is nobody else's for as long as the memory is borrowed.
        unsafe { ArenaBox::from_raw(vec.values()) }
    }

    /// The values as a slice that nobody drops.
    #[inline]
    pub fn leak(self) -> &'a mut [T]
    where
        T: 'a,
    {
        ArenaBox::leak(self.into_boxed_slice())
    }
}

impl<'a, T, B: BumpMemory> From<ArenaVec<'a, T, B>> for ArenaBox<'a, [T]> {
    fn from(vec: ArenaVec<'a, T, B>) -> Self {
        vec.into_boxed_slice()
    }
}
