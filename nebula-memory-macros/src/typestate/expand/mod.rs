//! The model as tokens. Nothing is judged here.
//!
//! The builder's type goes beside the user's; all else into a `const _` block, where an alias of the runtime's
//! private module and the traits of the fields are out of everybody's way.
//!
//! Variables begin with two underscores. Hygiene does not help them against *constants*: a `const value` or a unit
//! struct in the user's scope would be what the pattern `value` means.

mod declaration;
pub(crate) mod fields;
mod setters;
mod states;
pub(crate) mod stubs;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use syn::Lifetime;
use syn::spanned::Spanned;

use self::states::State;
use super::model::{Fallback, FieldModel, Kind, Reset, Target};
use crate::generics::Parts;
use crate::hygiene::{Names, locate};

/// Required fields per group of the state: each setter repeats one group and names the others.
const GROUP: usize = 8;

/// The builder with its setters, between how it is started and how it is finished.
pub(crate) fn expand(cx: &Context<'_>, docs: &str, start: &TokenStream, finish: &TokenStream) -> TokenStream {
    let declaration = declaration::declaration(cx, docs);
    let runtime = &cx.runtime;
    let krate = &cx.target.krate;
    let states = states::states(cx);
    let describe = fields::describe(cx);
    let debug = declaration::debug(cx);
    let setters = setters::setters(cx);
    quote_spanned! {Span::mixed_site()=>
        #declaration
        #[allow(
            dead_code, deprecated, non_camel_case_types, non_snake_case, private_bounds, private_interfaces,
            unreachable_pub,
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
        )]
        const _: () = {
            use #krate::__private as #runtime;
            #states
            #describe
            #debug
            #start
            #setters
            #finish
        };
    }
}

/// Where a value is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Places {
    /// The builder has a parameter for the place.
    Any,
    /// In the builder itself.
    Inline,
}

/// The model and the names that the generated items share.
pub(crate) struct Context<'a> {
    pub(crate) target: &'a Target,
    pub(crate) parts: Parts,
    /// The alias of the runtime's private module.
    pub(crate) runtime: Ident,
    /// The module of the traits of the required fields.
    traits: Ident,
    /// The parameter of the builder for the place.
    place: Option<Ident>,
    /// A parameter for functions: of setters of broken fields, and of functions that start a builder.
    pub(crate) other: Ident,
    /// The lifetime of a field's memory in an in-place setter.
    memory: Lifetime,
    /// The parameters for groups of states.
    groups: Vec<Ident>,
    /// The required fields, each with the parameter for its state.
    required: Vec<(&'a FieldModel, Ident)>,
}

