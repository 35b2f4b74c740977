//! A destructor never sees what died before it.
use nebula_memory::arena;

struct Loud<'a>(&'a str);
impl Drop for Loud<'_> {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}
#[arena]
fn boxed() {
    let holder;
    let s = String::from("s");
    holder = arena.alloc_box(Loud(&s));
}

fn main() {}
