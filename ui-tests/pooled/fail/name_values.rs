//! Names are names, without quotes, and a path is a path.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(builder = "Name", start = 5, crate = "nebula_memory")]
struct Item {
    #[pooled(rename = "b")]
    a: u32,
    #[pooled(rename = a::b)]
    c: u32,
}

fn main() {

}
