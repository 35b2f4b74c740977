//! Lifetimes, bounds, `where`, const parameters between type parameters, defaults.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct All<'a, 'b: 'a, T: Clone + 'a = u8, const N: usize = 2, U = Vec<T>>
where
    U: Default,
    for<'c> &'c T: PartialEq,
{
    text: &'a str,
    other: &'b str,
    values: [T; N],
    more: Option<&'a T>,
    #[pooled(default)]
    rest: U,
    #[pooled(default = N * 2)]
    double: usize,
}

#[derive(Pooled)]
struct Between<A, const N: usize, B> {
    a: A,
    bytes: [u8; N],
    b: B,
}

fn main() {
    let all = All::<'_, '_, u8, 2, Vec<u8>>::builder().text("a").other("b").values([1, 2]).more(&3).build();
    assert_eq!((all.text, all.other, all.values, all.more, all.double), ("a", "b", [1, 2], Some(&3), 4));
    assert!(all.rest.is_empty());
    let b = Between::builder().a(1).bytes([0; 4]).b("x").build();
    assert_eq!((b.a, b.bytes.len(), b.b), (1, 4, "x"));
}
