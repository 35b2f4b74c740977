//! What the user wrote, in its shape; what it means is for `check`.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Token, Visibility, braced, token};

use super::amount::{self, Amount};
use super::check::KINDS;
use crate::crate_path::CratePath;
use crate::scope;
use crate::size::Bytes;

/// The forms of the expression, for messages.
pub(super) const FORMS: &str = "`allocator!(bump 4096)`, `allocator!(pool 64 x 1024)` or \
                                `allocator!(scoped bump 4096 => |a| { … })`";

/// `allocator!(…)` taken apart.
pub(super) enum Input {
    Expression(Expression),
    Item(Item),
}

/// `allocator!(kind size, { options } => |a| { … })`.
pub(super) struct Expression {
    pub(super) krate: CratePath,
    pub(super) scoped: Option<Ident>,
    pub(super) kind: Ident,
    pub(super) amount: Amount,
    pub(super) options: Vec<Setting>,
    /// `=>`, and what is behind it.
    pub(super) body: Option<(Span, Ident, Group)>,
}

/// `key: value`.
pub(super) struct Setting {
    pub(super) key: Ident,
    pub(super) value: Bytes,
}

/// `struct Name { … }`.
pub(super) struct Item {
    pub(super) krate: CratePath,
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) entries: Vec<Entry>,
    /// Of entries that could not be read.
    pub(super) errors: Vec<syn::Error>,
}

/// One line of a `struct`.
pub(super) struct Entry {
    pub(super) attrs: Vec<Attribute>,
    pub(super) key: Ident,
    pub(super) value: Value,
}

pub(super) enum Value {
    /// `bump(1 MiB) up to 64 bytes`, or a word.
    Kind(KindValue),
    Other(Bytes),
}

pub(super) struct KindValue {
    pub(super) word: Ident,
    /// If there is one.
    pub(super) amount: Option<Amount>,
    pub(super) up_to: Option<Bytes>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        let ahead = input.fork();
        let attrs = ahead.call(Attribute::parse_outer)?;
        let vis: Visibility = ahead.parse()?;
        if attrs.is_empty() && matches!(vis, Visibility::Inherited) && !ahead.peek(Token![struct]) {
            return expression(krate, input).map(Self::Expression);
        }
        input.advance_to(&ahead);
        item(krate, attrs, vis, input).map(Self::Item)
    }
}

fn expression(krate: CratePath, input: ParseStream<'_>) -> syn::Result<Expression> {
    let missing_kind =
        |span| syn::Error::new(span, format_args!("expected an allocator kind: write {FORMS}"));
    if input.is_empty() {
        return Err(missing_kind(Span::call_site()));
    }
    let mut kind: Ident = input.parse().map_err(|error| missing_kind(error.span()))?;
    let scoped = (kind == "scoped").then(|| kind.clone());
    if scoped.is_some() {
        if input.is_empty() {
            return Err(missing_kind(kind.span()));
        }
        kind = input.parse().map_err(|error| missing_kind(error.span()))?;
    }
    if scoped.is_none() && at_options(input) && kind.to_string().starts_with(char::is_uppercase) {
        return Err(syn::Error::new(
            kind.span(),
            format_args!(
                "expected `struct {kind}`: a type of allocators is `struct {kind} {{ small: pool(64 bytes x 1024), … }}`"
            ),
        ));
    }
    input.parse::<Option<Token![,]>>()?;
    let starts_size = !(input.is_empty() || input.peek(Token![=>]) || at_options(input));
    let amount = if starts_size { amount::behind(&kind, input)? } else { Amount::default() };
    if input.peek(Token![,]) && at_key(input, 1) {
        input.parse::<Token![,]>()?;
        let all: TokenStream = input.fork().parse()?;
        let text = all.to_string().replace(" :", ":");
        let text =
            if text.chars().count() <= 40 { text } else { format!("{}: …", input.parse::<Ident>()?) };
        return Err(syn::Error::new_spanned(all, format_args!("options go in braces: `, {{ {text} }}`")));
    }
    input.parse::<Option<Token![,]>>()?;
    let options = if at_options(input) { options(input)? } else { Vec::new() };
    let body = if input.peek(Token![=>]) {
        let arrow = input.parse::<Token![=>]>()?.span();
        let expected = |error: syn::Error| {
            let message =
                "expected `|a| { … }` after `=>`: write `allocator!(scoped bump 4096 => |a| { … })`";
            syn::Error::new(error.span(), message)
        };
        let name = scope::parameter(input).map_err(expected)?;
        Some((arrow, name, scope::block(input).map_err(expected)?))
    } else {
        None
    };
    input.parse::<Option<Token![,]>>()?;
    if !input.is_empty() {
        return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
    }
    Ok(Expression { krate, scoped, kind, amount, options, body })
}

/// Whether braces follow, with options in them: not a block that computes a size.
fn at_options(input: ParseStream<'_>) -> bool {
    let inside = |input: ParseStream<'_>| {
        let content;
        braced!(content in input);
        let key = content.is_empty() || at_key(&content, 0);
        // The rest is not looked at, and must not be left over.
        content.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
        Ok(key)
    };
    input.peek(token::Brace) && inside(&input.fork()).unwrap_or(false)
}

