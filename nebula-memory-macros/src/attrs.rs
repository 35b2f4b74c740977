//! Attributes: the shape of ours, the values in them, and the user's that are carried over.

use darling::FromMeta;
use darling::ast::{MetaNameValueInvalidExpr, NestedMeta};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, MacroDelimiter, Meta, MetaList, Token, Visibility};

use crate::attr_tokens::meant;
use crate::diagnostics::Diagnostics;
use crate::suggest;

/// What is in the `#[name(…)]` among the attributes. Those of another shape are reported and left out.
pub(crate) fn ours(attrs: &[Attribute], name: &str, diagnostics: &mut Diagnostics) -> Vec<NestedMeta> {
    let mut keys_of = |attr: &Attribute| match &attr.meta {
        Meta::List(list) => {
            let parens = matches!(list.delimiter, MacroDelimiter::Paren(_));
            if !parens {
                diagnostics
                    .error(&list.path, format_args!("expected parentheses: `#[{name}(key = value, …)]`"));
                return Vec::new();
            }
            let counts = (name == "pooled").then_some("capacity");
            let tokens = meant(without_groups(list.tokens.clone()), counts, diagnostics);
            let attr = Attribute { meta: Meta::List(MetaList { tokens, ..list.clone() }), ..attr.clone() };
            // Not from the tokens alone: where a list stops is known only with the parentheses around it.
            let parsed = attr.parse_args_with(Punctuated::<NestedMeta, Token![,]>::parse_terminated);
            let keys = diagnostics.take(parsed).unwrap_or_default();
            keys.into_iter().filter(|key| has_value(key, diagnostics)).collect()
        }
        Meta::Path(_) | Meta::NameValue(_) => {
            diagnostics
                .error(&attr.meta, format_args!("expected keys in parentheses: `#[{name}(key = value, …)]`"));
            Vec::new()
        }
    };
    attrs.iter().filter(|attr| attr.path().is_ident(name)).flat_map(&mut keys_of).collect()
}

/// The tokens without the invisible delimiters that `macro_rules!` puts around a `$vis`: nothing but an expression or a
/// type may have them where a value is read.
fn without_groups(tokens: TokenStream) -> TokenStream {
    let is_vis = |group: &Group| {
        let first = group.stream().into_iter().next();
        group.delimiter() == Delimiter::None && matches!(first, Some(TokenTree::Ident(word)) if word == "pub")
    };
    let open = |tree| match tree {
        TokenTree::Group(group) if is_vis(&group) => group.stream(),
        other => other.into(),
    };
    tokens.into_iter().flat_map(open).collect()
}

/// Reports `key =` with nothing behind it.
fn has_value(key: &NestedMeta, diagnostics: &mut Diagnostics) -> bool {
    match key {
        NestedMeta::NameValueInvalidExpr(pair) if pair.value.is_empty() => {
            diagnostics.error(&pair.path, "expected a value behind the `=`");
            false
        }
        _ => true,
    }
}

/// The attributes of a field that belong on its setter too.
pub(crate) fn forwarded(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| ["doc", "deprecated"].iter().any(|name| attr.path().is_ident(name)))
        .cloned()
        .collect()
}

/// Where the attributes say `repr(packed)`.
pub(crate) fn packed(attrs: &[Attribute]) -> Option<Span> {
    attrs.iter().filter(|attr| attr.path().is_ident("repr")).find_map(|attr| {
        let reprs = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
        reprs.iter().find(|repr| repr.path().is_ident("packed")).map(|repr| repr.path().span())
    })
}

/// The expression inside the invisible delimiters that `macro_rules!` puts around its fragments.
pub(crate) fn ungroup(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungroup(&group.expr),
        _ => expr,
    }
}

/// A constant of type `usize`; literals of other types are refused, the rest is for the compiler to check.
#[derive(Clone)]
pub(crate) struct Size(pub(crate) Expr);

impl Size {
    /// The value, if it is a literal.
    pub(crate) fn literal(&self) -> Option<u128> {
        literal_size(&self.0)
    }
}

/// The value of an integer literal.
pub(crate) fn literal_size(expr: &Expr) -> Option<u128> {
    match ungroup(expr) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(int) => int.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

impl FromMeta for Size {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a value: `= <constant expression of type usize>`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)) => Err(not_a_size(literal)),
            _ => Ok(Self(expr.clone())),
        }
    }
}

