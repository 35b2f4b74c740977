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
            let value = __nebula::mem::MaybeUninit::<Self>::uninit();
            let value = value.as_ptr();
            unsafe {
                &[
                    __nebula::FieldDrop::new::<
                        Self,
                        u16,
                    >(value, &raw const (*value).port),
                    __nebula::FieldDrop::new::<
                        Self,
                        usize,
                    >(value, &raw const (*value).threads),
                    __nebula::FieldDrop::new::<
                        Self,
                        Option<usize>,
                    >(value, &raw const (*value).limit),
                ]
            }
        };
        #[inline]
        fn fill(unfilled: &mut __nebula::Unfilled<'_>) {
            match || -> usize { 4 } {
                make => {
                    unsafe { __nebula::Unfilled::or_else::<usize>(unfilled, 1, make) }
                }
            }
            match || -> Option<usize> { __nebula::Option::None } {
                make => {
                    unsafe {
                        __nebula::Unfilled::or_else::<Option<usize>>(unfilled, 2, make)
                    }
                }
            }
        }
    }
    const _: () = {
        fn pin_down(value: &mut Options) {
            let Options { port: field_0, threads: field_1, limit: field_2 } = value;
            let fields = (field_0, field_1, field_2);
            let _: (&mut u16, &mut usize, &mut Option<usize>) = fields;
        }
    };
    #[automatically_derived]
    impl<G0> __nebula::fmt::Debug for OptionsBuilder<G0> {
        fn fmt(&self, f: &mut __nebula::fmt::Formatter<'_>) -> __nebula::fmt::Result {
            f.write_str("OptionsBuilder { .. }")
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
        pub fn port(self, value: u16) -> OptionsBuilder<(__nebula::Set,)>
        where
            S0: __nebula::IsUnset<__fields::port, Options>,
        {
            OptionsBuilder {
                partial: unsafe {
                    __nebula::Partial::set::<Options, u16, _>(self.partial, 0, value)
                },
            }
        }
    }
    impl<G0> OptionsBuilder<G0> {
        /// Sets `threads`.
        #[inline]
        pub fn threads(self, value: usize) -> Self {
            Self {
                partial: unsafe {
                    __nebula::Partial::replace::<Options, usize>(self.partial, 1, value)
                },
            }
        }
        /// Sets `limit`.
        #[inline]
        pub fn limit(self, value: usize) -> Self {
            Self {
                partial: unsafe {
                    __nebula::Partial::replace::<
                        Options,
                        Option<usize>,
                    >(self.partial, 2, __nebula::Option::Some(value))
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
            let check = || -> fn(&Options) -> __nebula::Result<(), Vec<String>> {
                <Options>::check
            };
            let value = unsafe { __nebula::Partial::finish::<Options>(self.partial) };
            match check()(&value) {
                __nebula::Result::Ok(()) => __nebula::Result::Ok(value),
                __nebula::Result::Err(error) => __nebula::Result::Err(error),
            }
        }
    }
};
