//! What has no body of its own has no arena either: one error each, and the item is still there.
use nebula_memory::arena;

#[arena]
const VALUE: u8 = 1;
#[arena]
const CALL: fn() -> u8 = || 2;
#[arena]
type Alias = u8;
#[arena]
use std::string::String as Text;
#[arena]
enum Either {
    A(Alias),
}
#[arena]
trait Named {
    fn name(&self) -> Text;
}
#[arena]
macro_rules! three {
    () => {
        3
    };
}
unsafe extern "C" {
    #[arena]
    fn abs(n: i32) -> i32;
}
#[arena]
unsafe extern "C" {
    fn labs(n: i64) -> i64;
}
#[arena]
extern crate core as other;

impl Named for Either {
    fn name(&self) -> Text {
        let Either::A(n) = self;
        Text::from_utf8(vec![*n]).unwrap()
    }
}

fn main() {
    let _ = Either::A(VALUE + CALL() + three!()).name();
    let _ = unsafe { i64::from(abs(1)) + labs(1) + other::cmp::max(1, 2) };
}
