/** Builds a [`Options`] field by field.

 It is complete when every required field is set: there is no `build` before.*/
#[must_use = "a builder does nothing until it is finished"]
#[allow(deprecated, private_bounds, private_interfaces)]
pub struct OptionsBuilder<G0 = (::nebula_memory::__private::Unset,)> {
    partial: ::nebula_memory::__private::Partial<
        ::nebula_memory::__private::Inline<Options>,
        (G0,),
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
    use ::nebula_memory::__private as __nebula;
    mod __fields {
        use ::nebula_memory::__private::{IsSet, IsUnset, Set, Unset};
        #[diagnostic::on_unimplemented(
            message = "cannot finish building `Options`: required field `port` is not set",
            label = "call `.port(..)` before this"
        )]
        pub trait port_is_set: IsSet {}
        #[diagnostic::do_not_recommend]
        impl port_is_set for Set {}
        #[diagnostic::on_unimplemented(
            message = "this field of `Options` is already set",
            label = "set twice: remove one of the two calls"
        )]
        pub trait is_unset: IsUnset {}
        #[diagnostic::do_not_recommend]
        impl is_unset for Unset {}
    }
    #[automatically_derived]
    unsafe impl __nebula::Fields for Options {
        const TABLE: &'static [__nebula::FieldDrop] = {
            fn pin_down(__value: &mut Options) {
                let Options { port: __field_0, threads: __field_1, limit: __field_2 } = __value;
                let __fields = (__field_0, __field_1, __field_2);
                let _: (&mut u16, &mut usize, &mut Option<usize>) = __fields;
            }
            use __nebula::FieldDrop;
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    FieldDrop::new(__value, &raw const (*__value).port),
                    FieldDrop::new(__value, &raw const (*__value).threads),
                    FieldDrop::new(__value, &raw const (*__value).limit),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            match || -> usize { 4 } {
                __make => unsafe { __unfilled.or_else::<usize>(1, __make) }
            }
            {
                let __value: Option<usize> = __nebula::Option::None;
                unsafe { __unfilled.or(2, __value) }
            }
        }
    }
    #[automatically_derived]
    impl<G0> __nebula::fmt::Debug for OptionsBuilder<G0> {
        fn fmt(&self, __f: &mut __nebula::fmt::Formatter<'_>) -> __nebula::fmt::Result {
            __f.write_str("OptionsBuilder { .. }")
        }
    }
    impl Options {
        /// Starts a value with no field set.
        #[inline]
        pub fn builder() -> OptionsBuilder {
            OptionsBuilder {
                partial: unsafe { __nebula::Partial::inline() },
            }
        }
    }
    impl<S0> OptionsBuilder<(S0,)> {
        /// The port.
        #[inline]
        pub fn port(self, __value: u16) -> OptionsBuilder<(__nebula::Set,)>
        where
            S0: __fields::is_unset,
        {
            OptionsBuilder {
                partial: unsafe { self.partial.set::<Options, u16, _>(0, __value) },
            }
        }
    }
    impl<G0> OptionsBuilder<G0> {
        /// Sets `threads`.
        #[inline]
        pub fn threads(self, __value: usize) -> Self {
            Self {
                partial: unsafe { self.partial.replace::<Options, usize>(1, __value) },
            }
        }
        /// Sets `limit`.
        #[inline]
        pub fn limit(self, __value: usize) -> Self {
            Self {
                partial: unsafe {
                    self.partial
                        .replace::<
                            Options,
                            Option<usize>,
                        >(2, __nebula::Option::Some(__value))
                },
            }
        }
    }
    impl<S0> OptionsBuilder<(S0,)> {
        /// Completes the value, checks it and returns it.
        ///
        /// # Errors
        /// If what was set does not go together.
        #[inline]
        pub fn build(self) -> __nebula::Result<Options, Vec<String>>
        where
            S0: __fields::port_is_set,
        {
            let __check = || -> fn(&Options) -> __nebula::Result<(), Vec<String>> {
                <Options>::check
            };
            let __value = unsafe { self.partial.finish::<Options>() };
            match __check()(&__value) {
                __nebula::Result::Ok(()) => __nebula::Result::Ok(__value),
                __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
            }
        }
    }
};
