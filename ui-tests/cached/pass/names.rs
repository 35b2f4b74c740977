//! Names that generated code might have.
#![deny(warnings)]
#![allow(non_upper_case_globals, non_camel_case_types, dead_code, non_snake_case)]
use nebula_memory::cached;

const CACHES: usize = 3;
const cache: usize = 1;

struct Some;
struct Ok;
struct Err;
struct Option;
struct Result;
struct String;
struct Default;
enum Memo {}

fn look() {}
fn keep() {}

#[cached(capacity = CACHES + 1, name = of_all)]
fn all(__key: u8, __found: u8, __computed: u8, __build: u8, __cache: u8, r#type: u8) -> usize {
    look();
    keep();
    CACHES + cache + usize::from(__key + __found + __computed + __build + __cache + r#type)
}

#[cached(key = |__computed, r#fn| -> (u8, u8) { (*__computed, *r#fn) }, capacity = cache + 1)]
fn r#match(__computed: u8, r#fn: u8) -> usize {
    CACHES + usize::from(__computed) + usize::from(r#fn)
}

#[cached]
async fn waits(__cache: u8, __key: u8) -> u8 {
    __cache + __key
}

fn main() {
    assert_eq!((all(1, 2, 3, 4, 5, 6), r#match(1, 2)), (25, 6));
    assert_eq!(of_all().capacity(), 4);
    let _ = waits(1, 2);
}
