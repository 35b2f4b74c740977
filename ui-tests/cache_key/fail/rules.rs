//! What has no twin.
use nebula_memory::CacheKey;

#[derive(CacheKey)]
union Union {
    a: u8,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum CopiedVariants {
    A(u8),
    B { b: Option<u8> },
    C,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Never {}

macro_rules! number {
    () => {
        1
    };
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
#[repr(u8)]
enum Enum {
    #[cache_key(copy)]
    A(String) = number!(),
    B {
        #[cache_key(copy, borrow = str)]
        text: String,
    },
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
