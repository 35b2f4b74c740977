//! `Self`, associated types and qualified paths in types, bounds and defaults.
use nebula_memory::Pooled;

trait Shape {
    type Unit: Default;
    const SIDES: usize;
}

#[derive(Pooled)]
struct Node<T: Iterator<Item = u8> + Clone>
where
    Self: Sized,
{
    next: Option<Box<Self>>,
    item: <T as Iterator>::Item,
    short: T::Item,
    lengths: [<Self as Shape>::Unit; 3],
    parent: Vec<Node<T>>,
    back: Option<fn(Self) -> Self>,
    #[pooled(default = <Self as Shape>::SIDES)]
    sides: usize,
    #[pooled(default = Self::start())]
    start: u8,
    iter: T,
}

impl<T: Iterator<Item = u8> + Clone> Shape for Node<T> {
    type Unit = u16;
    const SIDES: usize = 3;
}
impl<T: Iterator<Item = u8> + Clone> Node<T> {
    fn start() -> u8 {
        42
    }
}

#[derive(Pooled)]
#[pooled(capacity = Self::COUNT)]
struct Counted {
    me: Option<&'static Self>,
    bytes: [u8; Self::COUNT],
}
impl Counted {
    const COUNT: usize = 2;
}

fn main() {
    let node = Node::builder().item(1).short(2).lengths([0; 3]).parent(vec![]).iter([1_u8].into_iter()).build();
    assert_eq!((node.sides, node.start, node.item + node.short), (3, 42, 3));
    let _ = (node.next.is_none(), node.lengths, node.parent.len(), node.back.is_none(), node.iter.clone().count());
    assert_eq!(Counted::acquire().unwrap().bytes([1, 2]).finish().bytes, [1, 2]);
    assert!(Counted::builder().bytes([0; 2]).build().me.is_none());
    assert_eq!(Counted::CAPACITY, 2);
}
