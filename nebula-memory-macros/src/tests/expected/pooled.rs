/** Builds a [`User`] field by field in the place where it will stay.

 Dropped before it is finished, it drops the fields that were set and gives the place back.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
pub struct UserBuilder<
    P = ::nebula_memory::__private::Inline<User>,
    G0 = (::nebula_memory::__private::Unset, ::nebula_memory::__private::Unset),
> {
    partial: ::nebula_memory::__private::Partial<P, (G0,)>,
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
    mod __fields {
        use ::nebula_memory::__private::{IsSet, IsUnset, Set, Unset};
        #[diagnostic::on_unimplemented(
            message = "cannot finish building `User`: required field `id` is not set",
            label = "call `.id(..)` before this"
        )]
        pub trait id_is_set: IsSet {}
        #[diagnostic::do_not_recommend]
        impl id_is_set for Set {}
        #[diagnostic::on_unimplemented(
            message = "cannot finish building `User`: required field `bytes` is not set",
            label = "call `.bytes(..)` before this"
        )]
        pub trait bytes_is_set: IsSet {}
        #[diagnostic::do_not_recommend]
        impl bytes_is_set for Set {}
        #[diagnostic::on_unimplemented(
            message = "this field of `User` is already set",
            label = "set twice: remove one of the two calls"
        )]
        pub trait is_unset: IsUnset {}
        #[diagnostic::do_not_recommend]
        impl is_unset for Unset {}
    }
    #[automatically_derived]
    unsafe impl __nebula::Fields for User {
        const TABLE: &'static [__nebula::FieldDrop] = {
            fn pin_down(__value: &mut User) {
                let User {
                    id: __field_0,
                    name: __field_1,
                    tries: __field_2,
                    bytes: __field_3,
                } = __value;
                let __fields = (__field_0, __field_1, __field_2, __field_3);
                let _: (&mut u64, &mut Option<String>, &mut u64, &mut [u8; 512]) = __fields;
            }
            use __nebula::FieldDrop;
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    FieldDrop::new(__value, &raw const (*__value).id),
                    FieldDrop::new(__value, &raw const (*__value).name),
                    FieldDrop::new(__value, &raw const (*__value).tries),
                    FieldDrop::new(__value, &raw const (*__value).bytes),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            {
                let __value: Option<String> = __nebula::Option::None;
                unsafe { __unfilled.or(1, __value) }
            }
            match || -> u64 { 3 } {
                __make => unsafe { __unfilled.or_else::<u64>(2, __make) }
            }
        }
    }
    #[automatically_derived]
    impl<P, G0> __nebula::fmt::Debug for UserBuilder<P, G0> {
        fn fmt(&self, __f: &mut __nebula::fmt::Formatter<'_>) -> __nebula::fmt::Result {
            __f.write_str("UserBuilder { .. }")
        }
    }
    impl User {
        /// Starts a plain value.
        #[inline]
        pub fn builder() -> UserBuilder {
            UserBuilder {
                partial: unsafe { __nebula::Partial::inline() },
            }
        }
        /// Starts a value in a slot of the pool.
        ///
        /// # Errors
        /// The pool has no free slot.
        #[inline]
        pub fn build_in<H: __nebula::PoolOf<User>>(
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
        pub fn acquire() -> __nebula::Result<
            UserBuilder<__nebula::InPool<__nebula::StaticPool<User>>>,
            __nebula::AllocError,
        > {
            <User>::build_in(__nebula::StaticPool::new())
        }
    }
    impl<P: __nebula::Place<User>, S0, S1> UserBuilder<P, (S0, S1)> {
        /// Its number.
        #[inline]
        pub fn id(self, __value: u64) -> UserBuilder<P, (__nebula::Set, S1)>
        where
            S0: __fields::is_unset,
        {
            UserBuilder {
                partial: unsafe { self.partial.set::<User, u64, _>(0, __value) },
            }
        }
        /// Sets `bytes`.
        #[inline]
        pub fn bytes(self, __value: [u8; 512]) -> UserBuilder<P, (S0, __nebula::Set)>
        where
            S1: __fields::is_unset,
        {
            UserBuilder {
                partial: unsafe { self.partial.set::<User, [u8; 512], _>(3, __value) },
            }
        }
        /// Sets `bytes` where it will stay: the closure gets its memory and returns the proof that it is initialised.
        #[inline]
        pub fn bytes_with(
            self,
            __init: impl for<'slot> __nebula::ops::FnOnce(
                __nebula::Uninit<'slot, [u8; 512]>,
            ) -> __nebula::Init<'slot, [u8; 512]>,
        ) -> UserBuilder<P, (S0, __nebula::Set)>
        where
            S1: __fields::is_unset,
        {
            UserBuilder {
                partial: unsafe {
                    self.partial.set_with::<User, [u8; 512], _>(3, __init)
                },
            }
        }
    }
    impl<P: __nebula::Place<User>, G0> UserBuilder<P, G0> {
        /// Sets `name`.
        #[inline]
        pub fn name(self, __value: String) -> Self {
            Self {
                partial: unsafe {
                    self.partial
                        .replace::<
                            User,
                            Option<String>,
                        >(1, __nebula::Option::Some(__value))
                },
            }
        }
        /// Sets `tries`.
        #[inline]
        pub fn tries(self, __value: impl __nebula::convert::Into<u64>) -> Self {
            Self {
                partial: unsafe {
                    self.partial
                        .replace::<User, u64>(2, __nebula::convert::Into::into(__value))
                },
            }
        }
    }
    impl<P: __nebula::Place<User>, S0, S1> UserBuilder<P, (S0, S1)> {
        /// Completes the value, where it is.
        #[inline]
        pub fn finish(self) -> <P as __nebula::Place<User>>::Output
        where
            S0: __fields::id_is_set,
            S1: __fields::bytes_is_set,
        {
            unsafe { self.partial.finish::<User>() }
        }
    }
    impl<S0, S1> UserBuilder<__nebula::Inline<User>, (S0, S1)> {
        /// Completes the value and returns it.
        #[inline]
        pub fn build(self) -> User
        where
            S0: __fields::id_is_set,
            S1: __fields::bytes_is_set,
        {
            unsafe { self.partial.finish::<User>() }
        }
    }
    #[automatically_derived]
    unsafe impl __nebula::Pooled for User {
        type Pool = __nebula::FixedPool<User, { <User as __nebula::Pooled>::CAPACITY }>;
        const CAPACITY: __nebula::primitive::usize = __nebula::capacity(16);
        const SLOT_SIZE: __nebula::primitive::usize = Self::Pool::SLOT_SIZE;
        fn pool() -> &'static Self::Pool {
            static POOL: <User as __nebula::Pooled>::Pool = __nebula::FixedPool::new();
            &POOL
        }
    }
};
