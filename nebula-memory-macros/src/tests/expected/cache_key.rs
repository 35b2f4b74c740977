/// [`Place`] by its parts, borrowed: looks up what was kept by one, and allocates nothing.
#[allow(nonstandard_style)]
pub(crate) struct PlaceParts<'key, T: Clone>
where
    T: Send,
{
    /// The number.
    pub shelf: u32,
    room: &'key ::nebula_memory::__private::cached::primitive::str,
    path: ::nebula_memory::__private::cached::Option<
        &'key ::nebula_memory::__private::cached::Path,
    >,
    tags: &'key [T],
    owner: &'key str,
    bytes: &'key [u8],
}
impl<'key, T: Clone> PlaceParts<'key, T>
where
    T: Send,
{
    /// The parts of a [`Place`].
    #[inline]
    #[must_use]
    #[allow(clippy::too_many_arguments, dead_code, nonstandard_style)]
    pub(crate) const fn new(
        shelf: u32,
        room: &'key ::nebula_memory::__private::cached::primitive::str,
        path: ::nebula_memory::__private::cached::Option<
            &'key ::nebula_memory::__private::cached::Path,
        >,
        tags: &'key [T],
        owner: &'key str,
        bytes: &'key [u8],
    ) -> Self {
        Self {
            shelf: shelf,
            room: room,
            path: path,
            tags: tags,
            owner: owner,
            bytes: bytes,
        }
    }
}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::Clone for PlaceParts<'key, T>
where
    T: Send,
{
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::Copy for PlaceParts<'key, T>
where
    T: Send,
{}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::PartialEq
for PlaceParts<'key, T>
where
    T: Send,
    [T]: ::nebula_memory::__private::cached::PartialEq,
{
    #[inline]
    fn eq(&self, __other: &Self) -> ::nebula_memory::__private::cached::primitive::bool {
        true
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.shelf,
                &__other.shelf,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.room,
                &__other.room,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.path,
                &__other.path,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.tags,
                &__other.tags,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.owner,
                &__other.owner,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.bytes,
                &__other.bytes,
            )
    }
}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::Eq for PlaceParts<'key, T>
where
    T: Send,
    [T]: ::nebula_memory::__private::cached::PartialEq,
    [T]: ::nebula_memory::__private::cached::Eq,
{}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::Hash for PlaceParts<'key, T>
where
    T: Send,
    [T]: ::nebula_memory::__private::cached::Hash,
{
    #[inline]
    fn hash<__H: ::nebula_memory::__private::cached::Hasher>(&self, __state: &mut __H) {
        ::nebula_memory::__private::cached::Hash::hash(&self.shelf, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.room, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.path, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.tags, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.owner, __state);
        ::nebula_memory::__private::cached::Hash::hash(&self.bytes, __state);
    }
}
#[automatically_derived]
impl<'key, T: Clone> ::nebula_memory::__private::cached::Debug for PlaceParts<'key, T>
where
    T: Send,
{
    fn fmt(
        &self,
        __f: &mut ::nebula_memory::__private::cached::Formatter<'_>,
    ) -> ::nebula_memory::__private::cached::fmt::Result {
        ::nebula_memory::__private::cached::Formatter::debug_struct(__f, "PlaceParts")
            .finish_non_exhaustive()
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key, 'a, T: Clone> ::nebula_memory::__private::cached::From<&'key Place<'a, T>>
for PlaceParts<'key, T>
where
    T: Send,
    [T]: ::nebula_memory::__private::cached::Hash
        + ::nebula_memory::__private::cached::PartialEq,
    Place<'a, T>: ::nebula_memory::__private::cached::CacheKey,
{
    #[inline]
    fn from(__key: &'key Place<'a, T>) -> Self {
        let __twin = Self {
            shelf: ::nebula_memory::__private::cached::copied(&__key.shelf),
            room: <String as ::nebula_memory::__private::cached::Borrow<
                ::nebula_memory::__private::cached::primitive::str,
            >>::borrow(&__key.room),
            path: ::nebula_memory::__private::cached::Option::map(
                ::nebula_memory::__private::cached::Option::as_ref(&__key.path),
                <PathBuf as ::nebula_memory::__private::cached::Borrow<
                    ::nebula_memory::__private::cached::Path,
                >>::borrow,
            ),
            tags: <Vec<
                T,
            > as ::nebula_memory::__private::cached::Borrow<[T]>>::borrow(&__key.tags),
            owner: __key.owner,
            bytes: <Bytes as ::nebula_memory::__private::cached::Borrow<
                [u8],
            >>::borrow(&__key.bytes),
        };
        ::nebula_memory::__private::cached::same_hash(
            &__twin,
            __key,
            "PlaceParts",
            "Place",
        );
        __twin
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key, 'a, T: Clone> ::nebula_memory::__private::cached::Equivalent<Place<'a, T>>
for PlaceParts<'key, T>
where
    T: Send,
    [T]: ::nebula_memory::__private::cached::Hash
        + ::nebula_memory::__private::cached::PartialEq,
    Place<'a, T>: ::nebula_memory::__private::cached::CacheKey,
{
    #[inline]
    fn equivalent(
        &self,
        __key: &Place<'a, T>,
    ) -> ::nebula_memory::__private::cached::primitive::bool {
        let __same = true
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.shelf,
                &::nebula_memory::__private::cached::copied(&__key.shelf),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.room,
                &<String as ::nebula_memory::__private::cached::Borrow<
                    ::nebula_memory::__private::cached::primitive::str,
                >>::borrow(&__key.room),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.path,
                &::nebula_memory::__private::cached::Option::map(
                    ::nebula_memory::__private::cached::Option::as_ref(&__key.path),
                    <PathBuf as ::nebula_memory::__private::cached::Borrow<
                        ::nebula_memory::__private::cached::Path,
                    >>::borrow,
                ),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.tags,
                &<Vec<
                    T,
                > as ::nebula_memory::__private::cached::Borrow<
                    [T],
                >>::borrow(&__key.tags),
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.owner,
                &__key.owner,
            )
            && ::nebula_memory::__private::cached::PartialEq::eq(
                &self.bytes,
                &<Bytes as ::nebula_memory::__private::cached::Borrow<
                    [u8],
                >>::borrow(&__key.bytes),
            );
        if __same {
            ::nebula_memory::__private::cached::same_hash(
                self,
                __key,
                "PlaceParts",
                "Place",
            );
        }
        __same
    }
}
