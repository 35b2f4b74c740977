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
    non_snake_case,
    private_bounds,
    private_interfaces,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
const _: () = {
    use ::nebula_memory::__private as __nebula;
    #[allow(non_camel_case_types, unreachable_pub)]
    mod __fields {
        pub enum port {}
    }
    #[automatically_derived]
    unsafe impl __nebula::Fields for Options {
        const TABLE: &'static [__nebula::FieldDrop] = {
            let __value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let __value = __value.as_ptr();
            unsafe {
                &[
                    __nebula::FieldDrop::new::<
                        Self,
                        u16,
                    >(__value, &raw const (*__value).port),
                    __nebula::FieldDrop::new::<
                        Self,
                        usize,
                    >(__value, &raw const (*__value).threads),
                    __nebula::FieldDrop::new::<
                        Self,
                        Option<usize>,
                    >(__value, &raw const (*__value).limit),
                ]
            }
        };
        #[inline]
        fn fill(__unfilled: &mut __nebula::Unfilled<'_>) {
            match || -> usize { 4 } {
                __make => {
                    unsafe {
                        __nebula::Unfilled::or_else::<usize>(__unfilled, 1, __make)
                    }
                }
            }
            match || -> Option<usize> { __nebula::Option::None } {
                __make => {
                    unsafe {
                        __nebula::Unfilled::or_else::<
                            Option<usize>,
                        >(__unfilled, 2, __make)
                    }
                }
            }
        }
    }
    const _: () = {
        fn pin_down(__value: &mut Options) {
            let Options { port: __field_0, threads: __field_1, limit: __field_2 } = __value;
            let __fields = (__field_0, __field_1, __field_2);
            let _: (&mut u16, &mut usize, &mut Option<usize>) = __fields;
        }
    };
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
            S0: __nebula::IsUnset<__fields::port, Options>,
        {
            OptionsBuilder {
                partial: unsafe {
                    __nebula::Partial::set::<Options, u16, _>(self.partial, 0, __value)
                },
            }
        }
    }
    impl<G0> OptionsBuilder<G0> {
        /// Sets `threads`.
        #[inline]
        pub fn threads(self, __value: usize) -> Self {
            Self {
                partial: unsafe {
                    __nebula::Partial::replace::<
                        Options,
                        usize,
                    >(self.partial, 1, __value)
                },
            }
        }
        /// Sets `limit`.
        #[inline]
        pub fn limit(self, __value: usize) -> Self {
            Self {
                partial: unsafe {
                    __nebula::Partial::replace::<
                        Options,
                        Option<usize>,
                    >(self.partial, 2, __nebula::Option::Some(__value))
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
            S0: __nebula::IsSet<__fields::port, Options>,
        {
            let __check = || -> fn(&Options) -> __nebula::Result<(), Vec<String>> {
                <Options>::check
            };
            let __value = unsafe { __nebula::Partial::finish::<Options>(self.partial) };
            match __check()(&__value) {
                __nebula::Result::Ok(()) => __nebula::Result::Ok(__value),
                __nebula::Result::Err(__error) => __nebula::Result::Err(__error),
            }
        }
    }
};
