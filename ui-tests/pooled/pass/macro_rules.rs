//! Structs from `macro_rules!`: groups around types and literals, hygiene of names.
use nebula_memory::Pooled;

macro_rules! with_types {
    ($name:ident { $($field:ident: $ty:ty),* $(,)? } $capacity:expr) => {
        #[derive(Pooled)]
        #[pooled(capacity = $capacity)]
        struct $name {
            $($field: $ty,)*
        }
    };
}
with_types!(Groups { a: u32, b: Option<u8>, c: core::option::Option<u8>, d: [u8; 2] } 4);

macro_rules! with_literal {
    ($name:ident, $capacity:literal, $default:expr) => {
        #[derive(Pooled)]
        #[pooled(capacity = $capacity)]
        struct $name {
            value: u32,
            #[pooled(default = $default)]
            other: u32,
        }
    };
}
with_literal!(Literal, 3, 2 + 3);

macro_rules! declare {
    () => {
        #[derive(Pooled)]
        struct Hygiene {
            value: u32,
            init: Option<u32>,
        }
    };
}
macro_rules! construct {
    ($value:expr) => {{
        let value = 1;
        Hygiene::builder().value($value + value).init(value).build()
    }};
}
declare!();

fn main() {
    let groups = Groups::acquire().unwrap().a(1).d([1, 2]).finish();
    assert_eq!((groups.a, groups.b, groups.c, groups.d), (1, None, None, [1, 2]));
    assert_eq!(<Groups as Pooled>::CAPACITY, 4);
    let literal = Literal::acquire().unwrap().value(1).finish();
    assert_eq!((literal.value, literal.other, Literal::CAPACITY), (1, 5, 3));
    let value = 10;
    let hygiene = construct!(value);
    assert_eq!((hygiene.value, hygiene.init), (11, Some(1)));
}
