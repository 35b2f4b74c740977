use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{bump_type, mode};
use crate::allocator::model::{Fallback, Item, Number, Part};

/// The one field of a type: its type, and the value, or an error that `?` returns.
pub(super) struct Composition {
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
}

/// From the largest class to the smallest, each around what is there; then the fallback, the budget, the counters.
pub(super) fn composition(item: &Item) -> Composition {
    let Item { krate, ident, classes, fallback, budget, stats, shared, .. } = item;
    let runtime = quote_spanned!(Span::mixed_site()=> #krate::__private);
    let mut classes = classes.iter().rev();
    let Some(last) = classes.next() else { return broken(item) };
    let mut whole = part(item, &last.part);
    for class in classes {
        let Some(Number { name: limit, .. }) = &class.limit else { return broken(item) };
        let small = part(item, &class.part);
        let (ty, value) = (&whole.ty, &whole.value);
        let (small_ty, small_value) = (&small.ty, &small.value);
        whole = Composition {
            ty: quote_spanned! {Span::mixed_site()=>
                #runtime::Segregated<#small_ty, #ty, { #ident::#limit }>
            },
            value: quote_spanned!(Span::mixed_site()=> #runtime::Segregated::new(#small_value, #value)),
        };
    }
    if let Some(fallback) = fallback {
        let second = match fallback {
            Fallback::System => part(item, &Part::System),
            Fallback::Bump(size) => part(item, &Part::Bump(size.clone())),
        };
        let (ty, value) = (&whole.ty, &whole.value);
        let (second_ty, second_value) = (&second.ty, &second.value);
        whole = Composition {
            ty: quote_spanned!(Span::mixed_site()=> #runtime::Fallback<#ty, #second_ty>),
            value: quote_spanned!(Span::mixed_site()=> #runtime::Fallback::new(#value, #second_value)),
        };
    }
    let mode = mode(krate, *shared);
    if let Some(Number { name, .. }) = budget {
        let (ty, value) = (&whole.ty, &whole.value);
        let budget = quote_spanned!(Span::mixed_site()=> #runtime::Root<#mode>);
        whole = Composition {
            ty: quote_spanned!(Span::mixed_site()=> #runtime::Budgeted<#ty, #budget>),
            value: quote_spanned! {Span::mixed_site()=>
                #runtime::Budgeted::new(#value, <#budget>::new(Self::#name))
            },
        };
    }
    if *stats {
        let (ty, value) = (&whole.ty, &whole.value);
        whole = Composition {
            ty: quote_spanned!(Span::mixed_site()=> #runtime::Tracked<#ty, #runtime::Counters<#mode>>),
            value: quote_spanned!(Span::mixed_site()=> #runtime::Tracked::new(#value)),
        };
    }
    whole
}

/// An allocator that is there whatever is wrong.
pub(super) fn broken(item: &Item) -> Composition {
    part(item, &Part::System)
}

/// What is owned, and what makes it.
fn part(item: &Item, part: &Part) -> Composition {
    let krate = &item.krate;
    let owned = |ty: &TokenStream, value: &TokenStream| Composition {
        ty: quote_spanned!(Span::mixed_site()=> #krate::__private::Owned<#ty>),
        value: quote_spanned!(Span::mixed_site()=> #krate::__private::Owned::new(#value?)),
    };
    match part {
        Part::Bump(Number { name, .. }) => {
            let ty = inside(item, part);
            owned(
                &ty,
                &quote_spanned! {Span::mixed_site()=>
                    <#ty>::try_new_in(Self::#name, #krate::SystemAllocator)
                },
            )
        }
        Part::Stack(Number { name, .. }) => {
            let ty = inside(item, part);
            owned(&ty, &quote_spanned!(Span::mixed_site()=> <#ty>::try_new(Self::#name)))
        }
        Part::Pool(Number { name: size, .. }, Number { name: count, .. }) => owned(
            &inside(item, part),
            &quote_spanned! {Span::mixed_site()=>
                #krate::__private::try_pool(Self::#size, Self::#count, #krate::__private::Option::None)
            },
        ),
        Part::System => {
            let system = inside(item, part);
            Composition { ty: system.clone(), value: system }
        }
    }
}

/// The allocator that a class lends.
pub(super) fn inside(item: &Item, part: &Part) -> TokenStream {
    let krate = &item.krate;
    match part {
        Part::Bump(_) => bump_type(krate, item.shared, &quote!(1)),
        Part::Stack(_) => quote_spanned!(Span::mixed_site()=> #krate::StackAllocator),
        Part::Pool(..) => quote_spanned!(Span::mixed_site()=> #krate::PoolAllocator),
        Part::System => quote_spanned!(Span::mixed_site()=> #krate::SystemAllocator),
    }
}

/// The way from the field to a class.
pub(super) fn path_to(item: &Item, index: usize) -> TokenStream {
    let method = |name: &str| Ident::new(name, Span::mixed_site());
    let mut steps = Vec::new();
    steps.extend(item.stats.then(|| method("allocator")));
    steps.extend(item.budget.as_ref().map(|_| method("allocator")));
    steps.extend(item.fallback.as_ref().map(|_| method("primary")));
    steps.extend((0..index).map(|_| method("large")));
    steps.extend((index + 1 < item.classes.len()).then(|| method("small")));
    if steps.is_empty() {
        return quote_spanned!(Span::mixed_site()=> &self.memory);
    }
    quote_spanned!(Span::mixed_site()=> self.memory #(.#steps())*)
}
