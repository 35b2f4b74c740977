use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{bump_type, mode};
use crate::allocator::model::{Expression, Kind};
use crate::scope;

/// The arguments are in the order in which they are written, each of them once; alignments are constants.
pub(in crate::allocator) fn expression(model: &Expression) -> TokenStream {
    let Expression { krate, kind, shared, stats, align, budget, body } = model;
    let plain = match kind {
        Kind::Bump(size) if !shared && align.is_none() => {
            quote_spanned!(Span::mixed_site()=> #krate::BumpAllocator::new(#size))
        }
        Kind::Bump(size) => {
            let align = align.as_ref().map_or_else(|| quote!(1), |align| quote!({ #align }));
            let bump = bump_type(krate, *shared, &align);
            quote_spanned!(Span::mixed_site()=> <#bump>::new_in(#size, #krate::SystemAllocator))
        }
        Kind::Stack(size) => quote_spanned!(Span::mixed_site()=> #krate::StackAllocator::new(#size)),
        Kind::Pool(size, count) => {
            let align = if let Some(align) = align {
                quote_spanned! {Span::mixed_site()=>
                    #krate::__private::Option::Some(const { #align })
                }
            } else {
                quote_spanned!(Span::mixed_site()=> #krate::__private::Option::None)
            };
            quote_spanned!(Span::mixed_site()=> #krate::__private::pool(#size, #count, #align))
        }
        Kind::System => quote_spanned!(Span::mixed_site()=> #krate::SystemAllocator),
    };
    if let Some((name, block)) = body {
        return scope::open(&plain, name, block);
    }
    let mode = mode(krate, *shared);
    let mut whole = plain;
    if (*stats || budget.is_some()) && !matches!(kind, Kind::System) {
        whole = quote_spanned!(Span::mixed_site()=> #krate::__private::Owned::new(#whole));
    }
    if let Some(budget) = budget {
        whole = quote_spanned! {Span::mixed_site()=>
            #krate::__private::Budgeted::new(#whole, #krate::Budget::<'static, #mode>::with_limit(#budget))
        };
    }
    if *stats {
        whole = quote_spanned! {Span::mixed_site()=>
            #krate::__private::Tracked::<_, #krate::__private::Counters<#mode>>::new(#whole)
        };
    }
    whole
}
