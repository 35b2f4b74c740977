//! Text to tokens.

use super::{Fault, Span};

/// One token. Names and texts are parts of the expression itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'t> {
    Int(i64),
    Float(f64),
    /// The inside of a quoted text; `true` if it has backslashes to resolve.
    Text(&'t str, bool),
    /// A column or a function.
    Name(&'t str),
    /// A column in backticks.
    Quoted(&'t str),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// Longer signs stand before their prefixes.
const SIGNS: [&str; 16] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")"];

/// Reads tokens one at a time.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn next(&mut self) -> Result<(Token<'t>, Span), Fault> {
        let rest = &self.text[self.at..];
        let rest = rest.trim_start();
        self.at = self.text.len() - rest.len();
        let start = self.at;
        let Some(first) = rest.chars().next() else {
            return Ok((Token::End, (start, start)));
        };
        let (token, len) = match first {
            '0'..='9' | '.' => number(rest, start)?,
            '"' | '\'' => quoted(rest, first, start)?,
            '`' => match rest[1..].find('`') {
                Some(len) => (Token::Quoted(&rest[1..=len]), len + 2),
                None => {
                    return Err(Fault::new(
                        (start, self.text.len()),
                        "the backtick is not closed",
                        "put a second ` after the column's name",
                    ));
                }
            },
            c if c.is_alphabetic() || c == '_' => {
                let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (Token::Name(&rest[..len]), len)
            }
            ',' => (Token::Sign(","), 1),
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => return Err(strange(first, start)),
            },
        };
        self.at += len;
        Ok((token, (start, self.at)))
    }
}

fn strange(c: char, start: usize) -> Fault {
    let help = match c {
        '=' => "equality is written `==`",
        '&' => "`and` is written `&&`",
        '|' => "`or` is written `||`",
        _ => "a column with an unusual name is written in backticks, a text in quotes",
    };
    Fault::new((start, start + c.len_utf8()), format!("`{c}` has no meaning here"), help)
}

fn number(rest: &str, start: usize) -> Result<(Token<'_>, usize), Fault> {
    let digits =
        |from: usize| from + rest[from..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - from);
    let mut len = digits(0);
    let mut whole = true;
    if rest[len..].starts_with('.') {
        whole = false;
        len = digits(len + 1);
    }
    if rest[len..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[len + 1..].starts_with(['+', '-']));
        let end = digits(len + 1 + sign);
        if end > len + 1 + sign {
            whole = false;
            len = end;
        }
    }
    let text = &rest[..len];
    if rest[len..].starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '.') {
        return Err(Fault::new(
            (start, start + len),
            format!("`{text}` runs into a name"),
            "put an operator between them; a column whose name begins with a digit is written in backticks",
        ));
    }
    if whole && let Ok(value) = text.parse() {
        return Ok((Token::Int(value), len));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((Token::Float(value), len)),
        _ => Err(Fault::new(
            (start, start + len),
            format!("`{text}` is not a number"),
            "numbers look like 15, 0.5 or 1e6",
        )),
    }
}

fn quoted(rest: &str, quote: char, start: usize) -> Result<(Token<'_>, usize), Fault> {
    let mut escaped = false;
    let mut has_escapes = false;
    for (i, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
            has_escapes = true;
        } else if c == quote {
            return Ok((Token::Text(&rest[1..i], has_escapes), i + 1));
        }
    }
    Err(Fault::new(
        (start, start + rest.len()),
        "the text is not closed",
        format!("put a {quote} where the text ends"),
    ))
}
