//! Values where a type is expected, and what to write instead.

use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Lit, PathArguments, Token, Type, UnOp};

use crate::attrs::ungroup;

/// Macros that everybody knows to give a value and no type.
const MACROS: [&str; 8] =
    ["vec", "format", "format_args", "concat", "stringify", "include_str", "include_bytes", "env"];

/// Whether what reads as a type is a value: `f(x)` is `Fn(X)` to a parser, and a macro may be either.
pub(super) fn is_value(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| matches!(last.arguments, PathArguments::Parenthesized(_)))
        }
        Type::Macro(call) => {
            let name = call.mac.path.segments.last();
            name.is_some_and(|name| MACROS.iter().any(|known| name.ident == known))
        }
        Type::Group(group) => is_value(&group.elem),
        _ => false,
    }
}

/// The error for a value without a type, if that is what is there up to the end.
pub(super) fn value_alone(input: ParseStream<'_>, allocator: &Expr) -> Option<syn::Error> {
    let input = input.fork();
    let value: Expr = input.parse().ok()?;
    input.parse::<Option<Token![,]>>().ok()?;
    // An assignment has a type, or something wrong before the `=`.
    if !input.is_empty() || matches!(value, Expr::Assign(_) | Expr::Struct(_)) {
        return None;
    }
    let name = short(allocator).unwrap_or_else(|| "a".to_owned());
    let text = short(&value).unwrap_or_else(|| "…".to_owned());
    let (ty, filled) = match ungroup(&value) {
        Expr::Repeat(repeat) => (
            format!("[{}; {}]", type_of(&repeat.expr), short(&repeat.len).unwrap_or_else(|| "n".to_owned())),
            format!("|_| {}", short(&repeat.expr).unwrap_or_else(|| "…".to_owned())),
        ),
        Expr::Array(array) => (
            format!("[{}; {}]", array.elems.first().map_or("Type", type_of), array.elems.len()),
            "|i| …".to_owned(),
        ),
        value => (type_of(value).to_owned(), text.clone()),
    };
    let method = if owns(&value) { "alloc_box" } else { "alloc" };
    let message = format!(
        "a type comes first: write `alloc!({name}, {ty} = {filled})`; for a value whose type is known, \
         `{name}.{method}({text})`"
    );
    Some(syn::Error::new_spanned(value, message))
}

/// Refuses what is certainly no function of the index.
pub(super) fn function(value: &Expr, ty: &Type, len: &Expr) -> syn::Result<()> {
    let text = match ungroup(value) {
        Expr::Lit(_) | Expr::Tuple(_) | Expr::Struct(_) | Expr::Unary(_) | Expr::Binary(_) => {
            format!("|_| {}", short(value).unwrap_or_else(|| "…".to_owned()))
        }
        Expr::Repeat(repeat) => format!("|_| {}", short(&repeat.expr).unwrap_or_else(|| "…".to_owned())),
        Expr::Array(_) => "|i| …".to_owned(),
        _ => return Ok(()),
    };
    let len = short(len).unwrap_or_else(|| "n".to_owned());
    let ty = spelt(ty);
    Err(syn::Error::new_spanned(
        value,
        format_args!(
            "expected a function of the index, which gives each element: write `[{ty}; {len}] = {text}`"
        ),
    ))
}

/// The type that a literal is of, or a word for it.
fn type_of(value: &Expr) -> &'static str {
    match ungroup(value) {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(_) => "&str",
            Lit::ByteStr(_) => "&[u8]",
            Lit::Byte(_) => "u8",
            Lit::Char(_) => "char",
            Lit::Bool(_) => "bool",
            Lit::Int(number) => suffix(number.suffix()).unwrap_or("i32"),
            Lit::Float(number) => suffix(number.suffix()).unwrap_or("f64"),
            _ => "Type",
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => type_of(&unary.expr),
        _ => "Type",
    }
}

fn suffix(written: &str) -> Option<&'static str> {
    const NUMBERS: [&str; 14] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
    ];
    NUMBERS.into_iter().find(|name| *name == written)
}

/// Whether the value certainly has a destructor.
fn owns(value: &Expr) -> bool {
    const OWNERS: [&str; 5] = ["String", "Vec", "Box", "Rc", "Arc"];
    match ungroup(value) {
        Expr::Macro(call) => ["vec", "format"].iter().any(|name| call.mac.path.is_ident(name)),
        Expr::Call(call) => match ungroup(&call.func) {
            Expr::Path(path) => {
                path.path.segments.iter().any(|segment| OWNERS.iter().any(|owner| segment.ident == owner))
            }
            _ => false,
        },
        _ => false,
    }
}

/// What was written, if it is so short that spaces do not matter.
fn short(value: &Expr) -> Option<String> {
    match ungroup(value) {
        Expr::Lit(literal) => Some(literal.lit.to_token_stream().to_string()),
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Unary(unary) => {
            short(&unary.expr).map(|operand| format!("{}{operand}", unary.op.to_token_stream()))
        }
        _ => None,
    }
}

/// The type, if it is a name.
fn spelt(ty: &Type) -> String {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
    .unwrap_or_else(|| "Type".to_owned())
}
