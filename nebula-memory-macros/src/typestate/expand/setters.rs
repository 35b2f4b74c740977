//! The setters.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::states::State;
use super::{Context, GROUP, number};
use crate::generics::without_self;
use crate::typestate::model::{FieldModel, Kind};

/// An `impl` for each group of required fields, and one for the fields without type-state.
pub(super) fn setters(cx: &Context<'_>) -> TokenStream {
    let mut out = TokenStream::new();
    for group in 0..cx.groups.len() {
        out.extend(group_of_required(cx, group));
    }
    out.extend(stateless(cx));
    out
}

fn group_of_required(cx: &Context<'_>, group: usize) -> TokenStream {
    let first = group * GROUP;
    let states = cx.required.iter().skip(first).take(GROUP).map(|(_, state)| state);
    let others = cx.groups.iter().enumerate().filter(|(index, _)| *index != group).map(|(_, ident)| ident);
    let with_group = |tuple: TokenStream| -> Vec<TokenStream> {
        let mut groups: Vec<_> = cx.groups.iter().map(ToTokens::to_token_stream).collect();
        groups[group] = tuple;
        groups
    };
    let open = cx.builder_of(&with_group(cx.group(group, |_, state| state.to_token_stream())));
    let methods = cx.required.iter().enumerate().skip(first).take(GROUP).map(|(ordinal, (field, state))| {
        let runtime = &cx.runtime;
        let set = cx.group(group, |other, state| {
            if other == ordinal {
                quote_spanned!(Span::mixed_site()=> #runtime::Set)
            } else {
                state.to_token_stream()
            }
        });
        let bound = cx.state_bound(state, State::Unset, field);
        required(cx, field, &cx.builder_of(&with_group(set)), &bound)
    });
    let (bounded, predicates, place_bound) = (&cx.parts.bounded, &cx.parts.predicates, cx.place_bound());
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded #place_bound #(#states,)* #(#others,)*> #open where #predicates {
            #(#methods)*
        }
    }
}

fn required(cx: &Context<'_>, field: &FieldModel, to: &TokenStream, bound: &TokenStream) -> TokenStream {
    let builder = &cx.target.builder;
    let where_clause = quote_spanned!(Span::mixed_site()=> where #bound);
    pair(
        cx,
        field,
        to,
        &where_clause,
        ["set", "set_with"],
        |partial| quote_spanned!(Span::mixed_site()=> #builder { partial: #partial }),
    )
}

fn stateless(cx: &Context<'_>) -> TokenStream {
    let itself = quote_spanned!(Span::mixed_site()=> Self);
    let mut methods = cx
        .target
        .fields
        .iter()
        .filter_map(|field| match field.kind {
            Kind::Optional(_) => Some(pair(
                cx,
                field,
                &itself,
                &TokenStream::new(),
                ["replace", "replace_with"],
                |partial| quote_spanned!(Span::mixed_site()=> Self { partial: #partial }),
            )),
            Kind::Broken { setter: true } => Some(anything(cx, field)),
            Kind::Required | Kind::Skipped(_) | Kind::Broken { setter: false } => None,
        })
        .peekable();
    if methods.peek().is_none() {
        return TokenStream::new();
    }
    let (bounded, predicates, place_bound, groups) =
        (&cx.parts.bounded, &cx.parts.predicates, cx.place_bound(), &cx.groups);
    let all: Vec<_> = groups.iter().map(ToTokens::to_token_stream).collect();
    let ty = cx.builder_of(&all);
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded #place_bound #(#groups,)*> #ty where #predicates {
            #(#methods)*
        }
    }
}

/// The setter that takes a value and the one that works in place.
fn pair(
    cx: &Context<'_>,
    field: &FieldModel,
    to: &TokenStream,
    where_clause: &TokenStream,
    [by_value, in_place]: [&str; 2],
    wrap: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let runtime = &cx.runtime;
    let (vis, name) = (&cx.target.vis, &field.setter);
    let docs = docs(field, &format!(" Sets `{}`.", field.name));
    let attrs = &field.attrs;
    let index = number(index_of(cx, field));
    // The field's type is written out, so that nothing else is ever written to it. The new state is inferred.
    let self_ty = &cx.parts.ty;
    let ty = without_self(field.ty.to_token_stream(), self_ty);
    let state = field.is_required().then(|| quote!(, _));

    let target = field.option.as_ref().map(|inner| without_self(inner.to_token_stream(), self_ty));
    let target = target.unwrap_or_else(|| ty.clone());
    let (argument, mut value) = if field.into {
        (
            quote_spanned!(Span::mixed_site()=> impl #runtime::convert::Into<#target>),
            quote_spanned!(Span::mixed_site()=> #runtime::convert::Into::into(__value)),
        )
    } else {
        (target, quote_spanned!(Span::mixed_site()=> __value))
    };
    if field.option.is_some() {
        value = quote_spanned!(Span::mixed_site()=> #runtime::Option::Some(#value));
    }
    let method = proc_macro2::Ident::new(by_value, Span::mixed_site());
    let body = wrap(quote_spanned! {Span::mixed_site()=>
        unsafe { self.partial.#method::<#self_ty, #ty #state>(#index, #value) }
    });
    let mut setters = quote_spanned! {Span::mixed_site()=>
        #docs
        #(#attrs)*
        #[inline]
        #vis fn #name(self, __value: #argument) -> #to #where_clause {
            #body
        }
    };

    if let Some(name) = &field.in_place {
        let memory = &cx.memory;
        let deprecated = attrs.iter().filter(|attr| attr.path().is_ident("deprecated"));
        let docs = format!(
            " Sets `{}` where it will stay: the closure gets its memory and returns the proof that it \
            is initialised.",
            field.name
        );
        let method = proc_macro2::Ident::new(in_place, Span::mixed_site());
        let body = wrap(quote_spanned! {Span::mixed_site()=>
            unsafe { self.partial.#method::<#self_ty, #ty #state>(#index, __init) }
        });
        setters.extend(quote_spanned! {Span::mixed_site()=>
            #[doc = #docs]
            #(#deprecated)*
            #[inline]
            #vis fn #name(
                self,
                __init: impl for<#memory> #runtime::ops::FnOnce(#runtime::Uninit<#memory, #ty>) -> #runtime::Init<#memory, #ty>,
            ) -> #to #where_clause {
                #body
            }
        });
    }
    setters
}

/// The setter of a field with a wrong attribute.
fn anything(cx: &Context<'_>, field: &FieldModel) -> TokenStream {
    let (vis, name, other) = (&cx.target.vis, &field.setter, &cx.other);
    let attrs = &field.attrs;
    let docs = docs(field, " Not available: an attribute of the field is wrong.");
    quote_spanned! {Span::mixed_site()=>
        #docs
        #(#attrs)*
        #vis fn #name<#other>(self, _: #other) -> Self {
            self
        }
    }
}

fn docs(field: &FieldModel, otherwise: &str) -> Option<TokenStream> {
    let documented = field.attrs.iter().any(|attr| attr.path().is_ident("doc"));
    (!documented).then(|| quote!(#[doc = #otherwise]))
}

fn index_of(cx: &Context<'_>, field: &FieldModel) -> usize {
    cx.target.fields.iter().position(|other| std::ptr::eq(other, field)).unwrap_or_default()
}
