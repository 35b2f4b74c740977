//! Required, defaulted, optional and skipped fields, in any order.
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled, Debug, PartialEq)]
struct Request {
    id: u64,
    path: String,
    #[pooled(default)]
    headers: Vec<String>,
    #[pooled(default = 3)]
    retries: u8,
    user: Option<String>,
    #[pooled(skip)]
    started: u64,
    #[pooled(skip = 5 + 2)]
    weight: u16,
}

fn main() {
    let pool = FixedPool::<Request, 2>::new();
    let a = Request::build_in(&pool).unwrap().user("ada".into()).path("/".into()).retries(1).id(7).finish();
    let b = Request::build_in(&pool).unwrap().id(7).path("/".into()).retries(1).user("ada".into()).finish();
    assert_eq!(*a, *b);
    assert!(Request::build_in(&pool).is_err());
    drop(a);
    assert_eq!(pool.available(), 1);
    let c = Request::builder().id(1).path(String::new()).build();
    assert_eq!((c.retries, c.user, c.started, c.weight, c.headers.len()), (3, None, 0, 7, 0));
}
