//! What `self` means has to be said.
#![allow(unused)]
use nebula_memory::cached;

struct Counter(u32);

impl Counter {
    #[cached]
    fn unsaid(&self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(skip = [self])]
    fn changed(&mut self, n: u32) -> u32 {
        self.0 += n;
        self.0
    }

    #[cached(with_self, skip = [self])]
    fn both(&self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self, key = |n| -> u32 { *n })]
    fn said_twice(&self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self)]
    fn none(n: u32) -> u32 {
        n
    }

    #[cached(single_flight, skip = [self])]
    async fn flown(&self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self)]
    fn not_a_key(&self, n: u32) -> u32 {
        self.0 + n
    }
}

fn main() {}
