//! The fields of a tuple struct are set by number, in any order.
#![deny(warnings)]
#![forbid(unsafe_code)]
use nebula_memory::{Builder, FixedPool, Pooled};

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Sample(u32, #[pooled(default = 7)] u8, Option<String>, #[pooled(skip)] u64);

#[derive(Pooled)]
struct Generic<'a, T: Clone, const N: usize>(&'a [T; N], #[pooled(rename = rest, into)] Option<Vec<T>>, Box<[Option<Self>]>)
where
    T: Default;

/// One field.
#[derive(Builder, Debug, PartialEq)]
#[builder(check = |value| if value.0 == 0 { Err("zero") } else { Ok(()) }, error = &'static str)]
pub struct Port(
    /// The number.
    pub u16,
);

#[derive(Pooled)]
struct Nothing();

fn main() {
    let sample = Sample::acquire().unwrap()._2("x".into())._0(1)._1(2)._1(3).finish();
    assert_eq!((sample.0, sample.1, sample.2.as_deref(), sample.3), (1, 3, Some("x"), 0));
    let sample = Sample::builder()._0(5).build();
    assert_eq!((sample.0, sample.1, sample.2, sample.3), (5, 7, None, 0));

    let pool = FixedPool::<Generic<'_, u8, 2>, 1>::new();
    let bytes = [1, 2];
    let value = Generic::build_in(&pool).unwrap()._2(Box::new([])).rest([3, 4])._0(&bytes).finish();
    assert_eq!((value.0, value.1.as_deref(), value.2.len()), (&[1, 2], Some(&[3, 4][..]), 0));

    assert_eq!(Port::builder()._0(80).build(), Ok(Port(80)));
    assert_eq!(Port::builder()._0(0).build(), Err("zero"));

    let Nothing() = Nothing::builder().build();
}
