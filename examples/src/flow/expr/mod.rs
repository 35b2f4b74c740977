//! Expressions: `dep_delay > 15 && carrier == "UA"`.
//!
//! ```text
//! text ── lexer ──► tokens ── parser ──► Ast ── check (against the columns) ──► Typed ── eval ──► value
//! ```
//! The tree is made in the memory of the run. Checking gives it types, so that evaluation cannot fail:
//! there is one tree type for truths, one for numbers and one for texts. Missing values behave as in SQL.

mod ast;
mod check;
mod eval;
mod lexer;
mod parser;
mod program;
#[cfg(test)]
mod tests;

pub(crate) use check::check;
pub(crate) use parser::parse;
pub(crate) use program::{Number, Typed};

/// A part of the expression's text: first byte, and the byte after the last.
pub(crate) type Span = (usize, usize);

/// What is wrong with an expression, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: Span,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Fault {
    fn new(at: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: help.into() }
    }
}
