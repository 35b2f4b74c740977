//! What has no builder has the functions all the same, so that their use is not one more error.
use nebula_memory::{AllocError, Builder, Pooled};

#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Generic<T> {
    a: T,
}

#[derive(Pooled)]
#[pooled(capacity = 4)]
enum Choice<T> {
    A(T),
    B,
}

#[derive(Builder)]
enum Plain {
    A(u8),
}

#[derive(Builder)]
struct Unsized {
    bytes: [u8],
}

fn main() -> Result<(), AllocError> {
    let generic = Generic::<u8>::acquire()?.a(3).finish();
    println!("{}", generic.a);
    let _ = Generic::<u8>::builder().a(3).build().a + 1;
    let choice = Choice::<u8>::acquire()?.a(3).finish();
    println!("{choice:?}");
    let _ = Choice::<u8>::builder().a(1).build();
    let _ = Choice::<u8>::build_in(&3)?.a(1).finish();
    let _ = Plain::builder().a(1).build();
    let _ = Unsized::builder().bytes([1]).build();
    Ok(())
}
