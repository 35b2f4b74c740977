//! Tokens to tree: operator precedence by climbing.

use super::{
    Fault, Span,
    ast::{Ast, Function, MAX_ARGUMENTS, Node, Operator},
    lexer::{Lexer, Token},
};
use crate::flow::{error::closest, memory::Memory};

/// Deeper trees are refused: evaluation recurses, and the stack is finite.
const MAX_DEPTH: usize = 200;
const COMPARISON_LEVEL: u8 = 3;

/// The tree of `text`, in the memory of `space`.
pub(crate) fn parse<'s, M: Memory>(space: M::Space<'s>, text: &str) -> Result<Ast<'s, M>, Fault> {
    let mut lexer = Lexer::new(text);
    let (token, at) = lexer.next()?;
    if token == Token::End {
        return Err(Fault::new(at, "the expression is empty", "write a condition such as `dep_delay > 15`"));
    }
    let mut parser = Parser::<M> { space, lexer, token, at };
    let (tree, _) = parser.binary(1, 0)?;
    match parser.token {
        Token::End => Ok(tree),
        Token::Sign(")") => Err(Fault::new(parser.at, "this bracket was never opened", "remove it")),
        Token::Name(name @ ("and" | "or")) => Err(Fault::new(
            parser.at,
            format!("`{name}` is not an operator"),
            if name == "and" { "`and` is written `&&`" } else { "`or` is written `||`" },
        )),
        _ => Err(Fault::new(
            parser.at,
            "an operator is expected here",
            "operators are + - * / % == != < <= > >= && ||",
        )),
    }
}

struct Parser<'t, 's, M: Memory> {
    space: M::Space<'s>,
    lexer: Lexer<'t>,
    token: Token<'t>,
    at: Span,
}

/// A tree and how deep it is.
type Grown<'s, M> = (Ast<'s, M>, usize);

