/// [`Name`] by its parts, borrowed: looks up what was kept by one, and allocates nothing.
#[allow(nonstandard_style)]
struct NameRef<'key>(
    &'key ::nebula_memory::__private::cached::primitive::str,
    &'key [u8],
    u8,
);
impl<'key> NameRef<'key> {
    /// The parts of a [`Name`].
    #[inline]
    #[must_use]
    #[allow(clippy::too_many_arguments, dead_code, nonstandard_style)]
    const fn new(
        _0: &'key ::nebula_memory::__private::cached::primitive::str,
        _1: &'key [u8],
        _2: u8,
    ) -> Self {
        Self { 0: _0, 1: _1, 2: _2 }
    }
}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::Clone for NameRef<'key> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::Copy for NameRef<'key> {}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::PartialEq for NameRef<'key> {
    #[inline]
    fn eq(&self, __other: &Self) -> ::nebula_memory::__private::cached::primitive::bool {
        true && ::nebula_memory::__private::cached::PartialEq::eq(&self.0, &__other.0)
            && ::nebula_memory::__private::cached::PartialEq::eq(&self.1, &__other.1)
            && ::nebula_memory::__private::cached::PartialEq::eq(&self.2, &__other.2)
    }
}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::Eq for NameRef<'key> {}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::Hash for NameRef<'key> {
    #[inline]
    fn hash<__H: ::nebula_memory::__private::cached::Hasher>(&self, __state: &mut __H) {
        ::nebula_memory::__private::cached::Hash::hash(&self.0, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.1, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.2, __state);
    }
}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::Debug for NameRef<'key> {
    fn fmt(
        &self,
        __f: &mut ::nebula_memory::__private::cached::Formatter<'_>,
    ) -> ::nebula_memory::__private::cached::fmt::Result {
        ::nebula_memory::__private::cached::Formatter::debug_struct(__f, "NameRef")
            .finish_non_exhaustive()
    }
}
impl<'key> NameRef<'key> {
    /// The [`Name`] of these parts: this allocates.
    #[must_use]
    #[allow(dead_code, deprecated)]
    fn to_key(&self) -> Name {
        Name {
            0: ::nebula_memory::__private::cached::made(
                self.0,
                ::nebula_memory::__private::cached::ToOwned::to_owned,
            ),
            1: ::nebula_memory::__private::cached::made(
                self.1,
                ::nebula_memory::__private::cached::From::from,
            ),
            2: self.2,
        }
    }
}
#[automatically_derived]
impl<'key> ::nebula_memory::__private::cached::From<NameRef<'key>> for Name {
    fn from(__parts: NameRef<'key>) -> Self {
        __parts.to_key()
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key> ::nebula_memory::__private::cached::From<&'key Name> for NameRef<'key> {
    #[inline]
    fn from(__key: &'key Name) -> Self {
        let __twin = Self {
            0: <String as ::nebula_memory::__private::cached::Borrow<
                ::nebula_memory::__private::cached::primitive::str,
            >>::borrow(&__key.0),
            1: <Box<
                [u8],
            > as ::nebula_memory::__private::cached::Borrow<[u8]>>::borrow(&__key.1),
            2: ::nebula_memory::__private::cached::copied(&__key.2),
        };
        ::nebula_memory::__private::cached::same_hash(&__twin, __key, "NameRef", "Name");
        __twin
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key> ::nebula_memory::__private::cached::Equivalent<Name> for NameRef<'key> {
    #[inline]
    fn equivalent(
        &self,
        __key: &Name,
    ) -> ::nebula_memory::__private::cached::primitive::bool {
        let __same = true
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.0,
                &<String as ::nebula_memory::__private::cached::Borrow<
                    ::nebula_memory::__private::cached::primitive::str,
                >>::borrow(&__key.0),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.1,
                &<Box<
                    [u8],
                > as ::nebula_memory::__private::cached::Borrow<[u8]>>::borrow(&__key.1),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.2,
                &::nebula_memory::__private::cached::copied(&__key.2),
            );
        if __same {
            ::nebula_memory::__private::cached::same_hash(
                self,
                __key,
                "NameRef",
                "Name",
            );
        }
        __same
    }
}
