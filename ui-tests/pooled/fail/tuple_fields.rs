//! Messages about the fields of a tuple struct.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Pair(u32, String, #[pooled(rename = flag)] bool, #[pooled(defalt)] u8);

#[derive(Pooled)]
struct Clash(#[pooled(rename = _3)] u8, Option<u8>, Option<u8>, u32);

fn main() {
    let _ = Pair::builder()._0(1)._3(1).build();
    let _ = Pair::builder()._0(1)._0(2);
    let _ = Pair::builder()._0("x");
    let _ = Pair::builder()._4(1);
    let _ = Clash::builder();
}
