//! What tells calls apart: arguments, or what the user makes of them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, ExprBlock, ExprClosure, FnArg, Pat, ReceiverKind, ReturnType, Stmt, Type};

use super::types::{borrow, is_named, nameless, optional, peeled, ungroup};
use crate::attrs::Switch;
use crate::cached::model::{How, Key, Lent, Part, Source};
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::hygiene::bare;
use crate::suggest::nearest;

/// What the arguments of the attribute say of the key.
pub(super) struct Asked {
    pub(super) key: Option<ExprClosure>,
    pub(super) skip: Option<Vec<Ident>>,
    pub(super) with_self: Switch,
}

/// As many parts a key can have.
const MOST: usize = 12;

/// An argument of the function.
struct Argument<'f> {
    /// `None` if it is a pattern.
    name: Option<Ident>,
    whole: &'f FnArg,
}

pub(super) fn check(
    asked: Asked,
    function: &Function,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Key> {
    let arguments: Vec<_> = function.signature.inputs.iter().map(Argument::new).collect();
    if let Some(span) = asked.with_self.span() {
        receiver_asked(span, &asked, function, diagnostics);
    }
    if let Some(closure) = asked.key {
        if let Some(skip) = asked.skip.as_ref().and_then(|skip| skip.first()) {
            let message = "`key` says already which arguments count: remove `skip`";
            diagnostics.error(skip, message);
        }
        return computed(closure, &arguments, function, source, diagnostics);
    }
    let skip = asked.skip.unwrap_or_default();
    for (place, name) in skip.iter().enumerate() {
        if !arguments.iter().any(|argument| argument.is(name)) {
            diagnostics.error(name, no_argument(name, &arguments));
        } else if skip.iter().take(place).any(|before| before == name) {
            diagnostics.error(name, format_args!("`{}` is skipped twice", bare(name)));
        }
    }
    let kept: Vec<_> =
        arguments.iter().filter(|argument| !skip.iter().any(|name| argument.is(name))).collect();
    let before = diagnostics.len();
    let mut parts = Vec::new();
    for argument in kept {
        match argument.whole {
            FnArg::Receiver(_) => {
                parts.extend(receiver(argument, asked.with_self.is_on(), source, diagnostics));
            }
            FnArg::Typed(_) => parts.extend(part(argument, diagnostics)),
        }
    }
    named(function, source, diagnostics);
    if parts.len() > MOST {
        diagnostics.error(
            &function.signature.ident,
            format_args!("a key has at most {MOST} parts, this one {}: make one of them, write `key = |a, b, …| -> Key {{ … }}`", parts.len()),
        );
    }
    (diagnostics.len() == before).then_some(Key::Arguments(parts))
}

impl<'f> Argument<'f> {
    fn new(whole: &'f FnArg) -> Self {
        let name = match whole {
            FnArg::Receiver(receiver) => Some(Ident::new("self", receiver.self_token.span)),
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                    Some(pattern.ident.clone())
                }
                _ => None,
            },
        };
        Self { name, whole }
    }

    fn is(&self, name: &Ident) -> bool {
        self.name.as_ref() == Some(name)
    }
}

/// `with_self` goes with a receiver, and without another word on it.
fn receiver_asked(span: Span, asked: &Asked, function: &Function, diagnostics: &mut Diagnostics) {
    let skipped = asked.skip.iter().flatten().find(|name| *name == "self");
    if function.signature.receiver().is_none() {
        diagnostics.error_at(span, "this function has no `self` to take into the key");
    } else if asked.key.is_some() {
        diagnostics.error_at(span, "`key` says already what counts: remove `with_self`");
    } else if let Some(skipped) = skipped {
        diagnostics.error(
            skipped,
            "`with_self` takes `self` into the key, `skip` leaves it out: remove one of the two",
        );
    }
}

/// The receiver as a part of the key, if it is to be one.
fn receiver(
    argument: &Argument<'_>,
    asked: bool,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Part> {
    let FnArg::Receiver(receiver) = argument.whole else { return None };
    let how = match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => How::Reference(1),
        ReceiverKind::Value => How::Value,
        _ => How::Receiver,
    };
    if asked {
        let value = argument.name.clone()?;
        let ty = syn::parse_quote_spanned!(value.span()=> Self);
        return Some(Part { value, how, ty });
    }
    // A cache in `self` is one for each value.
    let own = matches!(source, Source::Given(cache) if has_self(cache));
    if !own {
        diagnostics.error(
            &receiver.self_token,
            "does `self` tell calls apart? If all values of the type give the same results, write `skip = [self]`; else take all \
             of it into the key, `with_self`, or a part, `key = |self, …| -> Key { … }`, or give each value its own cache, \
             `cache = self.cache`",
        );
    }
    None
}

fn has_self(cache: &Expr) -> bool {
    fn any(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Ident(word) => word == "self",
            TokenTree::Group(group) => any(group.stream()),
            _ => false,
        })
    }
    any(cache.to_token_stream())
}

