//! Converting setters; other names for setters, for the builder and for the function that starts one.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(builder = Assembly, start = begin)]
struct Item {
    #[pooled(into)]
    name: String,
    #[pooled(into)]
    label: Option<String>,
    #[pooled(into, default = 5)]
    size: u64,
    #[pooled(rename = done)]
    finish: bool,
    #[pooled(rename = make)]
    build: bool,
}

impl Item {
    #[allow(dead_code)]
    fn builder() {}
}

fn main() {
    let assembly: Assembly = Item::begin();
    let item = assembly.name("a").label("b").size(1_u8).done(true).make(false).build();
    assert_eq!((&*item.name, item.label.as_deref(), item.size, item.finish, item.build), ("a", Some("b"), 1, true, false));
}
