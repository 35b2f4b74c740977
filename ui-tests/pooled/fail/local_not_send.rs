//! A value of a thread's pool stays on its thread, finished or not.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1, threading = local)]
struct Item {
    a: u64,
}

#[derive(Pooled)]
#[pooled(capacity = 1, threading = local, on_exhausted = heap)]
struct Backed {
    a: u64,
}

fn main() {
    let item = Item::acquire().unwrap().a(1).finish();
    std::thread::spawn(move || drop(item));
    let half = Item::acquire().unwrap();
    std::thread::spawn(move || drop(half));
    let backed = Backed::acquire().unwrap().a(1).finish();
    std::thread::spawn(move || drop(backed));
}
