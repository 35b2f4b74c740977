//! A misspelled check: `build` returns a `Result` all the same, so that its uses are no errors.
use nebula_memory::{AllocError, Builder};

#[derive(Builder)]
#[builder(chek = Self::check)]
struct Options {
    port: u16,
}
impl Options {
    fn check(&self) -> Result<(), AllocError> {
        Ok(())
    }
}

#[derive(Builder)]
#[builder(start = "new")]
struct Other {
    port: u16,
}

fn main() -> Result<(), AllocError> {
    let _ = Options::builder().port(1).build()?.port;
    let _ = Other::builder().port(1).build().port;
    Ok(())
}
