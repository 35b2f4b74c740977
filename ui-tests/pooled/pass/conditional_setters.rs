//! Optional and defaulted fields do not change the type of the builder.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Item {
    id: u32,
    note: Option<String>,
    #[pooled(default)]
    count: u32,
    #[pooled(default)]
    values: [u32; 4],
}

fn build(n: u32) -> u32 {
    let mut builder = Item::acquire().unwrap();
    if n > 1 {
        builder = builder.note("many".into());
    }
    for i in 0..n {
        builder = builder.count(i).values_with(|v| v.fill_with(|_| i));
    }
    let item = builder.id(n).finish();
    item.id + item.count + item.values[0] + item.note.as_deref().map_or(0, |note| note.len() as u32)
}

fn main() {
    assert_eq!((build(0), build(3)), (0, 3 + 2 + 2 + 4));
}
