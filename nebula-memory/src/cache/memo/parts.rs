use alloc_crate::borrow::ToOwned;
use core::borrow::Borrow;
use core::hash::{Hash, Hasher};

use equivalent::Equivalent;

use crate::cache::CacheKey;

/// An argument that is part of a key, or all of it: as it is looked up, with the same hash as what it becomes.
pub trait Part: Hash {
    /// As it is kept.
    type Owned;

    /// Makes it owned.
    fn own(&self) -> Self::Owned;

    /// Whether this is what was kept.
    fn is(&self, kept: &Self::Owned) -> bool;
}

/// One of a function that has its own cache, which is for all threads and for good.
pub trait OwnPart: Part<Owned: CacheKey + Send + Sync + 'static> {}

/// A value, by reference.
struct Lent<'a, T: ?Sized>(&'a T);

/// Lends a value.
///
/// What it returns has no name, so that what is wrong with the value is said here and nowhere else.
#[inline]
pub fn lent<T>(value: &T) -> impl OwnPart<Owned = T::Owned>
where
    T: ?Sized + Hash + Eq + ToOwned<Owned: CacheKey + Send + Sync + 'static>,
{
    Lent(value)
}

/// Lends a value to a cache of the user's.
#[inline]
pub fn lent_to<T>(value: &T) -> impl Part<Owned = T::Owned>
where
    T: ?Sized + Hash + Eq + ToOwned<Owned: CacheKey>,
{
    Lent(value)
}

impl<T: ?Sized + Hash> Hash for Lent<'_, T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> Part for Lent<'_, T>
where
    T: ?Sized + Hash + Eq + ToOwned,
{
    type Owned = T::Owned;

    #[inline]
    fn own(&self) -> T::Owned {
        self.0.to_owned()
    }

    #[inline]
    fn is(&self, kept: &T::Owned) -> bool {
        self.0 == kept.borrow()
    }
}

impl<T> OwnPart for Lent<'_, T> where T: ?Sized + Hash + Eq + ToOwned<Owned: CacheKey + Send + Sync + 'static> {}

/// Lends a value that may be missing.
#[inline]
pub fn maybe_lent<T>(value: Option<&T>) -> impl OwnPart<Owned = Option<T::Owned>>
where
    T: ?Sized + Hash + Eq + ToOwned<Owned: CacheKey + Send + Sync + 'static>,
{
    value.map(Lent)
}

/// Lends a value that may be missing to a cache of the user's.
#[inline]
pub fn maybe_lent_to<T>(value: Option<&T>) -> impl Part<Owned = Option<T::Owned>>
where
    T: ?Sized + Hash + Eq + ToOwned<Owned: CacheKey>,
{
    value.map(Lent)
}

impl<P: Part> Part for Option<P> {
    type Owned = Option<P::Owned>;

    #[inline]
    fn own(&self) -> Self::Owned {
        self.as_ref().map(P::own)
    }

    #[inline]
    fn is(&self, kept: &Self::Owned) -> bool {
        match (self, kept) {
            (Some(part), Some(kept)) => part.is(kept),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<P: OwnPart> OwnPart for Option<P> {}

/// No arguments.
impl Part for () {
    type Owned = ();

    #[inline]
    fn own(&self) {}

    #[inline]
    fn is(&self, (): &()) -> bool {
        true
    }
}

impl OwnPart for () {}

/// All arguments of a function.
macro_rules! tuples {
    ($(($($name:ident $place:tt),+)),+ $(,)?) => {$(
        impl<$($name: Part),+> Part for ($($name,)+) {
            type Owned = ($($name::Owned,)+);

            #[inline]
            fn own(&self) -> Self::Owned {
                ($(self.$place.own(),)+)
            }

            #[inline]
            fn is(&self, kept: &Self::Owned) -> bool {
                $(self.$place.is(&kept.$place))&&+
            }
        }

        impl<$($name: OwnPart),+> OwnPart for ($($name,)+) {}
    )+};
}

tuples! {
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11),
}

/// Finds the key that a part becomes.
pub(super) struct Look<'p, P>(pub(super) &'p P);

impl<P: Part> Hash for Look<'_, P> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K, P: Part<Owned = K>> Equivalent<K> for Look<'_, P> {
    #[inline]
    fn equivalent(&self, key: &K) -> bool {
        self.0.is(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc_crate::string::String;
    use alloc_crate::vec::Vec;
    use core::hash::BuildHasher;
    use foldhash::fast::FixedState;

    #[expect(clippy::needless_pass_by_value, reason = "parts are references, or own what they say")]
    fn check<P: Part<Owned: Hash>>(parts: P) {
        let owned = parts.own();
        assert!(parts.is(&owned));
        let hasher = FixedState::default();
        assert_eq!(hasher.hash_one(Look(&parts)), hasher.hash_one(&owned));
    }

    #[test]
    fn what_is_looked_up_has_the_hash_of_what_is_kept() {
        check(());
        check(lent("text"));
        check(lent(&[1_u8, 2][..]));
        check(lent(&7_u64));
        check(maybe_lent(Some("text")));
        check(maybe_lent(None::<&str>));
        check((lent("a"), lent(&1_u8)));
        check((lent("a"), maybe_lent(Some("b")), lent(&Vec::from([1, 2])), lent(&String::from("c"))));
        let l = Lent::<u8>;
        check((l(&1), l(&2), l(&3), l(&4), l(&5), l(&6), l(&7), l(&8), l(&9), l(&10), l(&11), l(&12)));
    }

    #[test]
    fn each_part_counts() {
        let kept = (lent("a"), maybe_lent(Some(&1_u8))).own();
        assert!(!(lent("b"), maybe_lent(Some(&1_u8))).is(&kept));
        assert!(!(lent("a"), maybe_lent(Some(&2_u8))).is(&kept));
        assert!(!(lent("a"), maybe_lent(None::<&u8>)).is(&kept));
        assert!(!maybe_lent(Some(&1_u8)).is(&None));
    }
}
