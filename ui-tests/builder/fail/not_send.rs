//! A builder is `Send` if its fields are.
use nebula_memory::Builder;
use std::rc::Rc;

#[derive(Builder)]
struct Options {
    shared: Rc<u8>,
}

fn main() {
    let builder = Options::builder();
    std::thread::spawn(move || drop(builder));
}
