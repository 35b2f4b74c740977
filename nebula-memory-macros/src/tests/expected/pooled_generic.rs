/** Builds a [`Node`] field by field in the place where it will stay.

 Dropped before it is finished, it drops the fields that were set and gives the place back.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
struct Chain<
    'a,
    T: Clone = u8,
    const S0: usize = 1,
    P = crate::memory::__private::Inline<Node<'a, T, S0>>,
    G0 = (crate::memory::__private::Unset,),
>
where
    T: Send,
{
    partial: crate::memory::__private::Partial<P, ([fn(Node<'a, T, S0>); 0], G0)>,
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
    impl<'a, T: Clone, const S0: usize, P, G0> __nebula::fmt::Debug
    for Chain<'a, T, S0, P, G0>
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
        /// Starts a plain value.
        #[inline]
        fn builder() -> Chain<'a, T, S0> {
            Chain {
                partial: unsafe { __nebula::Partial::inline() },
            }
        }
        /// Starts a value in a slot of the pool.
        ///
        /// # Errors
        /// The pool has no free slot.
        #[inline]
        fn build_in<H: __nebula::PoolOf<Node<'a, T, S0>>>(
            __pool: H,
        ) -> __nebula::Result<
            Chain<'a, T, S0, __nebula::InPool<H>>,
            __nebula::AllocError,
        > {
            match unsafe { __nebula::Partial::acquire(__pool) } {
                __nebula::Result::Ok(__partial) => {
                    __nebula::Result::Ok(Chain { partial: __partial })
                }
                __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
            }
        }
    }
    impl<
        'a,
        T: Clone,
        const S0: usize,
        P: __nebula::Place<Node<'a, T, S0>>,
        S0_,
    > Chain<'a, T, S0, P, (S0_,)>
    where
        T: Send,
    {
        /// Sets `values`.
        #[inline]
        fn values(self, __value: [T; S0]) -> Chain<'a, T, S0, P, (__nebula::Set,)>
        where
            S0_: __fields::is_unset,
        {
            Chain {
                partial: unsafe {
                    self.partial.set::<Node<'a, T, S0>, [T; S0], _>(1, __value)
                },
            }
        }
        /// Sets `values` where it will stay: the closure gets its memory and returns the proof that it is initialised.
        #[inline]
        fn values_with(
            self,
            __init: impl for<'slot> __nebula::ops::FnOnce(
                __nebula::Uninit<'slot, [T; S0]>,
            ) -> __nebula::Init<'slot, [T; S0]>,
        ) -> Chain<'a, T, S0, P, (__nebula::Set,)>
        where
            S0_: __fields::is_unset,
        {
            Chain {
                partial: unsafe {
                    self.partial.set_with::<Node<'a, T, S0>, [T; S0], _>(1, __init)
                },
            }
        }
    }
    impl<
        'a,
        T: Clone,
        const S0: usize,
        P: __nebula::Place<Node<'a, T, S0>>,
        G0,
    > Chain<'a, T, S0, P, G0>
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
    impl<
        'a,
        T: Clone,
        const S0: usize,
        P: __nebula::Place<Node<'a, T, S0>>,
        S0_,
    > Chain<'a, T, S0, P, (S0_,)>
    where
        T: Send,
    {
        /// Completes the value, where it is.
        #[inline]
        fn finish(self) -> <P as __nebula::Place<Node<'a, T, S0>>>::Output
        where
            S0_: __fields::values_is_set,
        {
            unsafe { self.partial.finish::<Node<'a, T, S0>>() }
        }
    }
    impl<
        'a,
        T: Clone,
        const S0: usize,
        S0_,
    > Chain<'a, T, S0, __nebula::Inline<Node<'a, T, S0>>, (S0_,)>
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
