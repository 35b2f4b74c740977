//! Fields are called like what the macro uses inside, like keywords, and like the methods of other builders.
#![allow(non_snake_case, non_camel_case_types)]
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = check, error = error)]
struct check {
    check: u8,
    error: u8,
    value: u8,
    partial: u8,
    finish: u8,
    r#type: u8,
    #[builder(rename = r#move)]
    moved: Option<u8>,
    #[builder(rename = make)]
    build: u8,
    __nebula: u8,
    __fields: u8,
}
#[derive(Debug)]
struct error;

fn check(value: &check) -> Result<(), error> {
    if value.check == 0 { Err(error) } else { Ok(()) }
}

#[derive(Builder)]
#[builder(builder = r#Final)]
struct r#Start {
    a: u8,
}
impl r#Start {
    /// Its own methods do not clash.
    fn build() -> u8 {
        Self::builder().a(1).build().a
    }
}

fn main() {
    let value = check::builder()
        .check(1)
        .error(2)
        .value(3)
        .partial(4)
        .finish(5)
        .r#type(6)
        .r#move(7)
        .make(8)
        .__nebula(9)
        .__fields(10)
        .build()
        .unwrap();
    let numbers = [value.check, value.error, value.value, value.partial, value.finish, value.r#type];
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert_eq!((value.moved, value.build, value.__nebula, value.__fields), (Some(7), 8, 9, 10));
    assert_eq!(r#Start::build(), 1);
    let _: r#Final = r#Start::builder();
}
