use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::composition::{Composition, broken, composition, inside, path_to};
use super::mode;
use crate::allocator::model::{Class, Item, Number, Part, Relation, Rule, Term};
use crate::hygiene::{bare, locate};

/// The type, its functions, and the traits.
pub(in crate::allocator) fn item(item: &Item) -> TokenStream {
    let Item { krate, attrs, cfgs, vis, ident, .. } = item;
    let Composition { ty, value } = if item.broken { broken(item) } else { composition(item) };
    let (constants, rules) = if item.broken { Default::default() } else { (constants(item), rules(item)) };
    let accessors = accessors(item);
    let name = bare(ident);
    let made =
        format!(" A new [`{name}`], with its memory: blocks of pools come when the first one is asked for.");
    let new = format!("{made}\n\n # Panics\n If there is no memory; see [`try_new`](Self::try_new).");
    let try_new = format!("{made}\n\n # Errors\n If there is no memory.");
    quote_spanned! {Span::mixed_site()=>
        #(#attrs)*
        #vis struct #ident {
            memory: #ty,
        }

        #(#cfgs)*
        #[allow(dead_code)]
        impl #ident {
            #constants

            #[doc = #new]
            #[track_caller]
            #vis fn new() -> Self {
                #krate::__private::or_panic(Self::try_new())
            }

            #[doc = #try_new]
            #vis fn try_new() -> #krate::__private::Result<Self, #krate::AllocError> {
                #krate::__private::Result::Ok(Self { memory: #value })
            }

            #accessors
        }

        #rules

        #(#cfgs)*
        impl #krate::__private::default::Default for #ident {
            fn default() -> Self {
                Self::new()
            }
        }

        #(#cfgs)*
        #krate::__described_allocator! { #ident }
    }
}

/// The numbers, each evaluated once.
fn constants(item: &Item) -> TokenStream {
    let mut numbers: Vec<&Number> = Vec::new();
    for class in &item.classes {
        match &class.part {
            Part::Bump(size) | Part::Stack(size) => {
                numbers.push(size);
                numbers.extend(&class.limit);
            }
            Part::Pool(size, count) => numbers.extend([size, count]),
            Part::System => numbers.extend(&class.limit),
        }
    }
    if let Some(crate::allocator::model::Fallback::Bump(size)) = &item.fallback {
        numbers.push(size);
    }
    numbers.extend(&item.budget);
    let usize = {
        let krate = &item.krate;
        quote_spanned!(Span::mixed_site()=> #krate::__private::primitive::usize)
    };
    numbers
        .into_iter()
        .map(|Number { name, value }| quote_spanned!(Span::mixed_site()=> const #name: #usize = #value;))
        .collect()
}

/// What the compiler is to check, where the user wrote it.
fn rules(item: &Item) -> TokenStream {
    let Item { krate, cfgs, ident, rules, .. } = item;
    let term = |term: &Term| match term {
        Term::Zero => quote_spanned!(Span::mixed_site()=> 0),
        Term::Most => quote_spanned! {Span::mixed_site()=>
            (#krate::__private::primitive::usize::MAX >> 1)
        },
        Term::Number(Number { name, .. }) => quote_spanned!(Span::mixed_site()=> #ident::#name),
        Term::Product(Number { name: a, .. }, Number { name: b, .. }) => {
            quote_spanned!(Span::mixed_site()=> #ident::#a.saturating_mul(#ident::#b))
        }
    };
    rules
        .iter()
        .map(|Rule { left, relation, right, message, span }| {
            let (left, right) = (term(left), term(right));
            let holds = match relation {
                Relation::Less => quote_spanned!(Span::mixed_site()=> #left < #right),
                Relation::AtMost => quote_spanned!(Span::mixed_site()=> #left <= #right),
            };
            let rule = quote_spanned! {Span::mixed_site()=>
                #(#cfgs)*
                const _: () = #krate::__private::assert!(#holds, #message);
            };
            // All of it, so that the message points there and nowhere else.
            locate(rule, *span)
        })
        .collect()
}

/// The functions that show what is inside.
fn accessors(item: &Item) -> TokenStream {
    let Item { krate, vis, classes, budget, stats, shared, broken, .. } = item;
    let mode = mode(krate, *shared);
    let body = |body: TokenStream| {
        if *broken { quote_spanned!(Span::mixed_site()=> loop {}) } else { body }
    };
    let mut tokens = TokenStream::new();
    for (index, Class { name, docs, part, .. }) in classes.iter().enumerate() {
        if matches!(part, Part::System) {
            continue;
        }
        let ty = inside(item, part);
        let path = path_to(item, index);
        let body = body(quote_spanned!(Span::mixed_site()=> #path));
        let described = format!(" The memory `{}`.", bare(name));
        let docs = if docs.iter().any(|attr| attr.path().is_ident("doc")) {
            quote_spanned!(Span::mixed_site()=> #(#docs)*)
        } else {
            quote_spanned!(Span::mixed_site()=> #[doc = #described] #(#docs)*)
        };
        tokens.extend(quote_spanned! {Span::mixed_site()=>
            #docs
            #vis fn #name(&self) -> &#ty {
                #body
            }
        });
    }
    // What is broken has both, whether asked for or not: what was wrong may have been about them.
    if *stats || *broken {
        let body = body(quote_spanned!(Span::mixed_site()=> self.memory.tracker().snapshot()));
        tokens.extend(quote_spanned! {Span::mixed_site()=>
            /// What was counted until now.
            #vis fn stats(&self) -> #krate::__private::CountersSnapshot {
                #body
            }
        });
    }
    if budget.is_some() || *broken {
        let to_budget = if *stats {
            quote_spanned!(Span::mixed_site()=> self.memory.allocator().budget())
        } else {
            quote_spanned!(Span::mixed_site()=> self.memory.budget())
        };
        let body = body(to_budget);
        tokens.extend(quote_spanned! {Span::mixed_site()=>
            /// How much may be used, and how much is.
            #vis fn budget(&self) -> &#krate::Budget<'_, #mode> {
                #body
            }
        });
    }
    tokens
}
