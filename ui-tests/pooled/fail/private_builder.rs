//! The builder of a private type cannot be reached from outside.
mod inner {
    #[derive(nebula_memory::Pooled)]
    struct Hidden {
        a: u32,
    }
}

fn main() {
    let _: inner::HiddenBuilder;
}
