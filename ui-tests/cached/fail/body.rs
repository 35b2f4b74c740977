//! Errors in the body are those of the body.
use nebula_memory::cached;

#[cached]
fn mismatch(n: u8) -> String {
    n
}

#[cached]
fn missing(n: u8) -> String {
    let text = n.to_string();
}

#[cached]
async fn mismatch_later(n: u8) -> Result<String, std::num::ParseIntError> {
    let number: u8 = "1".parse()?;
    Ok(number + n)
}

#[cached]
fn unknown(text: &str) -> usize {
    text.lenght()
}

#[cached]
fn unused(n: u8) -> u8 {
    #![deny(unused_variables)]
    let unused = n;
    n
}

fn main() {}