impl<'a> Context<'a> {
    /// `user`: what else of the user's is repeated where the new names are in scope.
    pub(crate) fn new(target: &'a Target, places: Places, user: &TokenStream) -> Self {
        let written = quote_input(target);
        let mut names = Names::of(&quote!(#written #user));
        let required: Vec<_> = target
            .fields
            .iter()
            .filter(|field| field.is_required())
            .enumerate()
            .map(|(index, field)| (field, names.fresh(&format!("S{index}"))))
            .collect();
        Self {
            parts: Parts::new(&target.ident, &target.generics),
            runtime: names.fresh("__nebula"),
            traits: names.fresh("__fields"),
            place: (places == Places::Any).then(|| names.fresh("P")),
            other: names.fresh("H"),
            memory: Lifetime { apostrophe: Span::mixed_site(), ident: names.fresh("slot") },
            groups: (0..required.len().div_ceil(GROUP))
                .map(|index| names.fresh(&format!("G{index}")))
                .collect(),
            required,
            target,
        }
    }

    /// The builder's type with its own parameter for the place, if it has one, and the groups `groups`, each a type.
    fn builder_of(&self, groups: &[TokenStream]) -> TokenStream {
        let place = self.place.as_ref().map(|place| quote!(#place,));
        let builder = &self.target.builder;
        let args = &self.parts.args;
        quote_spanned!(Span::mixed_site()=> #builder<#args #place #(#groups),*>)
    }

    /// The builder's type with each state a parameter of its own, see [`states`](Self::states).
    pub(crate) fn open_builder(&self) -> TokenStream {
        self.builder_of(&self.open_groups())
    }

    /// The same in the place `place`.
    pub(crate) fn open_builder_in(&self, place: &TokenStream) -> TokenStream {
        let builder = &self.target.builder;
        let args = &self.parts.args;
        let groups = self.open_groups();
        quote_spanned!(Span::mixed_site()=> #builder<#args #place, #(#groups),*>)
    }

    /// The parameters for the states of the required fields.
    pub(crate) fn states(&self) -> TokenStream {
        let states = self.required.iter().map(|(_, state)| state);
        quote!(#(#states,)*)
    }

    /// The predicates that hold when all required fields are set, each followed by a comma.
    pub(crate) fn complete(&self) -> TokenStream {
        let bounds = self.required.iter().map(|(field, state)| self.state_bound(state, State::Set, field));
        quote!(#(#bounds,)*)
    }

    /// The function that starts a builder with the value in it.
    pub(crate) fn start_inline(&self, docs: &str) -> TokenStream {
        let (runtime, Target { vis, builder, start, generics, .. }) = (&self.runtime, self.target);
        // A user's parameters with defaults must not be left to them.
        let args = (!generics.params.is_empty()).then(|| {
            let args = &self.parts.args;
            quote_spanned!(Span::mixed_site()=> <#args>)
        });
        quote_spanned! {Span::mixed_site()=>
            #[doc = #docs]
            #[inline]
            #vis fn #start() -> #builder #args {
                #builder { partial: unsafe { #runtime::Partial::inline() } }
            }
        }
    }

    /// The states of the group `index` as a tuple, with what `state` says for each.
    fn group(&self, index: usize, mut state: impl FnMut(usize, &Ident) -> TokenStream) -> TokenStream {
        let first = index * GROUP;
        let states = self
            .required
            .iter()
            .enumerate()
            .skip(first)
            .take(GROUP)
            .map(|(index, (_, ident))| state(index, ident));
        quote_spanned!(Span::mixed_site()=> (#(#states,)*))
    }

    /// All groups with each state a parameter of its own.
    fn open_groups(&self) -> Vec<TokenStream> {
        (0..self.groups.len()).map(|index| self.group(index, |_, ident| ident.to_token_stream())).collect()
    }

    /// `P: Place<Type>,`, if the builder has a parameter for the place.
    pub(crate) fn place_bound(&self) -> Option<TokenStream> {
        let Self { runtime, place, .. } = self;
        let ty = &self.parts.ty;
        place.as_ref().map(|place| quote_spanned!(Span::mixed_site()=> #place: #runtime::Place<#ty>,))
    }

    /// What owns the value when it is finished in any place.
    pub(crate) fn output(&self) -> TokenStream {
        let Self { runtime, place, .. } = self;
        let ty = &self.parts.ty;
        match place {
            Some(place) => quote_spanned!(Span::mixed_site()=> <#place as #runtime::Place<#ty>>::Output),
            None => ty.clone(),
        }
    }

    /// The bound that `parameter` is the state `state` of the field, at the place of the field.
    fn state_bound(&self, parameter: &Ident, state: State, field: &FieldModel) -> TokenStream {
        let bound = if self.target.bare {
            let (runtime, common) = (&self.runtime, state.common_trait());
            quote!(#runtime::#common)
        } else {
            let (module, name) = (&self.traits, state.trait_of(field));
            quote!(#module::#name)
        };
        locate(quote!(#parameter: #bound), field.member.span())
    }
}

/// The number of a field in the table and in the set of fields. More than 64 have been reported.
pub(crate) fn number(index: usize) -> Literal {
    Literal::usize_unsuffixed(index % 64)
}

/// Everything of the user's that is repeated where the new names are in scope.
fn quote_input(target: &Target) -> TokenStream {
    let Target { ident, builder, generics, fields, .. } = target;
    let predicates = &generics.where_clause;
    let types = fields.iter().map(|field| &field.ty);
    let names = fields.iter().map(|field| &field.member);
    let values = fields.iter().filter_map(|field| match &field.kind {
        Kind::Optional(Fallback::Expr(value)) | Kind::Skipped(Fallback::Expr(value)) => Some(value),
        _ => None,
    });
    let resets = fields.iter().filter_map(|field| match &field.reset {
        Some(Reset::Call(callee)) => Some(callee),
        _ => None,
    });
    quote!(#ident #builder #generics #predicates #(#types)* #(#names)* #(#values)* #(#resets)*)
}
