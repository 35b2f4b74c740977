use core::cell::Cell;

#[cfg(target_has_atomic = "ptr")]
use super::{AtomicUsize, Ordering, Shared};
use super::{Local, Mode};

/// A mode that something can be counted in: [`Local`] by a cell, [`Shared`](crate::Shared) by an atomic.
pub trait CountMode: Mode {
    /// One number.
    #[doc(hidden)]
    type Word: Word;
}

impl CountMode for Local {
    type Word = Cell<usize>;
}

#[cfg(target_has_atomic = "ptr")]
impl CountMode for Shared {
    type Word = AtomicUsize;
}

/// A number that is changed through a shared reference.
///
/// It counts and publishes nothing: whoever passes memory to another thread orders that by other means. So the atomic
/// form is relaxed throughout; all threads agree on the order of the changes of one number, and no more is needed.
pub trait Word: Sized {
    /// Zero.
    #[cfg(not(loom))]
    const ZERO: Self;

    /// Zero.
    #[cfg(loom)]
    fn zero() -> Self;

    /// The number now.
    fn get(&self) -> usize;

    /// Adds, and wraps: the new number.
    fn add(&self, more: usize) -> usize;

    /// Subtracts, and wraps.
    fn subtract(&self, less: usize);

    /// Makes it `least` if it is less.
    fn raise(&self, least: usize);

    /// Replaces the number by what `next` makes of it: the old one, or the one that `next` has refused.
    fn update(&self, next: impl FnMut(usize) -> Option<usize>) -> Result<usize, usize>;
}

impl Word for Cell<usize> {
    #[cfg(not(loom))]
    const ZERO: Self = Self::new(0);

    #[cfg(loom)]
    fn zero() -> Self {
        Self::new(0)
    }

    #[inline(always)]
    fn get(&self) -> usize {
        self.get()
    }

    #[inline(always)]
    fn add(&self, more: usize) -> usize {
        let sum = self.get().wrapping_add(more);
        self.set(sum);
        sum
    }

    #[inline(always)]
    fn subtract(&self, less: usize) {
        self.set(self.get().wrapping_sub(less));
    }

    #[inline(always)]
    fn raise(&self, least: usize) {
        if self.get() < least {
            self.set(least);
        }
    }

    #[inline(always)]
    fn update(&self, mut next: impl FnMut(usize) -> Option<usize>) -> Result<usize, usize> {
        let old = self.get();
        self.set(next(old).ok_or(old)?);
        Ok(old)
    }
}

#[cfg(target_has_atomic = "ptr")]
impl Word for AtomicUsize {
    #[cfg(not(loom))]
    const ZERO: Self = Self::new(0);

    #[cfg(loom)]
    fn zero() -> Self {
        Self::new(0)
    }

    #[inline]
    fn get(&self) -> usize {
        self.load(Ordering::Relaxed)
    }

    #[inline]
    fn add(&self, more: usize) -> usize {
        self.fetch_add(more, Ordering::Relaxed).wrapping_add(more)
    }

    #[inline]
    fn subtract(&self, less: usize) {
        self.fetch_sub(less, Ordering::Relaxed);
    }

    #[inline]
    fn raise(&self, least: usize) {
        // A load leaves the cache line shared, and mostly it is all there is to do.
        if self.load(Ordering::Relaxed) < least {
            self.fetch_max(least, Ordering::Relaxed);
        }
    }

    #[inline]
    fn update(&self, mut next: impl FnMut(usize) -> Option<usize>) -> Result<usize, usize> {
        let mut old = self.load(Ordering::Relaxed);
        loop {
            let new = next(old).ok_or(old)?;
            match self.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Ok(old),
                Err(now) => old = now,
            }
        }
    }
}
