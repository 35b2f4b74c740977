/** Builds a [`User`] field by field in the place where it will stay.

 Dropped before it is finished, it drops the fields that were set and gives the place back.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
struct UserBuilder<P = ::nebula_memory::__private::Inline<User>> {
    partial: ::nebula_memory::__private::Partial<P, ()>,
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
    use ::nebula_memory::__private as __nebula;
    #[automatically_derived]
    unsafe impl __nebula::Fields for User {
        const TABLE: &'static [__nebula::FieldDrop] = {
            fn pin_down(__value: &mut User) {
                let User {} = __value;
                let __fields = ();
                let _: () = __fields;
            }
            use __nebula::FieldDrop;
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe { &[] }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {}
    }
    #[automatically_derived]
    impl<P> __nebula::fmt::Debug for UserBuilder<P> {
        fn fmt(&self, __f: &mut __nebula::fmt::Formatter<'_>) -> __nebula::fmt::Result {
            __f.write_str("UserBuilder { .. }")
        }
    }
    impl User {
        /// Starts a plain value.
        #[inline]
        fn builder() -> UserBuilder {
            UserBuilder {
                partial: unsafe { __nebula::Partial::inline() },
            }
        }
        /// Starts a value in a slot of the pool.
        ///
        /// # Errors
        /// The pool has no free slot.
        #[inline]
        fn build_in<H: __nebula::PoolOf<User>>(
            __pool: H,
        ) -> __nebula::Result<UserBuilder<__nebula::InPool<H>>, __nebula::AllocError> {
            match unsafe { __nebula::Partial::acquire(__pool) } {
                __nebula::Result::Ok(__partial) => {
                    __nebula::Result::Ok(UserBuilder { partial: __partial })
                }
                __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
            }
        }
        /// Starts a value in a slot of the type's static pool.
        ///
        /// # Errors
        /// All slots are in use.
        #[inline]
        fn acquire() -> __nebula::Result<
            UserBuilder<__nebula::InPool<__nebula::StaticPool<User>>>,
            __nebula::AllocError,
        > {
            <User>::build_in(__nebula::StaticPool::new())
        }
    }
    impl<P: __nebula::Place<User>> UserBuilder<P> {
        /// Completes the value, where it is.
        #[inline]
        fn finish(self) -> <P as __nebula::Place<User>>::Output {
            unsafe { self.partial.finish::<User>() }
        }
    }
    impl UserBuilder<__nebula::Inline<User>> {
        /// Completes the value and returns it.
        #[inline]
        fn build(self) -> User {
            unsafe { self.partial.finish::<User>() }
        }
    }
    #[automatically_derived]
    unsafe impl __nebula::Pooled for User {
        type Pool = __nebula::Tracked<
            __nebula::FixedPool<User, { <User as __nebula::Pooled>::CAPACITY }>,
            __nebula::Counters<__nebula::Shared>,
        >;
        const CAPACITY: __nebula::primitive::usize = __nebula::capacity(16);
        const SLOT_SIZE: __nebula::primitive::usize = Self::Pool::SLOT_SIZE;
        fn pool() -> &'static Self::Pool {
            static POOL: <User as __nebula::Pooled>::Pool = __nebula::Tracked::with_tracker(
                __nebula::FixedPool::new(),
                __nebula::Counters::new(),
            );
            &POOL
        }
    }
};
