//! Types and fields whose names could be confused.
#![allow(non_camel_case_types, non_snake_case)]
use nebula_memory::Pooled;

#[derive(Pooled)]
struct FooBar {
    a: u32,
    b: u32,
}
#[derive(Pooled)]
struct Foobar {
    a: u32,
    b: u32,
}
#[derive(Pooled)]
struct user {
    user: u32,
    name: String,
    string: String,
    user_builder: u32,
    userBuilder: u32,
}
#[derive(Pooled)]
struct Clash {
    a: [u8; 1],
    a_with: u32,
}

fn main() {
    assert_eq!(FooBar::builder().a(1).b(2).build().b, 2);
    assert_eq!(Foobar::builder().a(1).b(2).build().a, 1);
    let user = user::builder().user(1).name("a".into()).string("b".into()).user_builder(2).userBuilder(3).build();
    assert_eq!(user.user + user.user_builder + user.userBuilder, 6);
    let clash = Clash::builder().a([1]).a_with(3).build();
    assert_eq!(clash.a.len() as u32 + clash.a_with, 4);
}
