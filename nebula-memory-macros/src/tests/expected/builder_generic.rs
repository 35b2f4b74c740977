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
        ([fn(Node<'a, T, S0>); 0], G0),
    >,
}
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    private_bounds,
    private_interfaces,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
const _: () = {
    use crate::memory::__private as __nebula;
    mod __fields {
        use crate::memory::__private::{IsSet, IsUnset, Set, Unset};
        #[diagnostic::on_unimplemented(
            message = "cannot finish building `Node`: required field `values` is not set",
            label = "call `.values(..)` before this"
        )]
        pub trait values_is_set: IsSet {}
        #[diagnostic::do_not_recommend]
        impl values_is_set for Set {}
        #[diagnostic::on_unimplemented(
            message = "this field of `Node` is already set",
            label = "set twice: remove one of the two calls"
        )]
        pub trait is_unset: IsUnset {}
        #[diagnostic::do_not_recommend]
        impl is_unset for Unset {}
    }
    #[automatically_derived]
    unsafe impl<'a, T: Clone, const S0: usize> __nebula::Fields for Node<'a, T, S0>
    where
        T: Send,
    {
        const TABLE: &'static [__nebula::FieldDrop] = {
            fn pin_down<'a, T: Clone, const S0: usize>(__value: &mut Node<'a, T, S0>)
            where
                T: Send,
            {
                let Node { next: __field_0, values: __field_1 } = __value;
                let __fields = (__field_0, __field_1);
                let _: (&mut Option<&'a Node<'a, T, S0>>, &mut [T; S0]) = __fields;
            }
            use __nebula::FieldDrop;
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    FieldDrop::new(__value, &raw const (*__value).next),
                    FieldDrop::new(__value, &raw const (*__value).values),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            {
                let __value: Option<&'a Self> = __nebula::Option::None;
                unsafe { __unfilled.or(0, __value) }
            }
        }
    }
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
            S0_: __fields::is_unset,
        {
            Chain {
                partial: unsafe {
                    self.partial.set::<Node<'a, T, S0>, [T; S0], _>(1, __value)
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
                    self.partial
                        .replace::<
                            Node<'a, T, S0>,
                            Option<&'a Node<'a, T, S0>>,
                        >(0, __nebula::Option::Some(__value))
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
            S0_: __fields::values_is_set,
        {
            unsafe { self.partial.finish::<Node<'a, T, S0>>() }
        }
    }
};