/// Whether `key:` or `key =` follows, after `skip` tokens.
fn at_key(input: ParseStream<'_>, skip: usize) -> bool {
    let ahead = input.fork();
    (0..skip).all(|_| ahead.parse::<TokenTree>().is_ok())
        && ahead.peek(syn::Ident)
        && (ahead.peek2(Token![:]) && !ahead.peek2(Token![::])
            || ahead.peek2(Token![=]) && !ahead.peek2(Token![==]) && !ahead.peek2(Token![=>]))
}

/// The `:` or `=` behind a key.
fn separator(input: ParseStream<'_>) -> syn::Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        input.parse::<Token![:]>()?;
    }
    Ok(())
}

fn options(input: ParseStream<'_>) -> syn::Result<Vec<Setting>> {
    let content;
    braced!(content in input);
    let settings = content.parse_terminated(
        |input| {
            let key: Ident = input.parse()?;
            separator(input)?;
            Ok(Setting { key, value: Bytes::parse(input)? })
        },
        Token![,],
    )?;
    Ok(settings.into_iter().collect())
}

fn item(
    krate: CratePath,
    attrs: Vec<Attribute>,
    vis: Visibility,
    input: ParseStream<'_>,
) -> syn::Result<Item> {
    if !input.peek(Token![struct]) {
        return Err(input.error("expected `struct Name { … }`, the type of allocators to define"));
    }
    input.parse::<Token![struct]>()?;
    let ident: Ident = input.parse()?;
    let mut errors = Vec::new();
    if input.peek(Token![<]) {
        errors.push(input.error("a type of allocators takes no generics: all of it is known here"));
        while !(input.is_empty() || input.peek(token::Brace)) {
            input.parse::<TokenTree>()?;
        }
    }
    if !input.peek(token::Brace) {
        return Err(
            input.error(format_args!("expected the memory of `{ident}`: `{{ small: pool(64 x 1024), … }}`"))
        );
    }
    let content;
    braced!(content in input);
    if !input.is_empty() {
        errors.push(input.error("unexpected tokens: `allocator!` defines one type"));
        input.parse::<TokenStream>()?;
    }
    let mut entries = Vec::new();
    while !content.is_empty() {
        // What is left over in parentheses after an error is not one more.
        let ahead = content.fork();
        match entry(&ahead) {
            Ok(entry) => {
                content.advance_to(&ahead);
                entries.push(entry);
            }
            Err(error) => {
                errors.push(error);
                // The other entries are still read.
                while !(content.is_empty() || content.peek(Token![,])) {
                    content.parse::<TokenTree>()?;
                }
            }
        }
        if content.parse::<Option<Token![,]>>()?.is_none() && !content.is_empty() {
            errors.push(content.error("expected `,`: each class and option ends with one"));
        }
    }
    Ok(Item { krate, attrs, vis, ident, entries, errors })
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    let attrs = input.call(Attribute::parse_outer)?;
    let key: Ident = input.parse()?;
    if !(input.peek(Token![:]) || input.peek(Token![=])) {
        return Err(syn::Error::new(
            key.span(),
            format_args!("expected `{key}: bump(1 MiB)`, or another kind of memory"),
        ));
    }
    separator(input)?;
    let value = if key != "budget" && at_kind(input) {
        Value::Kind(kind_value(input)?)
    } else {
        Value::Other(Bytes::parse(input)?)
    };
    // If it is the next entry, only the comma is missing.
    if !(input.is_empty() || input.peek(Token![,]) || at_key(input, 0)) {
        return Err(input.error(format_args!("unexpected tokens after `{key}`: expected `,`")));
    }
    Ok(Entry { attrs, key, value })
}

/// Whether a kind follows: a word that is one; or that is alone, or in front of an amount.
fn at_kind(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Ident>().is_ok_and(|word| KINDS.iter().any(|kind| word == kind))
        || input.peek(syn::Ident)
            && (ahead.is_empty()
                || ahead.peek(Token![,])
                || ahead.peek(token::Paren)
                || ahead.peek(syn::Lit)
                || ahead.parse::<Ident>().is_ok())
}

fn kind_value(input: ParseStream<'_>) -> syn::Result<KindValue> {
    let word: Ident = input.parse()?;
    let at_limit = |input: ParseStream<'_>| {
        let up_to = input.parse::<Ident>()? == "up" && input.parse::<Ident>()? == "to";
        syn::Result::Ok(up_to)
    };
    let none = input.is_empty()
        || input.peek(Token![,])
        || at_key(input, 0)
        || at_limit(&input.fork()).unwrap_or(false);
    let amount = if none { None } else { Some(amount::behind(&word, input)?) };
    let mut up_to = None;
    if input.peek(syn::Ident) && !at_key(input, 0) {
        let up: Ident = input.parse()?;
        let to = input.parse::<Ident>();
        if up != "up" || !to.is_ok_and(|to| to == "to") {
            return Err(syn::Error::new(
                up.span(),
                format_args!("unexpected tokens: a limit is written `{word}(…) up to 256 bytes`"),
            ));
        }
        up_to = Some(Bytes::parse(input)?);
    }
    Ok(KindValue { word, amount, up_to })
}

impl Value {
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Kind(kind) => kind.word.span(),
            Self::Other(value) => value.span(),
        }
    }

    /// What a switch is set to: a word, or a literal.
    pub(super) fn word(&self) -> Option<String> {
        match self {
            Self::Kind(kind) => {
                (kind.amount.is_none() && kind.up_to.is_none()).then(|| kind.word.to_string())
            }
            Self::Other(value) => value.word(),
        }
    }
}
