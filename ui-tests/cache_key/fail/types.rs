//! Types that are not what they seem, and derives that are missing.
use nebula_memory::CacheKey;

#[derive(PartialEq, CacheKey)]
struct Bare {
    text: std::string::String,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct String;

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Own {
    text: String,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Borrow {
    #[cache_key(borrow = str)]
    bytes: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Copied {
    #[cache_key(copy)]
    text: Vec<u8>,
    other: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Variants {
    Borrow(#[cache_key(borrow = str)] Vec<u8>),
    Copied {
        #[cache_key(copy)]
        text: Vec<u8>,
    },
}

fn main() {}
