//! With `vis`, others see less of the builder than of the type.
mod inner {
    #[derive(nebula_memory::Pooled)]
    #[pooled(capacity = 1, vis = pub(self))]
    pub struct Item {
        a: u64,
    }
    pub fn item() -> Item {
        Item::builder().a(1).build()
    }
}

fn main() {
    let _ = inner::item();
    let _ = inner::Item::acquire();
    let _ = inner::Item::builder();
}
