//! An allocation cannot be stored in what outlives the call.
use nebula_memory::arena;

struct Holder<'a> {
    text: &'a str,
}
impl<'a> Holder<'a> {
    #[arena]
    fn keep(&mut self) {
        self.text = arena.alloc_str("x");
    }
}
#[arena]
fn out<'a>(out: &mut Vec<&'a str>) {
    out.push(arena.alloc_str("x"));
}
thread_local! {
    static KEPT: std::cell::Cell<&'static str> = const { std::cell::Cell::new("") };
}
#[arena]
fn thread_local() {
    KEPT.set(arena.alloc_str("x"));
}
#[arena]
fn thread() {
    let text = arena.alloc_str("x");
    std::thread::spawn(move || println!("{text}"));
}
fn spawn(_: impl Future<Output = ()> + 'static) {}
#[arena]
async fn task() {
    let text = arena.alloc_str("x");
    spawn(async move { println!("{text}") });
}

fn main() {}
