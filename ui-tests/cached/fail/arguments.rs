//! Everything that is wrong with the arguments, at once.
use nebula_memory::cached;

#[cached(capcity = 1, policy = lrru, ttl = 5, tti = "5 minutes", keep = most, key = a, skip = a, name = a::b, single_flight = true)]
fn all(a: u8) -> u8 {
    a
}

#[cached(100)]
fn number(a: u8) -> u8 {
    a
}

#[cached(capacity: 1 MiB, weigh)]
fn units(a: u8) -> u8 {
    a
}

#[cached(capacity = 1 MiB)]
fn bytes(a: u8) -> u8 {
    a
}

#[cached(capacity = 0, ttl = "0s", tti = "1.5s")]
fn zeros(a: u8) -> u8 {
    a
}

#[cached(capacity = "10", policy = "lru", cache = "C")]
fn quoted(a: u8) -> u8 {
    a
}

#[cached(cache = CACHE, capacity = 1, policy = lru, ttl = "1s", tti = "1s", weigh = weigh, name = name)]
fn two_caches(a: u8) -> u8 {
    a
}

#[cached(ttl = "1h", ttl = "2h")]
fn twice(a: u8) -> u8 {
    a
}

fn main() {
    // The functions are there all the same.
    let _ = all(1) + number(1) + units(1) + bytes(1) + zeros(1) + quoted(1) + two_caches(1) + twice(1);
}
