//! On what is not a function with a body there is one error, and the item is still there.
use nebula_memory::arena;

#[arena]
struct Item {
    a: u32,
}
#[arena]
const fn constant() -> u32 {
    1
}
trait Declared {
    #[arena]
    fn declared(&self) -> u32;
}
impl Declared for Item {
    fn declared(&self) -> u32 {
        self.a
    }
}
#[arena]
impl Item {
    fn new() -> Self {
        Item { a: constant() }
    }
}
#[arena]
mod inner {
    pub fn f() {}
}
#[arena]
static VALUE: u32 = 1;

fn main() {
    let _ = Item::new().declared() + VALUE;
    inner::f();
}
