//! What has no twin.
use nebula_memory::CacheKey;

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Enum {
    A(String),
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Copied {
    a: u8,
    b: Option<u8>,
}

#[derive(CacheKey)]
#[repr(C, packed)]
struct Packed {
    a: u8,
    b: String,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
#[cache_key(nam = Twin, vis = yes)]
struct Keys {
    #[cache_key(borow = str)]
    a: String,
    #[cache_key(copy, borrow = str)]
    b: String,
    #[cache_key(copy = yes)]
    c: u8,
    #[cache_key]
    d: u8,
    #[cache_key(borrow = "str")]
    e: String,
}

fn main() {}