/// The argument as a part of the key.
fn part(argument: &Argument<'_>, diagnostics: &mut Diagnostics) -> Option<Part> {
    let FnArg::Typed(typed) = argument.whole else { return None };
    let Some(name) = &argument.name else {
        diagnostics.error_over(
            &typed.pat,
            "a part of the key needs a name: give the argument one and take it apart in the body, or write \
             `key = |…| -> Key { … }` without it",
        );
        return None;
    };
    if let Some(condition) = typed.attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
        diagnostics.error_over(
            condition,
            "an argument that may be missing cannot be part of the key: put the condition on the function",
        );
        return None;
    }
    let shown = bare(name);
    if let Type::Reference(reference) = ungroup(&typed.ty)
        && reference.mutability.is_some()
    {
        diagnostics.error_over(
            &typed.ty,
            format_args!("what is behind `{shown}` may be changed by the function, and is not when the result is found in the cache: if that is no matter, write `skip = [{shown}]`"),
        );
        return None;
    }
    let (how, ty) = lent(&typed.ty);
    if let Some(span) = borrow(ty) {
        diagnostics.error_at(
            span,
            format_args!("a key is kept for longer than this borrow lives: only `&T` and `Option<&T>` are made owned by themselves; write `key = |{shown}, …| -> Key {{ … }}` with an owned key"),
        );
        return None;
    }
    if let Type::Path(path) = ungroup(ty)
        && let Some(float) = path.path.get_ident().filter(|name| *name == "f32" || *name == "f64")
    {
        let bits = if float == "f32" { "u32" } else { "u64" };
        diagnostics.error(
            float,
            format_args!("a floating-point number is not `Eq`, so it cannot be a key: take its bits, `key = |{shown}, …| -> {bits} {{ {shown}.to_bits() }}`"),
        );
        return None;
    }
    Some(Part { value: name.clone(), how, ty: ty.clone() })
}

/// How a value of this type is lent, and what it is without references.
pub(super) fn lent(ty: &Type) -> (How, &Type) {
    let (inner, count) = peeled(ty);
    if count > 0 {
        return (How::Reference(count), inner);
    }
    if let Some(inner) = optional(ty)
        && let (inner, 1) = peeled(inner)
    {
        return (How::Optional, inner);
    }
    (How::Value, ty)
}

/// A key that the user's closure makes.
fn computed(
    closure: ExprClosure,
    arguments: &[Argument<'_>],
    function: &Function,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Key> {
    let before = diagnostics.len();
    let mut names = Vec::new();
    for input in &closure.inputs {
        match input {
            Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
                names.push(pattern.ident.clone());
            }
            Pat::Path(path) if path.path.is_ident("self") => names.extend(path.path.get_ident().cloned()),
            Pat::Type(typed) => diagnostics
                .error_over(&typed.ty, "the types are those of the arguments: write the name alone"),
            other => diagnostics.error_over(other, "expected the name of an argument"),
        }
    }
    let mut lends = Vec::new();
    for name in names {
        match arguments.iter().find(|argument| argument.is(&name)) {
            None => diagnostics.error(&name, no_argument(&name, arguments)),
            // In a closure, `self` is what it is around it.
            Some(Argument { whole: FnArg::Receiver(_), .. }) => {}
            Some(Argument { whole: FnArg::Typed(typed), .. }) => {
                let by_value = !matches!(ungroup(&typed.ty), Type::Reference(ty) if ty.mutability.is_none());
                lends.push(Lent { name, by_value });
            }
        }
    }
    if closure.asyncness.is_some() || closure.capture.is_some() {
        diagnostics.error_over(
            &closure,
            "the closure of `key` is neither `async` nor `move`: it only looks at the arguments",
        );
    }
    let ty = match &closure.output {
        ReturnType::Type(_, ty) => ty,
        ReturnType::Default => {
            diagnostics.error_over(&closure, "the type of the key is missing: write `|…| -> Key { … }`");
            return None;
        }
    };
    let (how, inner) = lent(ty);
    if let Some(span) = borrow(inner) {
        diagnostics.error_at(
            span,
            "a key is kept for longer than this borrow lives: only `&T` and `Option<&T>` are made owned by themselves",
        );
    } else if let Some(span) = nameless(inner) {
        diagnostics.error_at(span, "a key needs a type with a name");
    } else if is_named(inner, "f32") || is_named(inner, "f64") {
        diagnostics.error_over(
            inner,
            "a floating-point number is not `Eq`, so it cannot be a key: take its bits, `to_bits()`",
        );
    }
    named(function, source, diagnostics);
    if diagnostics.len() > before {
        return None;
    }
    let value = Ident::new("__computed", Span::mixed_site());
    Some(Key::Computed {
        lent: lends,
        part: Box::new(Part { value, how, ty: inner.clone() }),
        ty: ty.clone(),
        // Without its braces, which would be `unused_braces` in others.
        body: match *closure.body {
            Expr::Block(ExprBlock { attrs, label: None, block }) if attrs.is_empty() => block.stmts,
            other => vec![Stmt::Expr(other, None)],
        },
    })
}

/// Where the type of the cache is written out, those of the arguments must have names.
fn named(function: &Function, source: &Source, diagnostics: &mut Diagnostics) {
    let Source::Own(own) = source else { return };
    let message = if own.companion.is_some() {
        "`name` is of a function that gives the cache, and there is one for each type here: write a generic parameter instead of \
         `impl Trait`"
    } else if own.weigh.is_some() {
        "`weigh` gets the key, whose type needs a name: write a generic parameter instead of `impl Trait`"
    } else {
        return;
    };
    for input in &function.signature.inputs {
        if let FnArg::Typed(typed) = input
            && let Some(span) = nameless(&typed.ty)
        {
            diagnostics.error_at(span, message);
        }
    }
}

fn no_argument(name: &Ident, arguments: &[Argument<'_>]) -> String {
    let known: Vec<_> = arguments.iter().filter_map(|argument| argument.name.as_ref().map(bare)).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let shown = bare(name);
    match nearest(&shown, &known) {
        Some(meant) => format!("there is no argument `{shown}`. Did you mean `{meant}`?"),
        None => format!("there is no argument `{shown}`"),
    }
}
