//! Only structs.
use nebula_memory::Pooled;

#[derive(Pooled)]
enum Either {
    A,
}
#[derive(Pooled)]
union Both {
    a: u32,
}

fn main() {

}
