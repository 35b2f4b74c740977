//! Lifetimes, bounds, constants, defaults and `where` clauses are carried over; names like those of the macro do not clash.
#![allow(non_snake_case)]
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = check, error = Wrong<T>)]
struct Options<'a, T: Copy + 'a = u8, const N: usize = 2, S0 = (), G0 = ()>
where
    T: PartialEq,
{
    values: [T; N],
    #[builder(default = &[])]
    more: &'a [T],
    S0: S0,
    #[builder(default)]
    g: Option<G0>,
    itself: Option<Box<Self>>,
}

#[derive(Debug, PartialEq)]
struct Wrong<T>(T);

fn check<T: Copy + PartialEq, const N: usize, S0, G0>(options: &Options<'_, T, N, S0, G0>) -> Result<(), Wrong<T>> {
    match options.more.iter().find(|value| options.values.contains(value)) {
        Some(value) => Err(Wrong(*value)),
        None => Ok(()),
    }
}

#[derive(Builder)]
#[builder(builder = Chain, start = chain)]
struct Node<H, P> {
    next: Option<Box<Self>>,
    value: H,
    other: P,
}

/// A builder with a state can be named by what it is inferred to be, and passed on.
fn with_value<P>(value: u8) -> impl FnOnce(P) -> Node<u8, P> {
    move |other| Node::chain().value(value).other(other).build()
}

fn main() {
    let more = [4, 5];
    let options: Options<'_, u8, 3, char, u8> =
        Options::builder().S0('a').values([1, 2, 3]).more(&more).g(1).build().unwrap();
    assert_eq!((options.values, options.more, options.S0), ([1, 2, 3], &more[..], 'a'));
    assert!(options.itself.is_none() && options.g.is_some());
    let wrong = Options::<_, 1, _, ()>::builder().values([4]).more(&more).S0(()).build();
    assert_eq!(wrong.err(), Some(Wrong(4)));

    let node = with_value(3)("x");
    let node = Node::chain().next(Box::new(node)).other("y").value(2).build();
    assert_eq!((node.value, node.other, node.next.unwrap().value), (2, "y", 3));
}