/// What is said of a literal of another type where a number goes.
pub(crate) fn not_a_size(literal: &ExprLit) -> darling::Error {
    let cure = match &literal.lit {
        Lit::Str(text) => match text.value().parse::<u128>() {
            Ok(number) => format!("write the number without quotes, `{number}`"),
            Err(_) => "write a number or a constant expression, without quotes".to_owned(),
        },
        _ => "write a number or a constant expression".to_owned(),
    };
    let found = kind_of(&literal.lit);
    darling::Error::custom(format_args!("expected `usize`, found {found}: {cure}")).with_span(literal)
}

/// What a literal of another type than asked for is called in messages.
pub(crate) fn kind_of(literal: &Lit) -> &'static str {
    match literal {
        Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_) => "a string literal",
        Lit::Char(_) | Lit::Byte(_) => "a character literal",
        Lit::Float(_) => "a floating-point literal",
        Lit::Bool(_) => "a boolean",
        _ => "a literal of another type",
    }
}

/// The word of a list that is the value of a key; `all` says what they mean.
pub(crate) fn word_of(expr: &Expr, known: &[&str], all: &str) -> darling::Result<Ident> {
    let word = match ungroup(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    };
    match word {
        Some(word) if known.iter().any(|known| word == known) => Ok(word.clone()),
        Some(word) => {
            let message = suggest::unknown("value", &word.to_string(), known, all);
            Err(darling::Error::custom(message).with_span(expr))
        }
        None => {
            let quoted = match ungroup(expr) {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            };
            let message = match quoted.filter(|text| known.contains(&text.as_str())) {
                Some(word) => {
                    format!("expected a word, found a string literal: write it without quotes, `{word}`")
                }
                None => format!("expected a word: {all}"),
            };
            Err(darling::Error::custom(message).with_span(expr))
        }
    }
}

/// A key without a value.
#[derive(Default)]
pub(crate) struct Switch(Option<Span>);

impl Switch {
    /// Where the key is, if it is there.
    pub(crate) fn span(&self) -> Option<Span> {
        self.0
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }
}

impl FromMeta for Switch {
    fn from_meta(meta: &Meta) -> darling::Result<Self> {
        if let Meta::Path(path) = meta {
            return Ok(Self(Some(path.span())));
        }
        let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        Err(darling::Error::custom(format_args!("`{name}` takes no value: write it alone")).with_span(meta))
    }

    fn from_none() -> Option<Self> {
        Some(Self(None))
    }
}

/// A new name for something generated.
#[derive(Clone)]
pub(crate) struct Name(pub(crate) Ident);

impl FromMeta for Name {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a name: `= name`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let ident = match ungroup(expr) {
            Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
            _ => None,
        };
        match ident {
            Some(word) if ["self", "Self", "super", "crate"].iter().any(|keyword| word == keyword) => {
                let message = format_args!("`{word}` is a keyword: choose another name");
                Err(darling::Error::custom(message).with_span(expr))
            }
            Some(name) => Ok(Self(name.clone())),
            None => Err(darling::Error::custom("expected a name, without quotes").with_span(expr)),
        }
    }
}

/// Who sees what is generated.
///
/// Not an `Option` of one: darling reads into those only what is an expression, which no visibility is.
#[derive(Clone, Default)]
pub(crate) struct Vis(pub(crate) Option<Visibility>);

impl Vis {
    const EXPECTED: &'static str =
        "expected a visibility: `vis = pub(crate)`; that of the module alone is `pub(self)`";
}

impl FromMeta for Vis {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED).with_span(expr))
    }

    fn from_none() -> Option<Self> {
        Some(Self(None))
    }

    fn from_invalid_expr(pair: &MetaNameValueInvalidExpr) -> darling::Result<Self> {
        match syn::parse2(pair.value.clone()) {
            Ok(vis @ (Visibility::Public(_) | Visibility::Restricted(_))) => Ok(Self(Some(vis))),
            _ => Err(darling::Error::custom(Self::EXPECTED).with_span(&pair.value)),
        }
    }
}

/// A function that is called with the value: a path or a closure.
pub(crate) struct Callee(pub(crate) Expr);

impl Callee {
    pub(crate) fn read(expr: &Expr) -> darling::Result<Self> {
        let found = match ungroup(expr) {
            Expr::Path(_) | Expr::Closure(_) => return Ok(Self(expr.clone())),
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(_) => "a string literal: write the path without quotes",
                other => kind_of(other),
            },
            _ => "another expression",
        };
        let message = format!("expected the path of a function or a closure, found {found}");
        Err(darling::Error::custom(message).with_span(expr))
    }
}

impl FromMeta for Callee {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected the path of a function or a closure: `= path`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        Self::read(expr)
    }
}
