//! A field cannot borrow for less than the value lives, nor may a destructor see what died before it.
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled)]
struct Item<'a> {
    a: &'a str,
}
struct Loud<'a>(&'a str);
impl Drop for Loud<'_> {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}
#[derive(Pooled)]
struct Holder<'a> {
    loud: Loud<'a>,
}

fn main() {
    let pool = FixedPool::<Item<'_>, 1>::new();
    let item = {
        let x = String::from("x");
        Item::build_in(&pool).unwrap().a(&x).finish()
    };
    drop(item);

    let holder;
    let s = String::from("s");
    holder = Holder::builder().loud(Loud(&s));
}
