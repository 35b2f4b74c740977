//! The tree as it was written.

use super::Span;
use crate::flow::memory::Memory;

/// A part of an expression and where it stands in the text.
pub(crate) struct Ast<'s, M: Memory> {
    pub(super) at: Span,
    pub(super) node: Node<'s, M>,
}

/// What a part is.
pub(super) enum Node<'s, M: Memory> {
    Missing,
    Truth(bool),
    Int(i64),
    Float(f64),
    Text(M::Text<'s>),
    Column(M::Text<'s>),
    Not(M::Boxed<'s, Ast<'s, M>>),
    Negate(M::Boxed<'s, Ast<'s, M>>),
    Binary(Operator, M::Boxed<'s, Ast<'s, M>>, M::Boxed<'s, Ast<'s, M>>),
    Call(Function, [Option<M::Boxed<'s, Ast<'s, M>>>; MAX_ARGUMENTS]),
}

/// The most arguments any function takes.
pub(super) const MAX_ARGUMENTS: usize = 3;

/// The operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

/// The six comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The five kinds of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    /// The operator a sign stands for, and how tightly it binds.
    pub(super) fn of(sign: &str) -> Option<(Self, u8)> {
        use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        Some(match sign {
            "||" => (Self::Or, 1),
            "&&" => (Self::And, 2),
            "==" => (Self::Compare(Equal), 3),
            "!=" => (Self::Compare(NotEqual), 3),
            "<" => (Self::Compare(Less), 3),
            "<=" => (Self::Compare(LessOrEqual), 3),
            ">" => (Self::Compare(Greater), 3),
            ">=" => (Self::Compare(GreaterOrEqual), 3),
            "+" => (Self::Arithmetic(Add), 4),
            "-" => (Self::Arithmetic(Subtract), 4),
            "*" => (Self::Arithmetic(Multiply), 5),
            "/" => (Self::Arithmetic(Divide), 5),
            "%" => (Self::Arithmetic(Remainder), 5),
            _ => return None,
        })
    }

    /// What to call it in a message.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Compare(Comparison::Equal) => "==",
            Self::Compare(Comparison::NotEqual) => "!=",
            Self::Compare(Comparison::Less) => "<",
            Self::Compare(Comparison::LessOrEqual) => "<=",
            Self::Compare(Comparison::Greater) => ">",
            Self::Compare(Comparison::GreaterOrEqual) => ">=",
            Self::Arithmetic(Arithmetic::Add) => "+",
            Self::Arithmetic(Arithmetic::Subtract) => "-",
            Self::Arithmetic(Arithmetic::Multiply) => "*",
            Self::Arithmetic(Arithmetic::Divide) => "/",
            Self::Arithmetic(Arithmetic::Remainder) => "%",
        }
    }
}

/// The functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    IsMissing,
    If,
    Coalesce,
    Abs,
    Floor,
    Ceil,
    Round,
    Min,
    Max,
}

impl Function {
    /// Every function: its name and how many arguments it takes.
    pub(super) const ALL: [(&'static str, Self, usize); 9] = [
        ("is_missing", Self::IsMissing, 1),
        ("if", Self::If, 3),
        ("coalesce", Self::Coalesce, 2),
        ("abs", Self::Abs, 1),
        ("floor", Self::Floor, 1),
        ("ceil", Self::Ceil, 1),
        ("round", Self::Round, 1),
        ("min", Self::Min, 2),
        ("max", Self::Max, 2),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function, _)| *function == self).map_or("", |(name, ..)| name)
    }
}
