//! Functions that other macros write.
#![deny(warnings)]
use nebula_memory::cached;

macro_rules! function {
    ($(#[$attr:meta])* $vis:vis fn $name:ident($arg:ident: $ty:ty) -> $output:ty $body:block, $capacity:expr, $policy:ident) => {
        #[cached(capacity = $capacity, policy = $policy)]
        $(#[$attr])*
        $vis fn $name($arg: $ty) -> $output $body
    };
    ($name:ident) => {
        #[cached]
        fn $name(text: &str) -> usize {
            let length = text.len();
            length
        }
    };
}

function!(#[must_use] pub(crate) fn double(n: &u32) -> Result<u32, String> { let m = n * 2; Ok(m) }, 1 + 1, lru);
function!(length);

mod other {
    #[macro_export]
    macro_rules! with_path {
        ($name:ident) => {
            #[$crate::reexported::nebula_memory::cached(crate = $crate::reexported::nebula_memory, name = cache)]
            fn $name(n: u8) -> u8 {
                n
            }
        };
    }
}

pub mod reexported {
    pub use ::nebula_memory;
}

with_path!(same);

fn main() {
    assert_eq!((double(&1), double(&1), length("abc"), same(1)), (Ok(2), Ok(2), 3, 1));
    assert_eq!(cache().len(), 1);
}
