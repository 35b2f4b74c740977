//! The rules of the derive. All that is wrong is reported.

use proc_macro2::Ident;
use quote::format_ident;
use syn::visit::Visit;
use syn::{Data, DeriveInput, Fields, Index, Lifetime, Member};

use super::model::{Field, Lent, Model, Own, Target};
use super::parse::{FieldOptions, Parsed, options};
use super::types::lent;
use crate::attrs::packed;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::hygiene::bare;

/// The model, if nothing is wrong.
pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { input, options: of_type } = parsed;
    let fields = match &input.data {
        Data::Struct(data) => data.fields.clone(),
        Data::Enum(data) => {
            diagnostics.error(
                &data.enum_token,
                "`CacheKey` can be derived for structs: the parts of an enum are not known before its variant is; look it up by a \
                 reference, or put what owns memory into a struct",
            );
            return None;
        }
        Data::Union(data) => {
            diagnostics
                .error(&data.union_token, "`CacheKey` can be derived for structs: a union has no `Hash`");
            return None;
        }
    };
    if let Some(span) = packed(&input.attrs) {
        diagnostics.error_at(
            span,
            "`CacheKey` cannot be derived for a packed struct: its fields cannot be borrowed; remove `packed`",
        );
    }
    let named = matches!(fields, Fields::Named(_));
    let before = diagnostics.len();
    let fields: Vec<_> = fields
        .into_iter()
        .enumerate()
        .filter_map(|(place, field)| self::field(place, field, diagnostics))
        .collect();
    if diagnostics.len() == before && fields.iter().all(|field| matches!(field.lent, Lent::Copied)) {
        diagnostics.error(
            &input.ident,
            format_args!(
                "nothing in `{}` is borrowed, so a twin would be the same: look it up by a reference, and leave `CacheKey` out",
                bare(&input.ident)
            ),
        );
    }
    if diagnostics.len() > 0 {
        return None;
    }
    let twin = of_type
        .name
        .map_or_else(|| Ident::new(&format!("{}Ref", bare(&input.ident)), at_type(&input)), |name| name.0);
    Some(Model {
        krate: of_type.krate.unwrap_or(CratePath::DEFAULT),
        vis: of_type.vis.0.unwrap_or_else(|| input.vis.clone()),
        lifetime: lifetime(&input),
        ident: input.ident,
        generics: input.generics,
        twin,
        named,
        fields,
    })
}

/// The user's hygiene, for they name it too.
fn at_type(input: &DeriveInput) -> proc_macro2::Span {
    input.ident.span()
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
    if let Some(call) = macro_call(&field.ty) {
        diagnostics.error_over(
            &call,
            "a macro call in the type of a field: give the type, or the length, a name and use that",
        );
        return None;
    }
    let docs = field.attrs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
    Some(Field { member, name, vis: field.vis, docs, ty: field.ty, lent })
}

/// A macro call in a type that is repeated, where the macro might say something else.
fn macro_call(ty: &syn::Type) -> Option<syn::Path> {
    #[derive(Default)]
    struct Calls(Option<syn::Path>);
    impl Visit<'_> for Calls {
        fn visit_macro(&mut self, call: &syn::Macro) {
            self.0.get_or_insert_with(|| call.path.clone());
        }
    }
    let mut calls = Calls::default();
    calls.visit_type(ty);
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
