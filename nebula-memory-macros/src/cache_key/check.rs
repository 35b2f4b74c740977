//! The rules of the derive. All that is wrong is reported.

use proc_macro2::Ident;
use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Attribute, Data, DeriveInput, Fields, Index, Lifetime, Member, Meta, Token};

use super::model::{Field, Lent, Model, Own, Parts, Shape, Style, Target, Variant};
use super::parse::{FieldOptions, Parsed, options};
use super::types::lent;
use crate::attrs::packed;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::hygiene::bare;

/// The model, if nothing is wrong.
pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { input, options: of_type } = parsed;
    let before = diagnostics.len();
    let shape = match &input.data {
        Data::Struct(data) => Shape::Struct(parts(data.fields.clone(), diagnostics)),
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|one| variant(one.clone(), diagnostics)).collect();
            Shape::Enum { repr: integer(&input.attrs), variants }
        }
        Data::Union(data) => {
            diagnostics.error(
                &data.union_token,
                "`CacheKey` can be derived for structs and enums: a union has no `Hash`",
            );
            return None;
        }
    };
    if let Some(span) = packed(&input.attrs) {
        diagnostics.error_at(
            span,
            "`CacheKey` cannot be derived for a packed struct: its fields cannot be borrowed; remove `packed`",
        );
    }
    let fine = diagnostics.len() == before;
    let twin = of_type
        .name
        .map_or_else(|| Ident::new(&format!("{}Ref", bare(&input.ident)), at_type(&input)), |name| name.0);
    let model = Model {
        krate: of_type.krate.unwrap_or(CratePath::DEFAULT),
        vis: of_type.vis.0.unwrap_or_else(|| input.vis.clone()),
        lifetime: lifetime(&input),
        ident: input.ident,
        generics: input.generics,
        twin,
        shape,
    };
    if fine && model.fields().all(|field| matches!(field.lent, Lent::Copied)) {
        diagnostics.error(
            &model.ident,
            format_args!(
                "nothing in `{}` is borrowed, so a twin would be the same: look it up by a reference, and leave `CacheKey` out",
                bare(&model.ident)
            ),
        );
    }
    (diagnostics.len() == 0).then_some(model)
}

/// The user's hygiene, for they name it too.
fn at_type(input: &DeriveInput) -> proc_macro2::Span {
    input.ident.span()
}

/// The fields that nothing is wrong with.
fn parts(fields: Fields, diagnostics: &mut Diagnostics) -> Parts {
    let style = match fields {
        Fields::Named(_) => Style::Named,
        Fields::Unnamed(_) => Style::Tuple,
        Fields::Unit => Style::Unit,
    };
    let fields = fields.into_iter().enumerate();
    Parts { style, fields: fields.filter_map(|(place, one)| field(place, one, diagnostics)).collect() }
}

fn variant(variant: syn::Variant, diagnostics: &mut Diagnostics) -> Variant {
    if let Some(attr) = variant.attrs.iter().find(|attr| attr.path().is_ident("cache_key")) {
        diagnostics
            .error(&attr.meta, "a variant has no keys: write `#[cache_key(…)]` on its field, or on the enum");
    }
    let discriminant = variant.discriminant.map(|(_, value)| value);
    if let Some(call) = discriminant.as_ref().and_then(|value| macro_call(|calls| calls.visit_expr(value))) {
        diagnostics.error_over(
            &call,
            "a macro call in the number of a variant: give the number a name and use that",
        );
    }
    let docs = variant.attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
    Variant { ident: variant.ident, docs, discriminant, parts: parts(variant.fields, diagnostics) }
}

/// The integer that `repr` names.
fn integer(attrs: &[Attribute]) -> Option<Ident> {
    const WIDTHS: [&str; 6] = ["8", "16", "32", "64", "128", "size"];
    let reprs = attrs.iter().filter(|attr| attr.path().is_ident("repr"));
    let names = reprs
        .filter_map(|attr| attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok())
        .flatten()
        .filter_map(|repr| repr.path().get_ident().cloned());
    names
        .into_iter()
        .find(|name| name.to_string().strip_prefix(['i', 'u']).is_some_and(|width| WIDTHS.contains(&width)))
}

fn field(place: usize, field: syn::Field, diagnostics: &mut Diagnostics) -> Option<Field> {
    let options: FieldOptions = options(&field.attrs, diagnostics);
    let (member, name) = match field.ident {
        // As it is: with another span it might be a keyword, of another edition.
        Some(name) => (Member::Named(name.clone()), name),
        None => (
            Member::Unnamed(Index::from(place)),
            format_ident!("_{place}", span = proc_macro2::Span::mixed_site()),
        ),
    };
    let lent = match (options.borrow.0, options.copy.span()) {
        (Some(borrow), Some(_)) => {
            diagnostics.error_over(
                &borrow,
                "`copy` takes the field by value, `borrow` by reference: remove one of the two",
            );
            return None;
        }
        (Some(target), None) => Lent::Borrowed { target: Target::Other(target), own: Own::Unknown },
        (None, Some(_)) => Lent::Copied,
        (None, None) => lent(&field.ty),
    };
    if let Some(call) = macro_call(|calls| calls.visit_type(&field.ty)) {
        diagnostics.error_over(
            &call,
            "a macro call in the type of a field: give the type, or the length, a name and use that",
        );
        return None;
    }
    let docs = field.attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
    Some(Field { member, name, vis: field.vis, docs, ty: field.ty, lent })
}

/// Finds macro calls.
#[derive(Default)]
struct Calls(Option<syn::Path>);

impl Visit<'_> for Calls {
    fn visit_macro(&mut self, call: &syn::Macro) {
        self.0.get_or_insert_with(|| call.path.clone());
    }
}

/// A macro call in what is repeated, where the macro might say something else.
fn macro_call(visit: impl FnOnce(&mut Calls)) -> Option<syn::Path> {
    let mut calls = Calls::default();
    visit(&mut calls);
    calls.0
}

/// One that the type has not.
fn lifetime(input: &DeriveInput) -> Lifetime {
    struct Taken(Vec<String>);
    impl Visit<'_> for Taken {
        fn visit_lifetime(&mut self, lifetime: &Lifetime) {
            self.0.push(lifetime.ident.to_string());
        }
    }
    let mut taken = Taken(Vec::new());
    taken.visit_derive_input(input);
    let mut name = "key".to_owned();
    while taken.0.contains(&name) {
        name.push('_');
    }
    Lifetime::new(&format!("'{name}"), proc_macro2::Span::mixed_site())
}
