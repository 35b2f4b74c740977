//! The builder's type, and the functions that start one.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::Context;
use crate::hygiene::bare;
use crate::pooled::model::Pool;

/// The declaration, beside the user's type.
pub(super) fn declaration(cx: &Context<'_>) -> TokenStream {
    let model = cx.model;
    let (vis, builder, krate, place, groups) =
        (&model.vis, &model.builder, &model.krate, &cx.place, &cx.groups);
    let (declared, predicates, ty) = (&cx.parts.declared, &cx.parts.predicates, &cx.parts.ty);
    let unset = (0..groups.len())
        .map(|index| cx.group(index, |_, _| quote_spanned!(Span::mixed_site()=> #krate::__private::Unset)));
    let docs = format!(
        " Builds a [`{}`] field by field in the place where it will stay.\n\n Dropped before it is finished, it drops \
         the fields that were set and gives the place back.",
        bare(&model.ident)
    );
    let groups_type = quote_spanned!(Span::mixed_site()=> (#(#groups,)*));
    // A type that uses the parameters, and implies of them what the user's type does.
    let state = if model.generics.params.is_empty() {
        groups_type
    } else {
        quote_spanned!(Span::mixed_site()=> fn(#ty) -> #groups_type)
    };
    let where_clause =
        (!predicates.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> where #predicates));
    quote_spanned! {Span::mixed_site()=>
        #[doc = #docs]
        #[must_use = "a builder does nothing until it is finished"]
        #[allow(deprecated, private_bounds, private_interfaces)]
        #vis struct #builder<
            #declared
            #place = #krate::__private::Inline<#ty>,
            #(#groups = #unset,)*
        > #where_clause {
            partial: #krate::__private::Partial<#place, #state>,
        }
    }
}

/// `impl Debug` for the builder: a `Result` of one can be unwrapped either way.
pub(super) fn debug(cx: &Context<'_>) -> TokenStream {
    let (runtime, groups) = (&cx.runtime, &cx.groups);
    let (bounded, predicates, place) = (&cx.parts.bounded, &cx.parts.predicates, &cx.place);
    let all: Vec<_> = groups.iter().map(ToTokens::to_token_stream).collect();
    let ty = cx.builder_of(&cx.place, &all);
    let text = format!("{} {{ .. }}", bare(&cx.model.builder));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<#bounded #place, #(#groups,)*> #runtime::fmt::Debug for #ty where #predicates {
            fn fmt(&self, f: &mut #runtime::fmt::Formatter<'_>) -> #runtime::fmt::Result {
                f.write_str(#text)
            }
        }
    }
}

/// The inherent functions of the user's type.
pub(super) fn start(cx: &Context<'_>) -> TokenStream {
    let model = cx.model;
    let (vis, builder, runtime, start, handle) =
        (&model.vis, &model.builder, &cx.runtime, &model.start, &cx.other);
    let (bounded, predicates, args, ty) =
        (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.args, &cx.parts.ty);
    let (inline, slot) = (
        quote_spanned!(Span::mixed_site()=> #builder<#args>),
        quote_spanned!(Span::mixed_site()=> #builder<#args #runtime::InPool<#handle>>),
    );
    // A user's parameters with defaults must not be left to them.
    let inline =
        if model.generics.params.is_empty() { quote_spanned!(Span::mixed_site()=> #builder) } else { inline };
    let acquire = match model.pool {
        Pool::None => TokenStream::new(),
        Pool::Static { .. } | Pool::Broken => quote_spanned! {Span::mixed_site()=>
            /// Starts a value in a slot of the type's static pool.
            ///
            /// # Errors
            /// All slots are in use.
            #[inline]
            #vis fn acquire() -> #runtime::Result<
                #builder<#runtime::InPool<#runtime::StaticPool<#ty>>>,
                #runtime::AllocError,
            > {
                <#ty>::build_in(#runtime::StaticPool::new())
            }
        },
    };
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded> #ty where #predicates {
            /// Starts a plain value.
            #[inline]
            #vis fn #start() -> #inline {
                #builder { partial: unsafe { #runtime::Partial::inline() } }
            }

            /// Starts a value in a slot of `pool`.
            ///
            /// # Errors
            /// The pool has no free slot.
            #[inline]
            #vis fn build_in<#handle: #runtime::PoolHandle<Item = #ty>>(
                pool: #handle,
            ) -> #runtime::Result<#slot, #runtime::AllocError> {
                match unsafe { #runtime::Partial::acquire(pool) } {
                    #runtime::Result::Ok(partial) => #runtime::Result::Ok(#builder { partial }),
                    #runtime::Result::Err(error) => #runtime::Result::Err(error),
                }
            }

            #acquire
        }
    }
}
