//! Safe code cannot start a builder in another state than that without fields.
use nebula_memory::Builder;
use nebula_memory::__private::{Inline, Partial, Set};

#[derive(Builder)]
struct Options {
    address: String,
}

fn main() {
    let partial: Partial<Inline<Options>, ((Set,),)> = Partial::inline();
    let _: Options = OptionsBuilder { partial }.build();
}
