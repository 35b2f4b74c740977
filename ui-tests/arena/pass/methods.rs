//! Methods, associated functions, trait methods with and without default.
#![deny(warnings)]
use nebula_memory::arena;

#[derive(Clone)]
struct Counter {
    count: usize,
}

impl Counter {
    #[arena]
    fn new(text: &str) -> Self {
        Self { count: arena.alloc_str(text).len() }
    }
    #[arena]
    fn by_ref(&self) -> usize {
        *arena.alloc(self.count)
    }
    #[arena]
    fn by_mut(&mut self) -> &mut Self {
        self.count += *arena.alloc(1);
        self
    }
    #[arena]
    fn by_value(mut self) -> Self {
        self.count += *arena.alloc(1);
        self
    }
    #[arena]
    fn boxed(self: Box<Self>) -> usize {
        *arena.alloc(self.count)
    }
    #[arena(name = scratch)]
    fn named<'s>(&'s self, arena: &'s str) -> &'s str {
        let n = scratch.alloc(self.count.min(1));
        &arena[..*n]
    }
}

trait Depth {
    #[arena]
    fn depth(&self, left: usize) -> usize
    where
        Self: Sized,
    {
        let one = arena.alloc(1);
        if left == 0 { 0 } else { *one + self.depth(left - 1) }
    }
    fn required(&self) -> usize;
}
impl Depth for Counter {
    #[arena]
    fn required(&self) -> usize {
        *arena.alloc(self.count)
    }
}

fn main() {
    let mut counter = Counter::new("abc");
    assert_eq!((counter.by_ref(), counter.by_mut().count), (3, 4));
    assert_eq!((counter.clone().by_value().count, Box::new(counter.clone()).boxed(), counter.named("x")), (5, 4, "x"));
    assert_eq!((counter.depth(10), counter.required()), (10, 4));
}
