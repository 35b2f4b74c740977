//! Safe code cannot make a complete builder of an incomplete one.
use nebula_memory::Builder;
use nebula_memory::__private::Set;

#[derive(Builder)]
struct Options {
    address: String,
}

fn main() {
    let builder = Options::builder();
    let _: Options = OptionsBuilder::<(Set,)> { partial: builder.partial }.build();
}
