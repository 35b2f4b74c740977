/// [`Source`] by its parts, borrowed: looks up what was kept by one, and allocates nothing.
#[allow(nonstandard_style)]
#[repr(u8)]
enum SourceRef<'key, T> {
    /// On a disk.
    File {
        path: &'key ::nebula_memory::__private::cached::Path,
        line: ::nebula_memory::__private::cached::Option<
            &'key ::nebula_memory::__private::cached::primitive::str,
        >,
    } = 3,
    Memory(&'key [T], u32),
    Named(&'key str),
    Nowhere,
}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::Clone for SourceRef<'key, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::Copy for SourceRef<'key, T> {}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::PartialEq for SourceRef<'key, T>
where
    [T]: ::nebula_memory::__private::cached::PartialEq,
{
    #[inline]
    fn eq(&self, __other: &Self) -> ::nebula_memory::__private::cached::primitive::bool {
        match (self, __other) {
            (
                Self::File { path: __one_0, line: __one_1 },
                Self::File { path: __other_0, line: __other_1 },
            ) => {
                true
                    && ::nebula_memory::__private::cached::PartialEq::eq(
                        __one_0,
                        __other_0,
                    )
                    && ::nebula_memory::__private::cached::PartialEq::eq(
                        __one_1,
                        __other_1,
                    )
            }
            (
                Self::Memory { 0: __one_0, 1: __one_1 },
                Self::Memory { 0: __other_0, 1: __other_1 },
            ) => {
                true
                    && ::nebula_memory::__private::cached::PartialEq::eq(
                        __one_0,
                        __other_0,
                    )
                    && ::nebula_memory::__private::cached::PartialEq::eq(
                        __one_1,
                        __other_1,
                    )
            }
            (Self::Named { 0: __one_0 }, Self::Named { 0: __other_0 }) => {
                true
                    && ::nebula_memory::__private::cached::PartialEq::eq(
                        __one_0,
                        __other_0,
                    )
            }
            (Self::Nowhere {}, Self::Nowhere {}) => true,
            _ => false,
        }
    }
}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::Eq for SourceRef<'key, T>
where
    [T]: ::nebula_memory::__private::cached::PartialEq,
    [T]: ::nebula_memory::__private::cached::Eq,
{}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::Hash for SourceRef<'key, T>
where
    [T]: ::nebula_memory::__private::cached::Hash,
{
    #[inline]
    fn hash<__H: ::nebula_memory::__private::cached::Hasher>(&self, __state: &mut __H) {
        ::nebula_memory::__private::cached::Hash::hash(
            &::nebula_memory::__private::cached::discriminant(self),
            __state,
        );
        match self {
            Self::File { path: __part_0, line: __part_1 } => {
                ::nebula_memory::__private::cached::Hash::hash(__part_0, __state);
                ::nebula_memory::__private::cached::Hash::hash(__part_1, __state);
            }
            Self::Memory { 0: __part_0, 1: __part_1 } => {
                ::nebula_memory::__private::cached::Hash::hash(__part_0, __state);
                ::nebula_memory::__private::cached::Hash::hash(__part_1, __state);
            }
            Self::Named { 0: __part_0 } => {
                ::nebula_memory::__private::cached::Hash::hash(__part_0, __state);
            }
            Self::Nowhere {} => {}
        }
    }
}
#[automatically_derived]
impl<'key, T> ::nebula_memory::__private::cached::Debug for SourceRef<'key, T> {
    fn fmt(
        &self,
        __f: &mut ::nebula_memory::__private::cached::Formatter<'_>,
    ) -> ::nebula_memory::__private::cached::fmt::Result {
        ::nebula_memory::__private::cached::Formatter::debug_struct(
                __f,
                match self {
                    Self::File { .. } => "File",
                    Self::Memory { .. } => "Memory",
                    Self::Named { .. } => "Named",
                    Self::Nowhere { .. } => "Nowhere",
                },
            )
            .finish_non_exhaustive()
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key, 'a, T> ::nebula_memory::__private::cached::From<&'key Source<'a, T>>
for SourceRef<'key, T>
where
    [T]: ::nebula_memory::__private::cached::Hash
        + ::nebula_memory::__private::cached::PartialEq,
    Source<'a, T>: ::nebula_memory::__private::cached::CacheKey,
{
    #[inline]
    fn from(__key: &'key Source<'a, T>) -> Self {
        let __twin = match __key {
            Source::File { path: __part_0, line: __part_1 } => {
                SourceRef::File {
                    path: <PathBuf as ::nebula_memory::__private::cached::Borrow<
                        ::nebula_memory::__private::cached::Path,
                    >>::borrow(__part_0),
                    line: ::nebula_memory::__private::cached::Option::map(
                        ::nebula_memory::__private::cached::Option::as_ref(__part_1),
                        <String as ::nebula_memory::__private::cached::Borrow<
                            ::nebula_memory::__private::cached::primitive::str,
                        >>::borrow,
                    ),
                }
            }
            Source::Memory { 0: __part_0, 1: __part_1 } => {
                SourceRef::Memory {
                    0: <Vec<
                        T,
                    > as ::nebula_memory::__private::cached::Borrow<
                        [T],
                    >>::borrow(__part_0),
                    1: ::nebula_memory::__private::cached::copied(__part_1),
                }
            }
            Source::Named { 0: __part_0 } => SourceRef::Named { 0: *__part_0 },
            Source::Nowhere {} => SourceRef::Nowhere {},
        };
        ::nebula_memory::__private::cached::same_hash(
            &__twin,
            __key,
            "SourceRef",
            "Source",
        );
        __twin
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'key, 'a, T> ::nebula_memory::__private::cached::Equivalent<Source<'a, T>>
for SourceRef<'key, T>
where
    [T]: ::nebula_memory::__private::cached::Hash
        + ::nebula_memory::__private::cached::PartialEq,
    Source<'a, T>: ::nebula_memory::__private::cached::CacheKey,
{
    #[inline]
    fn equivalent(
        &self,
        __key: &Source<'a, T>,
    ) -> ::nebula_memory::__private::cached::primitive::bool {
        let __same = {
            let __twin: SourceRef<'_, T> = match __key {
                Source::File { path: __part_0, line: __part_1 } => {
                    SourceRef::File {
                        path: <PathBuf as ::nebula_memory::__private::cached::Borrow<
                            ::nebula_memory::__private::cached::Path,
                        >>::borrow(__part_0),
                        line: ::nebula_memory::__private::cached::Option::map(
                            ::nebula_memory::__private::cached::Option::as_ref(__part_1),
                            <String as ::nebula_memory::__private::cached::Borrow<
                                ::nebula_memory::__private::cached::primitive::str,
                            >>::borrow,
                        ),
                    }
                }
                Source::Memory { 0: __part_0, 1: __part_1 } => {
                    SourceRef::Memory {
                        0: <Vec<
                            T,
                        > as ::nebula_memory::__private::cached::Borrow<
                            [T],
                        >>::borrow(__part_0),
                        1: ::nebula_memory::__private::cached::copied(__part_1),
                    }
                }
                Source::Named { 0: __part_0 } => SourceRef::Named { 0: *__part_0 },
                Source::Nowhere {} => SourceRef::Nowhere {},
            };
            ::nebula_memory::__private::cached::PartialEq::eq(self, &__twin)
        };
        if __same {
            ::nebula_memory::__private::cached::same_hash(
                self,
                __key,
                "SourceRef",
                "Source",
            );
        }
        __same
    }
}
