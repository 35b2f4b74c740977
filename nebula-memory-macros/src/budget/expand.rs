//! The budget as an expression.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::model::{Limit, Model};
use crate::hygiene::locate;

/// The limits are evaluated in the order in which they are written; the callback is an argument, which tells a closure what
/// it is called with.
pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { krate, limits, notify, shared } = model;
    let runtime = quote_spanned!(Span::mixed_site()=> #krate::__private);
    let mode = if *shared {
        quote_spanned!(Span::mixed_site()=> #krate::Shared)
    } else {
        quote_spanned!(Span::mixed_site()=> #krate::Local)
    };
    let name = |limit| match limit {
        Limit::Total => Ident::new("total", Span::mixed_site()),
        Limit::PerAlloc => Ident::new("per_alloc", Span::mixed_site()),
        Limit::Soft => Ident::new("soft", Span::mixed_site()),
    };
    let span_of = |what| limits.iter().find(|(limit, _)| *limit == what).map(|(_, bytes)| bytes.span());
    let total = span_of(Limit::Total).unwrap_or_else(Span::mixed_site);
    let (per_alloc, span) = match span_of(Limit::PerAlloc) {
        Some(span) => (quote_spanned!(Span::mixed_site()=> #runtime::Option::Some(per_alloc)), span),
        None => (quote_spanned!(Span::mixed_site()=> #runtime::Option::None), total),
    };
    // Where the number is: the messages of the checks in it point there.
    let budget =
        locate(quote_spanned!(Span::mixed_site()=> #runtime::budget::<#mode>(total, #per_alloc)), span);
    let budget = match (notify, span_of(Limit::Soft)) {
        (Some(notify), Some(span)) => {
            let soft = locate(quote_spanned!(Span::mixed_site()=> #runtime::soft_limit(soft, total)), span);
            quote_spanned!(Span::mixed_site()=> #budget.with_soft_limit(#soft, #notify))
        }
        _ => budget,
    };
    let names = limits.iter().map(|(limit, _)| name(*limit));
    let values = limits.iter().map(|(_, bytes)| bytes);
    // Each through a function, at whose argument a wrong type is reported.
    quote_spanned! {Span::mixed_site()=>
        match (#(#runtime::limit(#values),)*) {
            (#(#names,)*) => #budget,
        }
    }
}
