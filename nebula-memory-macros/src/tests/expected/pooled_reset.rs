/** Builds a [`User`] field by field in the place where it will stay.

 Dropped before it is finished, it drops the fields that were set and gives the place back.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
struct UserBuilder<
    P = ::nebula_memory::__private::Inline<User>,
    G0 = (::nebula_memory::__private::Unset,),
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
                    buffer: __field_1,
                    tries: __field_2,
                    name: __field_3,
                    scratch: __field_4,
                } = __value;
                let __fields = (__field_0, __field_1, __field_2, __field_3, __field_4);
                let _: (
                    &mut u64,
                    &mut Vec<u8>,
                    &mut u8,
                    &mut Option<String>,
                    &mut Vec<u8>,
                ) = __fields;
            }
            use __nebula::FieldDrop;
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    FieldDrop::new(__value, &raw const (*__value).id),
                    FieldDrop::new(__value, &raw const (*__value).buffer),
                    FieldDrop::new(__value, &raw const (*__value).tries),
                    FieldDrop::new(__value, &raw const (*__value).name),
                    FieldDrop::new(__value, &raw const (*__value).scratch),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            unsafe { __unfilled.or_default::<Vec<u8>>(1) };
            match || -> u8 { 3 } {
                __make => unsafe { __unfilled.or_else::<u8>(2, __make) }
            }
            {
                let __value: Option<String> = __nebula::Option::None;
                unsafe { __unfilled.or(3, __value) }
            }
            unsafe { __unfilled.or_default::<Vec<u8>>(4) };
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
        ) -> __nebula::Result<
            UserBuilder<__nebula::InPool<__nebula::Hooked<H>>>,
            __nebula::AllocError,
        > {
            match unsafe { __nebula::Partial::acquire(__nebula::Hooked::new(__pool)) } {
                __nebula::Result::Ok(__partial) => {
                    __nebula::Result::Ok(UserBuilder { partial: __partial })
                }
                __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
            }
        }
    }
    __nebula::with_std! {
        "`threading = local` keeps the pools in thread-local variables, which need the feature `std` of `nebula-memory`: \
             turn it on, or declare a `LocalFixedPool` and pass it to `build_in`",
        impl User { #[doc =
        " Starts a value in a slot of the pool that the type has on this thread."] #[doc
        = r""] #[doc = r" # Errors"] #[doc =
        " All slots are in use, and the heap has no memory."] #[inline] fn acquire() ->
        __nebula::Result < UserBuilder < __nebula::InReused < __nebula::LocalOrHeap <
        User >> >, __nebula::AllocError, > { match __nebula::LocalOrHeap::current() {
        __nebula::Result::Ok(__pool) => match unsafe { __nebula::Partial::reuse(__pool) }
        { __nebula::Result::Ok(__partial) => __nebula::Result::Ok(UserBuilder { partial :
        __partial }), __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
        }, __nebula::Result::Err(__error) => __nebula::Result::Err(__error), } } }
    }
    impl<P: __nebula::Place<User>, S0> UserBuilder<P, (S0,)> {
        /// Sets `id`.
        #[inline]
        fn id(self, __value: u64) -> UserBuilder<P, (__nebula::Set,)>
        where
            S0: __fields::is_unset,
        {
            UserBuilder {
                partial: unsafe { self.partial.set::<User, u64, _>(0, __value) },
            }
        }
    }
    impl<P: __nebula::Place<User>, G0> UserBuilder<P, G0> {
        /// Sets `buffer`.
        #[inline]
        fn buffer(self, __value: Vec<u8>) -> Self {
            Self {
                partial: unsafe { self.partial.replace::<User, Vec<u8>>(1, __value) },
            }
        }
        /// Sets `tries`.
        #[inline]
        fn tries(self, __value: u8) -> Self {
            Self {
                partial: unsafe { self.partial.replace::<User, u8>(2, __value) },
            }
        }
        /// Sets `name`.
        #[inline]
        fn name(self, __value: String) -> Self {
            Self {
                partial: unsafe {
                    self.partial
                        .replace::<
                            User,
                            Option<String>,
                        >(3, __nebula::Option::Some(__value))
                },
            }
        }
    }
    impl<P: __nebula::Place<User>, S0> UserBuilder<P, (S0,)> {
        /// Completes the value, where it is.
        #[inline]
        fn finish(self) -> <P as __nebula::Place<User>>::Output
        where
            S0: __fields::id_is_set,
        {
            unsafe { self.partial.finish::<User>() }
        }
    }
    impl<S0> UserBuilder<__nebula::Inline<User>, (S0,)> {
        /// Completes the value and returns it.
        #[inline]
        fn build(self) -> User
        where
            S0: __fields::id_is_set,
        {
            unsafe { self.partial.finish::<User>() }
        }
    }
    #[automatically_derived]
    impl __nebula::Hooks for User {
        #[inline]
        fn releasing(__value: &mut Self) {
            let __hook: fn(&mut User) = <User>::end;
            __hook(__value)
        }
    }
    #[automatically_derived]
    unsafe impl __nebula::Reuse for User {
        const KEPT: __nebula::primitive::u64 = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4;
        #[inline]
        fn reset(__value: &mut Self) {
            let _ = __value.buffer.clear();
            __value.tries = (|| -> u8 { 3 })();
            {
                let __reset: fn(&mut Vec<u8>) = <User>::shrink;
                __reset(&mut __value.scratch)
            }
        }
    }
    const _: () = {
        use __nebula::NoOwnDrop as _;
        __nebula::reset_without_drop("User", <__nebula::OwnDrop<User>>::IS)
    };
    __nebula::with_std! {
        "`threading = local` keeps the pools in thread-local variables, which need the feature `std` of `nebula-memory`: \
             turn it on, or declare a `LocalFixedPool` and pass it to `build_in`",
        #[automatically_derived] unsafe impl __nebula::Pooled for User { type Pool =
        __nebula::PerThread < __nebula::Reused < __nebula::Tracked <
        __nebula::LocalFixedPool < User, { < User as __nebula::Pooled > ::CAPACITY } >,
        __nebula::Counters < __nebula::Local >>, { < User as __nebula::Pooled >
        ::CAPACITY } > >; const CAPACITY : __nebula::primitive::usize =
        __nebula::capacity(16); const SLOT_SIZE : __nebula::primitive::usize =
        Self::Pool::SLOT_SIZE; const POOL_BYTES : __nebula::primitive::usize =
        Self::Pool::POOL_BYTES; fn pool() -> & 'static Self::Pool {
        __nebula::thread_local! { static SLOT : __nebula::ThreadSlot < << User as
        __nebula::Pooled > ::Pool as __nebula::ThreadPools > ::Pool, > = const {
        __nebula::ThreadSlot::new() }; } static POOLS : < User as __nebula::Pooled >
        ::Pool = __nebula::PerThread::new(& SLOT); & POOLS } #[inline] fn
        acquired(__value : & mut Self) { < Self as __nebula::Hooks > ::acquired(__value)
        } #[inline] fn releasing(__value : & mut Self) { < Self as __nebula::Hooks >
        ::releasing(__value) } }
    }
};
