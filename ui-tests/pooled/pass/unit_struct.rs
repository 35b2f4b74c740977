//! A unit struct is finished at once.
#![deny(warnings)]
use nebula_memory::{Builder, Pooled};

#[derive(Pooled, Debug, PartialEq)]
#[pooled(capacity = 2)]
struct Token;

#[derive(Builder, Debug, PartialEq)]
struct Marker;

#[derive(Builder)]
struct Empty {}

fn main() {
    let tokens = [Token::acquire().unwrap().finish(), Token::acquire().unwrap().finish()];
    assert!(Token::acquire().is_err());
    assert_eq!(tokens.map(|token| *token == Token), [true, true]);
    assert_eq!((Token::builder().build(), Marker::builder().build()), (Token, Marker));
    let Empty {} = Empty::builder().build();
}
