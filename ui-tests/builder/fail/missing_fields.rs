//! All that are missing are named, with a check too.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = |_| Ok(()))]
struct Options {
    address: String,
    port: u16,
    user: Option<String>,
}

fn main() -> Result<(), nebula_memory::AllocError> {
    let _ = Options::builder().build()?;
    Ok(())
}
