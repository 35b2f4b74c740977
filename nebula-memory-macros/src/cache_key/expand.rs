//! The twin, and what makes it equivalent.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{GenericParam, Lifetime, Type};

use super::model::{Field, Lent, Model, Own, Target};
use crate::generics::{Parts, without_self};
use crate::hygiene::{Names, at, bare, locate};

/// What the parts of the expansion share.
struct Context<'m> {
    model: &'m Model,
    runtime: TokenStream,
    parts: Parts,
    /// The twin's parameters with bounds but its own lifetime, each followed by a comma.
    bounded: TokenStream,
    /// The same without bounds.
    args: TokenStream,
}

/// Everything.
pub(super) fn expand(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let runtime = quote_spanned!(Span::mixed_site()=> #krate::__private::cached);
    let parts = Parts::new(&model.ident, &model.generics);
    let (bounded, args) = twin_generics(model, &runtime, &parts);
    let cx = Context { model, runtime, parts, bounded, args };
    let (declaration, own, equivalent) = (declaration(&cx), own(&cx), equivalent(&cx));
    quote_spanned!(Span::mixed_site()=> #declaration #own #equivalent)
}

/// The type, and what every reference can do.
fn declaration(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, twin, vis, lifetime, fields, .. } = model;
    let predicates = &parts.predicates;
    let types: Vec<_> = fields.iter().map(|field| lent_type(cx, field)).collect();
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let list = fields.iter().zip(&types).map(|(field, ty)| {
        let (docs, vis) = (&field.docs, &field.vis);
        match &field.member {
            syn::Member::Named(name) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #name: #ty),
            syn::Member::Unnamed(_) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #ty),
        }
    });
    let body = if model.named {
        quote_spanned!(Span::mixed_site()=> where #predicates { #(#list,)* })
    } else {
        quote_spanned!(Span::mixed_site()=> (#(#list,)*) where #predicates;)
    };
    let conditions = |bound: &str| -> TokenStream {
        let bound = Ident::new(bound, Span::mixed_site());
        let generic = fields.iter().filter(|field| mentions_parameter(cx, &field.ty));
        let bounds = generic.map(|field| {
            let ty = content_type(cx, field);
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::#bound,)
        });
        bounds.collect()
    };
    let copies = copies(cx);
    let (equals, eqs, hashes) = (conditions("PartialEq"), conditions("Eq"), conditions("Hash"));
    let docs = format!(
        " [`{}`] by its parts, borrowed: looks up what was kept by one, and allocates nothing.",
        bare(ident)
    );
    let new_docs = format!(" The parts of a [`{}`].", bare(ident));
    let shown = bare(twin);
    let state = Names::of(&quote!(#args #predicates)).fresh("__H");
    quote_spanned! {Span::mixed_site()=>
        #[doc = #docs]
        #vis struct #twin<#lifetime, #bounded> #body

        impl<#lifetime, #bounded> #twin<#lifetime, #args> where #predicates {
            #[doc = #new_docs]
            #[inline]
            #[must_use]
            #[allow(clippy::too_many_arguments, dead_code)]
            #vis const fn new(#(#names: #types),*) -> Self {
                Self { #(#members: #names,)* }
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Clone for #twin<#lifetime, #args>
        where #predicates #copies
        {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Copy for #twin<#lifetime, #args> where #predicates #copies {}

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::PartialEq for #twin<#lifetime, #args>
        where #predicates #equals
        {
            #[inline]
            fn eq(&self, __other: &Self) -> #runtime::primitive::bool {
                true #(&& #runtime::PartialEq::eq(&self.#members, &__other.#members))*
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Eq for #twin<#lifetime, #args> where #predicates #equals #eqs {}

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Hash for #twin<#lifetime, #args>
        where #predicates #hashes
        {
            #[inline]
            fn hash<#state: #runtime::Hasher>(&self, __state: &mut #state) {
                #(#runtime::Hash::hash(&self.#members, __state);)*
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Debug for #twin<#lifetime, #args> where #predicates {
            fn fmt(&self, __f: &mut #runtime::Formatter<'_>) -> #runtime::fmt::Result {
                #runtime::Formatter::debug_struct(__f, #shown).finish_non_exhaustive()
            }
        }
    }
}

/// That what is copied can be, where it depends on a parameter.
fn copies(cx: &Context<'_>) -> TokenStream {
    let copied = cx.model.fields.iter().filter(|field| matches!(field.lent, Lent::Copied));
    let generic = copied.filter(|field| mentions_parameter(cx, &field.ty));
    let runtime = &cx.runtime;
    generic
        .map(|field| {
            let ty = lent_type(cx, field);
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::Copy,)
        })
        .collect()
}

/// The key that the parts make, if they are known to make one.
fn own(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, generics, twin, vis, lifetime, fields, .. } = model;
    let made: Option<Vec<_>> = fields.iter().map(|field| owned(cx, field)).collect();
    let Some(made) = made.filter(|_| generics.lifetimes().next().is_none()) else {
        return TokenStream::new();
    };
    let members = fields.iter().map(|field| &field.member);
    let (ty, predicates) = (&parts.ty, &parts.predicates);
    let generic = fields.iter().filter(|field| mentions_parameter(cx, &field.ty));
    let cloned = generic.map(|field| {
        let ty = of_user(cx, &field.ty);
        quote_spanned!(Span::mixed_site()=> #ty: #runtime::Clone,)
    });
    let items = fields.iter().filter_map(|field| match &field.lent {
        Lent::Borrowed { target: Target::Slice(item) | Target::Other(item), .. }
        | Lent::Optional { target: Target::Slice(item) | Target::Other(item), .. }
            if mentions_parameter(cx, item) && !matches!(item, Type::Slice(_)) =>
        {
            let item = of_user(cx, item);
            Some(quote_spanned!(Span::mixed_site()=> #item: #runtime::Clone,))
        }
        _ => None,
    });
    let docs = format!(" The [`{}`] of these parts: this allocates.", bare(ident));
    quote_spanned! {Span::mixed_site()=>
        impl<#lifetime, #bounded> #twin<#lifetime, #args> where #predicates {
            #[doc = #docs]
            #[must_use]
            #[allow(dead_code)]
            #vis fn to_key(&self) -> #ty where #(#cloned)* #(#items)* {
                #ident { #(#members: #made,)* }
            }
        }
    }
}

/// Where it stands for the key.
fn equivalent(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, args, .. } = cx;
    let Model { ident, twin, lifetime, fields, .. } = model;
    let (bounded, predicates, ty) = (&parts.bounded, &parts.predicates, &parts.ty);
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let views: Vec<_> = fields.iter().map(|field| view(cx, field)).collect();
    // Said at the type, for it is its derives that may be missing.
    let same_hash = locate(quote_spanned!(Span::mixed_site()=> #runtime::same_hash), ident.span());
    let is_key = cx.model.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
    let is_key = is_key.then(|| quote_spanned!(Span::mixed_site()=> #ty: #runtime::CacheKey,));
    let generic: TokenStream = fields
        .iter()
        .filter(|field| mentions_parameter(cx, &field.ty))
        .map(|field| {
            let ty = content_type(cx, field);
            let copied = matches!(field.lent, Lent::Copied)
                .then(|| quote_spanned!(Span::mixed_site()=> + #runtime::Copy));
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::Hash + #runtime::PartialEq #copied,)
        })
        .collect();
    let (shown, of) = (bare(twin), bare(ident));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::From<&#lifetime #ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn from(__key: &#lifetime #ty) -> Self {
                let __twin = Self { #(#members: #views,)* };
                #same_hash(&__twin, __key, #shown, #of);
                __twin
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Equivalent<#ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn equivalent(&self, __key: &#ty) -> #runtime::primitive::bool {
                let __same = true #(&& #runtime::PartialEq::eq(&self.#members, &#views))*;
                if __same {
                    #same_hash(self, __key, #shown, #of);
                }
                __same
            }
        }
    }
}

/// What the twin has of the field, from a `__key`.
fn view(cx: &Context<'_>, field: &Field) -> TokenStream {
    let (runtime, member) = (&cx.runtime, &field.member);
    let span = at(field.ty.span());
    match &field.lent {
        Lent::Copied => {
            let copied = locate(quote!(#runtime::copied), span);
            quote_spanned!(span=> #copied(&__key.#member))
        }
        Lent::Referred(_) => quote_spanned!(span=> __key.#member),
        Lent::Whole => quote_spanned!(span=> &__key.#member),
        Lent::Borrowed { target, .. } => {
            let (ty, target) = (of_user(cx, &field.ty), target_type(cx, target));
            quote_spanned!(span=> <#ty as #runtime::Borrow<#target>>::borrow(&__key.#member))
        }
        Lent::Optional { inner, target, .. } => {
            let (inner, target) = (of_user(cx, inner), target_type(cx, target));
            quote_spanned! {span=>
                #runtime::Option::map(
                    #runtime::Option::as_ref(&__key.#member),
                    <#inner as #runtime::Borrow<#target>>::borrow,
                )
            }
        }
    }
}

/// The field of a key from the twin's; `None` if nobody knows how.
fn owned(cx: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let (runtime, member) = (&cx.runtime, &field.member);
    let span = at(field.ty.span());
    let made = |how: Own| -> Option<TokenStream> {
        Some(match how {
            Own::ToOwned => quote_spanned!(span=> #runtime::ToOwned::to_owned),
            Own::From => quote_spanned!(span=> #runtime::From::from),
            Own::FromClone => {
                quote_spanned!(span=> |__part| #runtime::From::from(#runtime::Clone::clone(__part)))
            }
            Own::Unknown => return None,
        })
    };
    Some(match &field.lent {
        Lent::Copied => quote_spanned!(span=> self.#member),
        Lent::Whole => quote_spanned!(span=> #runtime::Clone::clone(self.#member)),
        Lent::Referred(_) => return None,
        Lent::Borrowed { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::made(self.#member, #made))
        }
        Lent::Optional { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::Option::map(self.#member, #made))
        }
    })
}

/// The type of what the twin has of the field.
fn lent_type(cx: &Context<'_>, field: &Field) -> TokenStream {
    let (runtime, lifetime) = (&cx.runtime, &cx.model.lifetime);
    let content = content_type(cx, field);
    match &field.lent {
        Lent::Copied => content,
        Lent::Optional { .. } => {
            quote_spanned!(Span::mixed_site()=> #runtime::Option<&#lifetime #content>)
        }
        _ => quote!(&#lifetime #content),
    }
}

/// The same without the twin's reference.
fn content_type(cx: &Context<'_>, field: &Field) -> TokenStream {
    match &field.lent {
        Lent::Copied | Lent::Whole => of_user(cx, &field.ty),
        Lent::Referred(ty) => of_user(cx, ty),
        Lent::Borrowed { target, .. } | Lent::Optional { target, .. } => target_type(cx, target),
    }
}

fn target_type(cx: &Context<'_>, target: &Target) -> TokenStream {
    let runtime = &cx.runtime;
    match target {
        Target::Known("str") => quote_spanned!(Span::mixed_site()=> #runtime::primitive::str),
        Target::Known(name) => {
            let name = Ident::new(name, Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #runtime::#name)
        }
        Target::Slice(item) => {
            let item = of_user(cx, item);
            quote!([#item])
        }
        Target::Other(ty) => of_user(cx, ty),
    }
}

/// The user's type where `Self` is another one.
fn of_user(cx: &Context<'_>, ty: &Type) -> TokenStream {
    without_self(ty.to_token_stream(), &cx.parts.ty)
}

/// Whether the type depends on parameters of the user's type other than lifetimes.
fn mentions_parameter(cx: &Context<'_>, ty: &Type) -> bool {
    struct Finder<'a> {
        names: Vec<&'a Ident>,
        found: bool,
    }
    impl Visit<'_> for Finder<'_> {
        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= ident == "Self" || self.names.contains(&ident);
        }
    }
    let names: Vec<_> = cx
        .model
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(ty) => Some(&ty.ident),
            GenericParam::Const(constant) => Some(&constant.ident),
        })
        .collect();
    if names.is_empty() {
        return false;
    }
    let mut finder = Finder { names, found: false };
    finder.visit_type(ty);
    finder.found
}

/// The parameters of the twin: those of the user's type, without the lifetimes that are only those of references which
/// the twin has with its own.
fn twin_generics(model: &Model, runtime: &TokenStream, parts: &Parts) -> (TokenStream, TokenStream) {
    struct Lifetimes(Vec<Lifetime>);
    impl Visit<'_> for Lifetimes {
        fn visit_lifetime(&mut self, lifetime: &Lifetime) {
            self.0.push(lifetime.clone());
        }
    }
    let cx = Context {
        model,
        runtime: runtime.clone(),
        parts: Parts::new(&model.ident, &model.generics),
        bounded: TokenStream::new(),
        args: TokenStream::new(),
    };
    let mut used = Lifetimes(Vec::new());
    for field in &model.fields {
        if let Ok(ty) = syn::parse2::<Type>(lent_type(&cx, field)) {
            used.visit_type(&ty);
        }
    }
    for param in &model.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            other => used.visit_generic_param(other),
        }
    }
    if let Some(clause) = &model.generics.where_clause {
        used.visit_where_clause(clause);
    }
    let (mut bounded, mut args) = (TokenStream::new(), TokenStream::new());
    for param in &model.generics.params {
        let mut param = param.clone();
        let name = match &mut param {
            GenericParam::Lifetime(lifetime) => {
                if !used.0.contains(&lifetime.lifetime) {
                    continue;
                }
                lifetime.attrs.clear();
                lifetime.lifetime.to_token_stream()
            }
            GenericParam::Type(ty) => {
                ty.attrs.clear();
                ty.default = None;
                ty.ident.to_token_stream()
            }
            GenericParam::Const(constant) => {
                constant.attrs.clear();
                constant.default = None;
                constant.ident.to_token_stream()
            }
        };
        bounded.extend(quote!(#param,));
        args.extend(quote!(#name,));
    }
    (without_self(bounded, &parts.ty), args)
}
