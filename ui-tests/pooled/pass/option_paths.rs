//! What counts as `Option`, and what does not.
use nebula_memory::Pooled;

mod mine {
    #[derive(Debug, PartialEq)]
    pub struct Option<T>(pub T);
}
type Maybe = Option<u8>;

#[derive(Pooled)]
struct Paths {
    a: Option<u8>,
    b: std::option::Option<u8>,
    c: ::core::option::Option<u8>,
    own: mine::Option<u8>,
    alias: Maybe,
    #[pooled(required)]
    required: Option<u8>,
    #[pooled(default = Some(9))]
    defaulted: Option<u8>,
}

fn main() {
    let paths = Paths::builder().own(mine::Option(1)).alias(Some(2)).required(None).build();
    assert_eq!((paths.a, paths.b, paths.c), (None, None, None));
    assert_eq!((paths.own, paths.alias, paths.required, paths.defaulted), (mine::Option(1), Some(2), None, Some(9)));
    let paths = Paths::builder().a(1).b(2).c(3).own(mine::Option(1)).alias(None).required(None).defaulted(4).build();
    assert_eq!((paths.a, paths.b, paths.c, paths.defaulted), (Some(1), Some(2), Some(3), Some(4)));
}
