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
    unsafe_code,
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

pub mod api {
    //! Public items, so that `missing_docs` looks at them.
    use nebula_memory::{Pooled, arena, memory_scope, Arena, alloc, allocator};

    /// A type.
    #[derive(Pooled, Debug)]
    #[pooled(capacity = 1)]
    pub struct Item {
        /// A.
        pub a: u32,
        /// B.
        pub b: Option<u32>,
        /// C.
        #[pooled(default = 1)]
        pub c: u32,
        /// D.
        pub d: Vec<u8>,
        hidden: u32,
    }

    /// Another.
    #[derive(Pooled, Debug)]
    pub struct Borrowed<'a, T: Clone, const N: usize> {
        /// A.
        pub a: &'a [T; N],
    }

    #[derive(Pooled)]
    struct Unused {
        _a: u32,
    }

    /// Uses them.
    #[must_use]
    pub fn item() -> u32 {
        let item = Item::builder().a(1).b(2).d(Vec::new()).hidden(3).build();
        item.a + item.hidden + Borrowed::builder().a(&[1_u32; 2]).build().a[0]
    }

    /// An arena that is not used.
    #[arena]
    pub fn unused() {}

    /// A body that is one expression.
    #[must_use]
    #[arena]
    pub fn single() -> u32 {
        *arena.alloc(1)
    }

    /// Scopes.
    #[must_use]
    pub fn scopes() -> u32 {
        let mut a = Arena::new();
        memory_scope!(a, {});
        let one: u32 = memory_scope!(a, { *a.alloc(1) });
        let two: u32 = allocator!(scoped bump 64 => |s| { *alloc!(s, u32 = 2) });
        one + two
    }
}

fn main() {
    assert_eq!(api::item() + api::single() + api::scopes(), 9);
    api::unused();
}
