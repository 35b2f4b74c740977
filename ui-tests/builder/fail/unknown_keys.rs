//! All wrong keys are reported at once, and nothing that follows from them.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    #[builder(defualt)]
    a: u32,
    #[builder(intoo, defolt = 3)]
    b: String,
    #[builder(reqired)]
    c: Option<u8>,
    d: u8,
}

fn main() {
    let _ = Options::builder().b("x").d(1).build();
    let _ = Options::builder().a(1).b("x").c(Some(1)).d(1).build();
}
