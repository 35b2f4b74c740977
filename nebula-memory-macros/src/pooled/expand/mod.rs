//! The model as tokens. Nothing is judged here.
//!
//! The builder's type goes beside the user's; all else into a `const _` block, where an alias of the runtime's
//! private module and the markers of the fields are out of everybody's way.

mod builder;
mod fields;
mod finish;
mod setters;
mod static_pool;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use syn::Lifetime;

use super::model::{FieldModel, Model};
use crate::generics::Parts;
use crate::hygiene::{Names, locate};

/// Required fields per group of the state: each setter repeats one group and names the others.
const GROUP: usize = 8;

pub(super) fn expand(model: &Model) -> TokenStream {
    let cx = Context::new(model);
    let declaration = builder::declaration(&cx);
    let runtime = &cx.runtime;
    let krate = &model.krate;
    let markers = fields::markers(&cx);
    let describe = fields::describe(&cx);
    let pin_down = fields::pin_down(&cx);
    let debug = builder::debug(&cx);
    let start = builder::start(&cx);
    let setters = setters::setters(&cx);
    let finish = finish::finish(&cx);
    let pool = static_pool::static_pool(&cx);
    quote_spanned! {Span::mixed_site()=>
        #declaration
        #[allow(
            dead_code, deprecated, non_snake_case, private_bounds, private_interfaces,
            clippy::all, clippy::pedantic, clippy::nursery
        )]
        const _: () = {
            use #krate::__private as #runtime;
            #markers
            #describe
            #pin_down
            #debug
            #start
            #setters
            #finish
            #pool
        };
    }
}

/// The model and the names that the generated items share.
struct Context<'a> {
    model: &'a Model,
    parts: Parts,
    /// The alias of the runtime's private module.
    runtime: Ident,
    /// The module of the field markers.
    markers: Ident,
    /// The parameter of the builder for the place.
    place: Ident,
    /// The parameter of `build_in`, and that of setters of broken fields.
    other: Ident,
    /// The lifetime of a field's memory in an in-place setter.
    memory: Lifetime,
    /// The parameters for groups of states.
    groups: Vec<Ident>,
    /// The required fields, each with the parameter for its state.
    required: Vec<(&'a FieldModel, Ident)>,
}

impl<'a> Context<'a> {
    fn new(model: &'a Model) -> Self {
        let mut names = Names::of(&quote_input(model));
        let required: Vec<_> = model
            .fields
            .iter()
            .filter(|field| field.is_required())
            .enumerate()
            .map(|(index, field)| (field, names.fresh(&format!("S{index}"))))
            .collect();
        Self {
            parts: Parts::new(&model.ident, &model.generics),
            runtime: names.fresh("__nebula"),
            markers: names.fresh("__fields"),
            place: names.fresh("P"),
            other: names.fresh("H"),
            memory: Lifetime { apostrophe: Span::mixed_site(), ident: names.fresh("slot") },
            groups: (0..required.len().div_ceil(GROUP))
                .map(|index| names.fresh(&format!("G{index}")))
                .collect(),
            required,
            model,
        }
    }

    /// The builder's type with the place `place` and the groups `groups`, each a type.
    fn builder_of(&self, place: &impl ToTokens, groups: &[TokenStream]) -> TokenStream {
        let builder = &self.model.builder;
        let args = &self.parts.args;
        quote_spanned!(Span::mixed_site()=> #builder<#args #place, #(#groups),*>)
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

    /// `P: Place<Type>`.
    fn place_bound(&self) -> TokenStream {
        let Self { runtime, place, .. } = self;
        let ty = &self.parts.ty;
        quote_spanned!(Span::mixed_site()=> #place: #runtime::Place<#ty>)
    }

    /// The bound `state: trait_<marker of field, Type>`, at the place of the field.
    fn state_bound(&self, state: &Ident, trait_name: &str, field: &FieldModel) -> TokenStream {
        let Self { runtime, markers, .. } = self;
        let ty = &self.parts.ty;
        let marker = &field.setter;
        let trait_name = Ident::new(trait_name, Span::mixed_site());
        locate(quote!(#state: #runtime::#trait_name<#markers::#marker, #ty>), field.ident.span())
    }
}

/// The number of a field in the table and in the set of fields. More than 64 have been reported.
fn number(index: usize) -> Literal {
    Literal::usize_unsuffixed(index % 64)
}

/// Everything of the user's that is repeated where the new names are in scope.
fn quote_input(model: &Model) -> TokenStream {
    let Model { ident, builder, generics, fields, .. } = model;
    let predicates = &generics.where_clause;
    let types = fields.iter().map(|field| &field.ty);
    let names = fields.iter().map(|field| &field.ident);
    let values = fields.iter().filter_map(|field| match &field.kind {
        super::model::Kind::Optional(super::model::Fallback::Expr(value))
        | super::model::Kind::Skipped(super::model::Fallback::Expr(value)) => Some(value),
        _ => None,
    });
    let pool = match &model.pool {
        super::model::Pool::Static { capacity, align } => quote!(#capacity #align),
        _ => TokenStream::new(),
    };
    quote!(#ident #builder #generics #predicates #(#types)* #(#names)* #(#values)* #pool)
}
