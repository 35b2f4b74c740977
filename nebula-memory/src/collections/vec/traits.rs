use core::borrow::{Borrow, BorrowMut};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

use super::ArenaVec;
use crate::allocator::bump::BumpMemory;
use crate::collections::or_panic;

impl<T, B: BumpMemory> Deref for ArenaVec<'_, T, B> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T, B: BumpMemory> DerefMut for ArenaVec<'_, T, B> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        self.as_mut_slice()
    }
}

/// In the same memory. Panics if there is none; see [`try_clone`](ArenaVec::try_clone).
impl<T: Clone, B: BumpMemory> Clone for ArenaVec<'_, T, B> {
    #[track_caller]
    fn clone(&self) -> Self {
        or_panic(self.try_clone())
    }
}

impl<T: fmt::Debug, B: BumpMemory> fmt::Debug for ArenaVec<'_, T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_slice(), f)
    }
}

impl<T: Hash, B: BumpMemory> Hash for ArenaVec<'_, T, B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

/// Equality with something that has values in a row.
macro_rules! equal_to {
    ([$($generics:tt)*] $other:ty) => {
        impl<T: PartialEq<U>, U, B: BumpMemory, $($generics)*> PartialEq<$other> for ArenaVec<'_, T, B> {
            #[inline]
            fn eq(&self, other: &$other) -> bool {
                self.as_slice() == &other[..]
            }
        }
    };
}
equal_to!([C: BumpMemory] ArenaVec<'_, U, C>);
equal_to!([][U]);
equal_to!([] & [U]);
equal_to!([] &mut [U]);
equal_to!([const N: usize] [U; N]);
equal_to!([const N: usize] &[U; N]);

impl<T: Eq, B: BumpMemory> Eq for ArenaVec<'_, T, B> {}

impl<T: PartialOrd, B: BumpMemory, C: BumpMemory> PartialOrd<ArenaVec<'_, T, C>> for ArenaVec<'_, T, B> {
    fn partial_cmp(&self, other: &ArenaVec<'_, T, C>) -> Option<Ordering> {
        self.as_slice().partial_cmp(other.as_slice())
    }
}

impl<T: Ord, B: BumpMemory> Ord for ArenaVec<'_, T, B> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl<T, B: BumpMemory> AsRef<[T]> for ArenaVec<'_, T, B> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T, B: BumpMemory> AsMut<[T]> for ArenaVec<'_, T, B> {
    fn as_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T, B: BumpMemory> Borrow<[T]> for ArenaVec<'_, T, B> {
    fn borrow(&self) -> &[T] {
        self
    }
}

impl<T, B: BumpMemory> BorrowMut<[T]> for ArenaVec<'_, T, B> {
    fn borrow_mut(&mut self) -> &mut [T] {
        self
    }
}

/// Adds bytes at the end; fails only if there is no memory.
#[cfg(feature = "std")]
impl<B: BumpMemory> std::io::Write for ArenaVec<'_, u8, B> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.try_extend_from_slice_copy(bytes)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::OutOfMemory, error))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
