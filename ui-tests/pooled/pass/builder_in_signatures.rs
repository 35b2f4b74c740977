//! A half-built value can be named, stored, passed on and built by functions that work for any place.
use nebula_memory::pooled::{InPool, Inline, Place, Set, Unset};
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled)]
struct User {
    id: u64,
    name: String,
    age: Option<u8>,
}

type Pool = FixedPool<User, 2>;

struct Pending<'p> {
    builder: UserBuilder<InPool<&'p Pool>, (Set, Unset)>,
}

fn start() -> UserBuilder {
    User::builder()
}

fn named<P: Place<User>>(builder: UserBuilder<P>) -> UserBuilder<P, (Unset, Set)> {
    builder.name("ada".into())
}

fn aged<P: Place<User>, G>(builder: UserBuilder<P, G>) -> UserBuilder<P, G> {
    builder.age(3)
}

fn main() {
    let pool = Pool::new();
    let pending = Pending { builder: aged(User::build_in(&pool).unwrap().id(1)) };
    let user = pending.builder.name("x".into()).finish();
    assert_eq!((user.id, user.age), (1, Some(3)));
    let half: UserBuilder<Inline<User>, (Unset, Set)> = named(start());
    assert_eq!(half.id(2).build().name, "ada");
}
