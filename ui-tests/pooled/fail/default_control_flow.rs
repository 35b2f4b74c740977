//! A default expression cannot end the function around it or await in it.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(default = return "x")]
    a: u32,
    #[pooled(default = std::future::ready(1).await)]
    b: u32,
    #[pooled(default = break)]
    c: u32,
}

fn main() {
    let _ = Item::builder();
}
