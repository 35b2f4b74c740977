//! Values of the wrong type.
#![allow(unused)]
use nebula_memory::cache::SharedCache;
use nebula_memory::cached;

#[cached(capacity = "many".len() as u32)]
fn capacity(n: u8) -> u8 {
    n
}

#[cached(capacity = usize::from(n))]
fn capacity_of_an_argument(n: u8) -> u8 {
    n
}

#[cached(ttl = 1 + 1)]
fn time(n: u8) -> u8 {
    n
}

#[cached(keep = ok)]
fn no_result(n: u8) -> u8 {
    n
}

#[cached(keep = some)]
fn no_option(n: u8) -> Result<u8, u8> {
    Ok(n)
}

struct Own(SharedCache<u8, String>);

impl Own {
    #[cached(cache = self.0)]
    fn other_cache(&self, n: u8) -> u8 {
        n
    }
}

#[cached(weigh = |key, value| value.len())]
fn weight(n: u8) -> String {
    String::new()
}

#[cached(key = |n| -> String { *n })]
fn key(n: u8) -> u8 {
    n
}

fn main() {}