impl<'s, M: Memory> Parser<'_, 's, M> {
    fn advance(&mut self) -> Result<(), Fault> {
        (self.token, self.at) = self.lexer.next()?;
        Ok(())
    }

    fn boxed(&self, tree: Ast<'s, M>) -> M::Boxed<'s, Ast<'s, M>> {
        M::boxed(self.space, tree)
    }

    fn deep(&self, depth: usize) -> Result<usize, Fault> {
        if depth < MAX_DEPTH {
            return Ok(depth + 1);
        }
        Err(Fault::new(
            self.at,
            format!("the expression is nested more than {MAX_DEPTH} deep"),
            "compute parts of it in columns of their own first",
        ))
    }

    /// Operators that bind at least as tightly as `level`; `nesting` counts the open calls of the parser.
    fn binary(&mut self, level: u8, nesting: usize) -> Result<Grown<'s, M>, Fault> {
        let nesting = self.deep(nesting)?;
        let (mut left, mut depth) = self.unary(nesting)?;
        let mut compared = false;
        while let Token::Sign(sign) = self.token
            && let Some((operator, binding)) = Operator::of(sign)
            && binding >= level
        {
            if binding == COMPARISON_LEVEL && std::mem::replace(&mut compared, true) {
                return Err(Fault::new(
                    self.at,
                    "comparisons cannot be chained",
                    "write `a < b && b < c`, or use brackets",
                ));
            }
            self.advance()?;
            let (right, right_depth) = self.binary(binding + 1, nesting)?;
            depth = self.deep(depth.max(right_depth))?;
            let at = (left.at.0, right.at.1);
            left = Ast { at, node: Node::Binary(operator, self.boxed(left), self.boxed(right)) };
        }
        Ok((left, depth))
    }

    fn unary(&mut self, nesting: usize) -> Result<Grown<'s, M>, Fault> {
        let start = self.at.0;
        let Token::Sign(sign @ ("!" | "-")) = self.token else {
            return self.primary(nesting);
        };
        self.advance()?;
        let nesting = self.deep(nesting)?;
        let (operand, depth) = self.unary(nesting)?;
        let at = (start, operand.at.1);
        let operand = self.boxed(operand);
        let node = if sign == "!" { Node::Not(operand) } else { Node::Negate(operand) };
        Ok((Ast { at, node }, self.deep(depth)?))
    }

    fn primary(&mut self, nesting: usize) -> Result<Grown<'s, M>, Fault> {
        let at = self.at;
        let node = match self.token {
            Token::Int(value) => Node::Int(value),
            Token::Float(value) => Node::Float(value),
            Token::Text(text, false) => Node::Text(M::text(self.space, text)),
            Token::Text(text, true) => Node::Text(M::text(self.space, &unescaped(text, at)?)),
            Token::Quoted(name) => Node::Column(M::text(self.space, name)),
            Token::Name("true") => Node::Truth(true),
            Token::Name("false") => Node::Truth(false),
            Token::Name("missing" | "null") => Node::Missing,
            Token::Name(name) => {
                self.advance()?;
                if self.token == Token::Sign("(") {
                    return self.call(name, at, nesting);
                }
                return Ok((Ast { at, node: Node::Column(M::text(self.space, name)) }, 1));
            }
            Token::Sign("(") => {
                self.advance()?;
                let (mut inner, depth) = self.binary(1, nesting)?;
                inner.at = (at.0, self.at.1);
                self.close(at)?;
                return Ok((inner, depth));
            }
            Token::Sign(_) | Token::End => {
                return Err(Fault::new(
                    at,
                    "a value is expected here",
                    "a value is a column, a number, a \"text\", true, false, missing, or an expression in brackets",
                ));
            }
        };
        self.advance()?;
        Ok((Ast { at, node }, 1))
    }

    fn close(&mut self, opened: Span) -> Result<(), Fault> {
        if self.token == Token::Sign(")") {
            return self.advance();
        }
        if self.token == Token::End {
            return Err(Fault::new(
                opened,
                "this bracket is not closed",
                "put a `)` where the part in brackets ends",
            ));
        }
        Err(Fault::new(self.at, "an operator or `)` is expected here", "close the bracket before this"))
    }

    fn call(&mut self, name: &str, at: Span, nesting: usize) -> Result<Grown<'s, M>, Fault> {
        let Some(&(_, function, arity)) = Function::ALL.iter().find(|(known, ..)| *known == name) else {
            let known = Function::ALL.iter().map(|(known, ..)| *known);
            let near = closest(name, known.clone())
                .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            return Err(Fault::new(
                at,
                format!("there is no function `{name}`"),
                format!("{near}The functions are {}", known.collect::<Vec<_>>().join(", ")),
            ));
        };
        let opened = self.at;
        self.advance()?;
        let mut arguments = [const { None }; MAX_ARGUMENTS];
        let mut count = 0;
        let mut deepest = 0;
        while self.token != Token::Sign(")") {
            if count > 0 {
                if self.token != Token::Sign(",") {
                    self.close(opened)?;
                }
                self.advance()?;
            }
            let (argument, depth) = self.binary(1, nesting)?;
            deepest = deepest.max(depth);
            if let Some(slot) = arguments.get_mut(count) {
                *slot = Some(self.boxed(argument));
            }
            count += 1;
        }
        let at = (at.0, self.at.1);
        if count != arity {
            let plural = if arity == 1 { "" } else { "s" };
            return Err(Fault::new(
                at,
                format!("`{name}` takes {arity} argument{plural}, not {count}"),
                "arguments are separated by commas",
            ));
        }
        self.advance()?;
        Ok((Ast { at, node: Node::Call(function, arguments) }, self.deep(deepest)?))
    }
}

/// Resolves `\"`, `\'`, `\\`, `\n` and `\t`.
fn unescaped(text: &str, at: Span) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, if c == '\\' { chars.next() } else { None }) {
            (c, None) | (_, Some(c @ ('\\' | '"' | '\''))) => c,
            (_, Some('n')) => '\n',
            (_, Some('t')) => '\t',
            (_, Some(other)) => {
                return Err(Fault::new(
                    at,
                    format!("`\\{other}` has no meaning in a text"),
                    "known are \\\" \\' \\\\ \\n \\t",
                ));
            }
        });
    }
    Ok(out)
}
