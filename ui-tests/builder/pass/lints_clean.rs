//! No warning from generated code under strict lints.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unused,
    nonstandard_style,
    future_incompatible,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    let_underscore_drop,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ambiguous_negative_literals,
    redundant_lifetimes,
    unnameable_types
)]
#![forbid(unsafe_code)]

pub mod api {
    //! Public items, so that `missing_docs` looks at them.
    use nebula_memory::Builder;

    /// A type.
    #[derive(Builder, Debug)]
    #[builder(check = Self::check, error = &'static str)]
    pub struct Options {
        /// A.
        pub a: u32,
        /// B.
        pub b: Option<u32>,
        /// C.
        #[builder(default = 1)]
        pub c: u32,
        /// D.
        #[deprecated]
        pub d: Option<Vec<u8>>,
        hidden: u32,
    }

    impl Options {
        fn check(&self) -> Result<(), &'static str> {
            if self.a == 0 { Err("`a` is zero") } else { Ok(()) }
        }
    }

    /// Another.
    #[derive(Builder, Debug)]
    pub struct Borrowed<'a, T: Clone, const N: usize> {
        /// A.
        pub a: &'a [T; N],
    }

    #[derive(Builder)]
    #[builder(check = |_| Ok(()))]
    struct Unused {
        _a: u32,
    }

    /// Uses them.
    ///
    /// # Errors
    /// Never.
    pub fn item() -> Result<u32, &'static str> {
        let options = Options::builder().a(1).b(2).hidden(3).build()?;
        Ok(options.a + options.hidden + Borrowed::builder().a(&[1_u32; 2]).build().a[0])
    }
}

fn main() {
    assert_eq!(api::item(), Ok(5));
}
