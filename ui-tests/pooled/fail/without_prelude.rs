//! Where there may be no prelude, the field is named by what the note shows.
mod bare {
    #![no_implicit_prelude]

    #[derive(::nebula_memory::Pooled)]
    pub struct Item {
        pub name: ::std::string::String,
        pub id: u64,
    }

    #[derive(::nebula_memory::Builder)]
    #[builder(no_implicit_prelude)]
    pub struct Options {
        pub id: u64,
    }
}

fn main() {
    let _ = bare::Item::builder().id(1).build();
    let _ = bare::Item::builder().id(1).id(1);
    let _ = bare::Options::builder().build();
}
