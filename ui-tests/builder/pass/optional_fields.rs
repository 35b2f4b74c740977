//! What is not required can be set in an `if`, in a loop, again, or not at all; a type may require nothing.
use nebula_memory::Builder;

#[derive(Builder, Debug, PartialEq)]
struct Options {
    name: Option<String>,
    #[builder(default = 1, into)]
    tries: u64,
    #[builder(default)]
    tags: Vec<u8>,
    #[builder(skip = 7)]
    version: u8,
    #[builder(required)]
    parent: Option<u8>,
}

#[derive(Builder, Debug, PartialEq)]
struct Free {
    a: Option<u8>,
}

#[derive(Builder, Debug, PartialEq)]
struct Empty {}

fn main() {
    for verbose in [false, true] {
        let mut builder = Options::builder().parent(None);
        if verbose {
            builder = builder.name("verbose".into());
        }
        for tries in 0..5_u8 {
            builder = builder.tries(tries);
        }
        let options = builder.build();
        assert_eq!(options.name.is_some(), verbose);
        assert_eq!((options.tries, options.tags, options.version, options.parent), (4, vec![], 7, None));
    }
    assert_eq!(Free::builder().build(), Free { a: None });
    assert_eq!(Empty::builder().build(), Empty {});
}
