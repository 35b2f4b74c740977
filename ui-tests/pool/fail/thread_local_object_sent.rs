//! An object of a thread's own pool goes back to it, on that thread.

use nebula_memory::pool::{LocalObjectPool, ThreadLocalPool};

std::thread_local! {
    static THIS_THREAD: LocalObjectPool<String> = const { LocalObjectPool::new(8, String::new) };
}
static TEXTS: ThreadLocalPool<String> = ThreadLocalPool::new(&THIS_THREAD);

fn main() {
    let text = TEXTS.acquire().unwrap();
    std::thread::spawn(move || drop(text));
}
