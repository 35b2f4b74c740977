/** Builds a [`Node`] field by field.

 It is complete when every required field is set: there is no `build` before.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
struct Chain<
    'a,
    T: Clone = u8,
    const S0: usize = 1,
    G0 = (crate::memory::__private::Unset,),
>
where
    T: Send,
{
    partial: crate::memory::__private::Partial<
        crate::memory::__private::Inline<Node<'a, T, S0>>,
        fn(Node<'a, T, S0>) -> (G0,),
    >,
}
#[allow(
    dead_code,
    deprecated,
    non_snake_case,
    private_bounds,
    private_interfaces,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
const _: () = {
    use crate::memory::__private as __nebula;
    #[allow(non_camel_case_types, unreachable_pub)]
    mod __fields {
        pub enum values {}
    }
    #[automatically_derived]
    unsafe impl<'a, T: Clone, const S0: usize> __nebula::Fields for Node<'a, T, S0>
    where
        T: Send,
    {
        const TABLE: &'static [__nebula::FieldDrop] = {
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    __nebula::FieldDrop::new::<
                        Self,
                        Option<&'a Self>,
                    >(__value, &raw const (*__value).next),
                    __nebula::FieldDrop::new::<
                        Self,
                        [T; S0],
                    >(__value, &raw const (*__value).values),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            match || -> Option<&'a Self> { __nebula::Option::None } {
                __make => {
                    unsafe {
                        __nebula::Unfilled::or_else::<
                            Option<&'a Self>,
                        >(__unfilled, 0, __make)
                    }
                }
            }
        }
    }
    const _: () = {
        fn pin_down<'a, T: Clone, const S0: usize>(__value: &mut Node<'a, T, S0>)
        where
            T: Send,
        {
            let Node { next: __field_0, values: __field_1 } = __value;
            let __fields = (__field_0, __field_1);
            let _: (&mut Option<&'a Node<'a, T, S0>>, &mut [T; S0]) = __fields;
        }
    };
    #[automatically_derived]
    impl<'a, T: Clone, const S0: usize, G0> __nebula::fmt::Debug for Chain<'a, T, S0, G0>
    where
        T: Send,
    {
        fn fmt(&self, __f: &mut __nebula::fmt::Formatter<'_>) -> __nebula::fmt::Result {
            __f.write_str("Chain { .. }")
        }
    }
    impl<'a, T: Clone, const S0: usize> Node<'a, T, S0>
    where
        T: Send,
    {
        /// Starts a value with no field set.
        #[inline]
        fn builder() -> Chain<'a, T, S0> {
            Chain {
                partial: unsafe { __nebula::Partial::inline() },
            }
        }
    }
    impl<'a, T: Clone, const S0: usize, S0_> Chain<'a, T, S0, (S0_,)>
    where
        T: Send,
    {
        /// Sets `values`.
        #[inline]
        fn values(self, __value: [T; S0]) -> Chain<'a, T, S0, (__nebula::Set,)>
        where
            S0_: __nebula::IsUnset<__fields::values, Node<'a, T, S0>>,
        {
            Chain {
                partial: unsafe {
                    __nebula::Partial::set::<
                        Node<'a, T, S0>,
                        [T; S0],
                        _,
                    >(self.partial, 1, __value)
                },
            }
        }
    }
    impl<'a, T: Clone, const S0: usize, G0> Chain<'a, T, S0, G0>
    where
        T: Send,
    {
        /// Sets `next`.
        #[inline]
        fn next(self, __value: &'a Node<'a, T, S0>) -> Self {
            Self {
                partial: unsafe {
                    __nebula::Partial::replace::<
                        Node<'a, T, S0>,
                        Option<&'a Node<'a, T, S0>>,
                    >(self.partial, 0, __nebula::Option::Some(__value))
                },
            }
        }
    }
    impl<'a, T: Clone, const S0: usize, S0_> Chain<'a, T, S0, (S0_,)>
    where
        T: Send,
    {
        /// Completes the value and returns it.
        #[inline]
        fn build(self) -> Node<'a, T, S0>
        where
            S0_: __nebula::IsSet<__fields::values, Node<'a, T, S0>>,
        {
            unsafe { __nebula::Partial::finish::<Node<'a, T, S0>>(self.partial) }
        }
    }
};
