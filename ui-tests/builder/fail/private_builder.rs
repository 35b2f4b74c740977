//! The builder is as visible as the type.
mod inner {
    #[derive(nebula_memory::Builder)]
    struct Hidden {
        a: u8,
    }
    #[derive(nebula_memory::Builder)]
    pub struct Seen {
        a: u8,
    }
}

fn main() {
    let _: inner::SeenBuilder = inner::Seen::builder();
    let _: inner::HiddenBuilder;
}
