//! From the tree as written to the tree with types.

use super::{
    Fault, Span,
    ast::{Ast, Comparison, Function, Node, Operator},
    program::{Number, NumberMap, NumberTree, Text, Truth, Typed},
};
use crate::flow::{
    engine::{Kind, Schema},
    error::columns_help,
    memory::Memory,
};

/// Gives `tree` types, or says which part does not fit.
pub(crate) fn check<'s, M: Memory>(
    space: M::Space<'s>,
    tree: &Ast<'s, M>,
    columns: &Schema,
) -> Result<Typed<'s, M>, Fault> {
    Checker::<M> { space, columns }.tree(tree)
}

struct Checker<'c, 's, M: Memory> {
    space: M::Space<'s>,
    columns: &'c Schema,
}

/// Two values of one type.
enum Pair<'s, M: Memory> {
    Truths(Truth<'s, M>, Truth<'s, M>),
    Numbers(NumberTree<'s, M>, NumberTree<'s, M>),
    Texts(Text<'s, M>, Text<'s, M>),
    Missing,
}

/// What a value is called in a message.
fn noun<M: Memory>(value: &Typed<'_, M>) -> &'static str {
    match value {
        Typed::Truth(_) => "true or false",
        Typed::Number(_) => "a number",
        Typed::Text(_) => "text",
        Typed::Missing => "missing",
    }
}

impl<'s, M: Memory> Checker<'_, 's, M> {
    fn boxed<T: 's>(&self, value: T) -> M::Boxed<'s, T> {
        M::boxed(self.space, value)
    }

    fn tree(&self, tree: &Ast<'s, M>) -> Result<Typed<'s, M>, Fault> {
        Ok(match &tree.node {
            Node::Missing => Typed::Missing,
            Node::Truth(value) => Typed::Truth(Truth::Constant(Some(*value))),
            Node::Int(value) => Typed::Number(NumberTree::Constant(Some(Number::Int(*value)))),
            Node::Float(value) => Typed::Number(NumberTree::Constant(Some(Number::Float(*value)))),
            Node::Text(value) => Typed::Text(Text::Constant(Some(M::text(self.space, value)))),
            Node::Column(name) => self.column(name, tree.at)?,
            Node::Not(operand) => Typed::Truth(Truth::Not(self.boxed(self.truth(operand, "`!`")?))),
            Node::Negate(operand) => self.map(NumberMap::Negate, operand, "`-`")?,
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, tree.at)?,
            Node::Call(function, arguments) => match (function, arguments) {
                (_, [Some(only), None, None]) => self.call_one(*function, only)?,
                (_, [Some(first), Some(second), None]) => self.call_two(*function, first, second)?,
                (_, [Some(condition), Some(then), Some(otherwise)]) => {
                    self.choice(condition, then, otherwise)?
                }
                _ => Typed::Missing,
            },
        })
    }

    fn column(&self, name: &str, at: Span) -> Result<Typed<'s, M>, Fault> {
        let Some(position) = self.columns.position(name) else {
            return Err(Fault::new(
                at,
                format!("there is no column `{name}`"),
                columns_help(name, self.columns.names()),
            ));
        };
        Ok(match self.columns.kind(position) {
            Kind::Int | Kind::Float | Kind::Unknown => Typed::Number(NumberTree::Column(position)),
            Kind::Truth => Typed::Truth(Truth::Column(position)),
            Kind::Text => Typed::Text(Text::Column(position)),
        })
    }

    /// A hint when a column's type was only assumed.
    fn assumed(&self, tree: &Ast<'s, M>) -> &'static str {
        match &tree.node {
            Node::Column(name)
                if self.columns.position(name).map(|at| self.columns.kind(at)) == Some(Kind::Unknown) =>
            {
                "; this column has no value in the first records and was taken for a number: \
                 say `\"types\": {\"…\": \"text\"}` in the source if it is text"
            }
            _ => "",
        }
    }

    fn mismatch(&self, tree: &Ast<'s, M>, what: &str, wanted: &str, found: &Typed<'s, M>) -> Fault {
        Fault::new(
            tree.at,
            format!("type error: {what} needs {wanted}, and this is {}", noun(found)),
            format!("use a part that gives {wanted}{}", self.assumed(tree)),
        )
    }

    fn truth(&self, tree: &Ast<'s, M>, what: &str) -> Result<Truth<'s, M>, Fault> {
        match self.tree(tree)? {
            Typed::Truth(truth) => Ok(truth),
            Typed::Missing => Ok(Truth::Constant(None)),
            other => Err(self.mismatch(tree, what, "true or false", &other)),
        }
    }

    fn number(&self, tree: &Ast<'s, M>, what: &str) -> Result<NumberTree<'s, M>, Fault> {
        match self.tree(tree)? {
            Typed::Number(number) => Ok(number),
            Typed::Missing => Ok(NumberTree::Constant(None)),
            other => Err(self.mismatch(tree, what, "a number", &other)),
        }
    }

    fn map(&self, map: NumberMap, operand: &Ast<'s, M>, what: &str) -> Result<Typed<'s, M>, Fault> {
        Ok(Typed::Number(NumberTree::Map(map, self.boxed(self.number(operand, what)?))))
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Ast<'s, M>,
        right: &Ast<'s, M>,
        at: Span,
    ) -> Result<Typed<'s, M>, Fault> {
        let what = format!("`{}`", operator.sign());
        Ok(match operator {
            Operator::And => Typed::Truth(Truth::And(
                self.boxed(self.truth(left, &what)?),
                self.boxed(self.truth(right, &what)?),
            )),
            Operator::Or => Typed::Truth(Truth::Or(
                self.boxed(self.truth(left, &what)?),
                self.boxed(self.truth(right, &what)?),
            )),
            Operator::Arithmetic(arithmetic) => Typed::Number(NumberTree::Arithmetic(
                arithmetic,
                self.boxed(self.number(left, &what)?),
                self.boxed(self.number(right, &what)?),
            )),
            Operator::Compare(comparison) => Typed::Truth(self.compare(comparison, left, right, at)?),
        })
    }

    fn compare(
        &self,
        comparison: Comparison,
        left: &Ast<'s, M>,
        right: &Ast<'s, M>,
        at: Span,
    ) -> Result<Truth<'s, M>, Fault> {
        Ok(match (self.tree(left)?, self.tree(right)?) {
            (Typed::Number(a), Typed::Number(b)) => Truth::Numbers(comparison, self.boxed(a), self.boxed(b)),
            (Typed::Text(a), Typed::Text(b)) => Truth::Texts(comparison, self.boxed(a), self.boxed(b)),
            (Typed::Truth(a), Typed::Truth(b)) => match comparison {
                Comparison::Equal => Truth::Equal(self.boxed(a), self.boxed(b)),
                Comparison::NotEqual => Truth::NotEqual(self.boxed(a), self.boxed(b)),
                _ => {
                    return Err(Fault::new(
                        at,
                        "type error: true and false have no order",
                        "compare them with == or !=",
                    ));
                }
            },
            (Typed::Missing, _) | (_, Typed::Missing) => {
                return Err(Fault::new(
                    at,
                    "a comparison with `missing` is always missing, never true",
                    "ask `is_missing(x)` or `!is_missing(x)`",
                ));
            }
            (a, b) => {
                return Err(Fault::new(
                    at,
                    format!("type error: {} cannot be compared with {}", noun(&a), noun(&b)),
                    format!(
                        "both sides must be of one type; a text stands in quotes{}{}",
                        self.assumed(left),
                        self.assumed(right)
                    ),
                ));
            }
        })
    }

    fn call_one(&self, function: Function, argument: &Ast<'s, M>) -> Result<Typed<'s, M>, Fault> {
        let map = match function {
            Function::Abs => NumberMap::Abs,
            Function::Floor => NumberMap::Floor,
            Function::Ceil => NumberMap::Ceil,
            Function::Round => NumberMap::Round,
            _ => {
                let value = self.tree(argument)?;
                return Ok(Typed::Truth(Truth::IsMissing(self.boxed(value))));
            }
        };
        self.map(map, argument, &format!("`{}`", function.name()))
    }

    fn call_two(
        &self,
        function: Function,
        first: &Ast<'s, M>,
        second: &Ast<'s, M>,
    ) -> Result<Typed<'s, M>, Fault> {
        if function == Function::Coalesce {
            return Ok(match self.same(first, second, "`coalesce`")? {
                Pair::Truths(a, b) => Typed::Truth(Truth::Coalesce(self.boxed(a), self.boxed(b))),
                Pair::Numbers(a, b) => Typed::Number(NumberTree::Coalesce(self.boxed(a), self.boxed(b))),
                Pair::Texts(a, b) => Typed::Text(Text::Coalesce(self.boxed(a), self.boxed(b))),
                Pair::Missing => Typed::Missing,
            });
        }
        let what = format!("`{}`", function.name());
        let (a, b) = (self.number(first, &what)?, self.number(second, &what)?);
        Ok(Typed::Number(NumberTree::Extreme(function == Function::Min, self.boxed(a), self.boxed(b))))
    }

    fn choice(
        &self,
        condition: &Ast<'s, M>,
        then: &Ast<'s, M>,
        otherwise: &Ast<'s, M>,
    ) -> Result<Typed<'s, M>, Fault> {
        let condition = self.boxed(self.truth(condition, "the condition of `if`")?);
        Ok(match self.same(then, otherwise, "`if`")? {
            Pair::Truths(a, b) => Typed::Truth(Truth::If(condition, self.boxed(a), self.boxed(b))),
            Pair::Numbers(a, b) => Typed::Number(NumberTree::If(condition, self.boxed(a), self.boxed(b))),
            Pair::Texts(a, b) => Typed::Text(Text::If(condition, self.boxed(a), self.boxed(b))),
            Pair::Missing => Typed::Missing,
        })
    }

    /// Two values that must be of one type; `missing` fits any.
    fn same(&self, first: &Ast<'s, M>, second: &Ast<'s, M>, what: &str) -> Result<Pair<'s, M>, Fault> {
        use Typed as T;
        Ok(match (self.tree(first)?, self.tree(second)?) {
            (T::Truth(a), T::Truth(b)) => Pair::Truths(a, b),
            (T::Truth(a), T::Missing) => Pair::Truths(a, Truth::Constant(None)),
            (T::Missing, T::Truth(b)) => Pair::Truths(Truth::Constant(None), b),
            (T::Number(a), T::Number(b)) => Pair::Numbers(a, b),
            (T::Number(a), T::Missing) => Pair::Numbers(a, NumberTree::Constant(None)),
            (T::Missing, T::Number(b)) => Pair::Numbers(NumberTree::Constant(None), b),
            (T::Text(a), T::Text(b)) => Pair::Texts(a, b),
            (T::Text(a), T::Missing) => Pair::Texts(a, Text::Constant(None)),
            (T::Missing, T::Text(b)) => Pair::Texts(Text::Constant(None), b),
            (T::Missing, T::Missing) => Pair::Missing,
            (a, b) => {
                return Err(Fault::new(
                    second.at,
                    format!("type error: {what} needs values of one type, not {} and {}", noun(&a), noun(&b)),
                    format!("make both the same{}{}", self.assumed(first), self.assumed(second)),
                ));
            }
        })
    }
}
