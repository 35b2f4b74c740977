//! Which functions have results that can be kept.

use syn::{ReceiverKind, ReturnType, Type};

use super::types::{borrow, is_named, nameless, ungroup};
use crate::diagnostics::Diagnostics;
use crate::function::Function;

/// What the function returns; `None` if that was reported.
pub(super) fn check(function: &Function, diagnostics: &mut Diagnostics) -> Option<Type> {
    let signature = &function.signature;
    if let Some(constness) = &signature.constness {
        diagnostics
            .error(constness, "the results of a `const fn` cannot be kept: a cache is found at run time");
    }
    if let Some(variadic) = &signature.variadic {
        diagnostics.error(variadic, "a function with any number of arguments has no key");
    }
    if function.body.is_none() {
        diagnostics.error(
            &signature.ident,
            "`#[cached]` puts the body behind a cache, this function has none: put it on the implementations",
        );
    }
    if let Some(receiver) = signature.receiver() {
        let mutable = match &receiver.kind {
            ReceiverKind::Reference(_, _, mutable) => mutable.is_some(),
            ReceiverKind::Typed(_, ty) => {
                matches!(ungroup(ty), Type::Reference(ty) if ty.mutability.is_some())
            }
            _ => false,
        };
        if mutable {
            diagnostics.error_over(
                receiver,
                "this method changes `self`, and would not when its result is found in the cache: take `&self`",
            );
        }
    }
    result(function, diagnostics)
}

/// What is returned must be there later, and again.
fn result(function: &Function, diagnostics: &mut Diagnostics) -> Option<Type> {
    let signature = &function.signature;
    let nothing = "this function returns nothing, so there is nothing to keep";
    let output = match &signature.output {
        ReturnType::Default => {
            diagnostics.error(&signature.ident, nothing);
            return None;
        }
        ReturnType::Type(_, output) => &**output,
    };
    let message = match ungroup(output) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => nothing,
        Type::Never(_) => "this function never returns, so there is nothing to keep",
        _ if is_future(output) => {
            "a future cannot be kept, only what it results in: write an `async fn`, and `#[cached]` above what makes another \
             function of it"
        }
        _ if nameless(output).is_some() => {
            "what is kept needs a type with a name: return one instead of `impl Trait`"
        }
        _ if borrow(output).is_some() => {
            "this result borrows from the arguments, and would be kept for longer than they live: return an owned value, such as \
             a `String` or an `Arc`"
        }
        _ => return Some(output.clone()),
    };
    let at = borrow(output).or_else(|| nameless(output)).filter(|_| !is_future(output));
    match at {
        Some(span) => diagnostics.error_at(span, message),
        None => diagnostics.error_over(output, message),
    }
    None
}

/// `Pin<Box<dyn Future<…>>>` and `impl Future<…>`.
fn is_future(output: &Type) -> bool {
    let text = quote::quote!(#output).to_string();
    is_named(output, "Pin") || (nameless(output).is_some() && text.contains("Future"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn futures_are_seen() {
        for ty in ["Pin<Box<dyn Future<Output = u8> + Send>>", "impl Future<Output = u8>", "std::pin::Pin<X>"]
        {
            assert!(is_future(&syn::parse_str(ty).unwrap()), "{ty}");
        }
        for ty in ["impl Iterator<Item = u8>", "Box<u8>", "Result<Future, E>"] {
            assert!(!is_future(&syn::parse_str(ty).unwrap()), "{ty}");
        }
    }
}
