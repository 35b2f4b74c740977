//! The rules of every builder. All that is wrong is reported; what can be generated all the same is.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Data, DeriveInput, Field, Index, Member};

use super::Derive;
use super::model::{Fallback, FieldModel, Kind, Reset, Target};
use super::parse::{FieldOptions, Filler, field_options};
use super::types::{MacroCalls, global_paths, is_unsized, may_be_large, option_inner};
use crate::attrs::{Name, Switch, Vis, forwarded, packed};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::hygiene::{at, bare};

/// The bits of the set of fields.
const MAX_FIELDS: usize = 64;

/// What the user may have said about the names of what is generated.
pub(crate) struct Names {
    pub(crate) krate: Option<CratePath>,
    pub(crate) builder: Option<Name>,
    pub(crate) start: Option<Name>,
    pub(crate) vis: Vis,
    pub(crate) no_implicit_prelude: Switch,
}

/// The fields of the type, if it is one that can have a builder.
pub(crate) fn fields(
    input: &DeriveInput,
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Field>> {
    let name = derive.name;
    let fields = fields_of_struct(&input.data, derive, diagnostics)?;
    if let Some(field) = fields.iter().find(|field| is_unsized(&field.ty)) {
        diagnostics.error(
            &field.ty,
            "a field that is written in place must have a size known at compile time: put it behind a `Box` or a \
             reference",
        );
        return None;
    }
    if let Some(span) = packed(&input.attrs) {
        diagnostics.error_at(
            span,
            format_args!(
                "`{name}` cannot be derived for a packed struct: fields are written in place, and a packed field may \
                 lie at an address its type does not allow; remove `packed`"
            ),
        );
    }
    if fields.len() > MAX_FIELDS {
        diagnostics.error(
            &input.ident,
            format_args!(
                "`{name}` can be derived for at most 64 fields, this struct has {}: put some of them into a struct of \
                 their own",
                fields.len()
            ),
        );
    }
    for field in &fields {
        MacroCalls(diagnostics).visit_type(&field.ty);
    }
    Some(fields)
}

/// The type and its builder, from fields that [`fields`] has let through.
pub(crate) fn target(
    input: DeriveInput,
    fields: Vec<Field>,
    names: Names,
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> Target {
    let builder = names.builder.map_or_else(
        || format_ident!("{}Builder", bare(&input.ident), span = at(input.ident.span())),
        |name| name.0,
    );
    Target {
        krate: names.krate.unwrap_or(CratePath::DEFAULT),
        builder,
        start: names.start.map_or_else(|| Ident::new("builder", Span::mixed_site()), |name| name.0),
        bare: names.no_implicit_prelude.is_on() || global_paths(&input),
        packed: packed(&input.attrs).is_some(),
        fields: check_fields(fields, derive, diagnostics),
        ident: input.ident,
        vis: names.vis.0.unwrap_or(input.vis),
        generics: input.generics,
    }
}

fn fields_of_struct(data: &Data, derive: &Derive, diagnostics: &mut Diagnostics) -> Option<Vec<Field>> {
    let only_structs = format!("`{}` can be derived for structs only: ", derive.name);
    match data {
        Data::Struct(data) => return Some(data.fields.iter().cloned().collect()),
        Data::Enum(data) => diagnostics.error(
            &data.enum_token,
            format_args!(
                "{only_structs}the fields of an enum depend on its variant; put it into a field of a struct"
            ),
        ),
        Data::Union(data) => diagnostics.error(
            &data.union_token,
            format_args!(
                "{only_structs}the fields of a union share their memory; put it into a field of a struct"
            ),
        ),
    }
    None
}

fn check_fields(fields: Vec<Field>, derive: &Derive, diagnostics: &mut Diagnostics) -> Vec<FieldModel> {
    let mut models = Vec::with_capacity(fields.len());
    let mut setters = HashSet::new();
    for (index, field) in (0..).zip(fields) {
        let (options, broken) = field_options(&field, derive, diagnostics);
        let mut model = check_field(index, field, options, broken, derive, diagnostics);
        if !matches!(model.kind, Kind::Skipped(_)) {
            let name = bare(&model.setter);
            let free = if derive.reserved.contains(&name.as_str()) {
                let message = format!(
                    "a builder has a method `{name}` of its own: give the setter another name with \
                     `#[{}(rename = …)]`",
                    derive.attribute
                );
                diagnostics.error(&model.setter, message);
                false
            } else if setters.insert(name.clone()) {
                true
            } else {
                diagnostics.error(
                    &model.setter,
                    format_args!("there is a setter `{name}` already: choose another name"),
                );
                false
            };
            if !free {
                // Without a setter it must not be required either.
                model.kind = Kind::Broken { setter: false };
            }
        }
        models.push(model);
    }
    for model in &mut models {
        if model.in_place.as_ref().is_some_and(|name| setters.contains(&bare(name))) {
            model.in_place = None;
        }
    }
    models
}

fn check_field(
    index: u32,
    field: Field,
    options: FieldOptions,
    mut broken: bool,
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> FieldModel {
    if let Some(skip) = &options.skip {
        contradictions(skip, &options, diagnostics);
    }
    if let Some(span) = options.required.span()
        && options.skip.is_none()
        && options.default.is_some()
    {
        diagnostics.error_at(span, "a default contradicts `required`: remove one of the two");
    }
    if let Some(span) = options.required.span()
        && options.skip.is_none()
        && options.default.is_none()
        && option_inner(&field.ty).is_none()
    {
        diagnostics.error_at(
            span,
            "`required` has no effect here: it is for fields of type `Option`, all others are required anyway",
        );
    }

    let inner = option_inner(&field.ty).filter(|_| !options.required.is_on()).cloned();
    let reset = options.reset.filter(|reset| {
        let why = if options.required.is_on() {
            "`reset` contradicts `required`: a field that stays in its slot is set already; remove one of the two"
        } else if options.default.is_none()
            && options.skip.is_none()
            && inner.is_none()
            && matches!(reset.how, Reset::Keep | Reset::Call(_))
        {
            "a field that stays in its slot needs a value for the first object: add `default` or `default = …`"
        } else {
            return true;
        };
        if !broken {
            diagnostics.error_over(&reset.value, why);
        }
        broken |= !options.required.is_on();
        false
    });
    let kind = if broken {
        Kind::Broken { setter: true }
    } else if let Some(skip) = options.skip {
        Kind::Skipped(fallback(skip, inner.is_some()))
    } else if let Some(default) = options.default {
        Kind::Optional(fallback(default, inner.is_some()))
    } else if inner.is_some() {
        Kind::Optional(Fallback::None)
    } else if reset.is_some() {
        Kind::Optional(Fallback::Default)
    } else {
        Kind::Required
    };
    // The user's token, or for a field without a name one at its type: `_0`, `_1`, …
    let (member, setter) = if let Some(ident) = field.ident {
        (Member::Named(ident.clone()), ident)
    } else {
        let span = field.ty.span();
        (Member::Unnamed(Index { index, span: at(span) }), format_ident!("_{index}", span = span))
    };
    let name = bare(&setter);
    let setter = options.rename.map_or(setter, |name| name.0);
    let in_place = (derive.in_place && !broken && inner.is_none() && may_be_large(&field.ty))
        .then(|| format_ident!("{}_with", bare(&setter), span = at(setter.span())));
    FieldModel {
        attrs: forwarded(&field.attrs),
        into: options.into.is_on(),
        member,
        name,
        setter,
        ty: field.ty,
        kind,
        option: inner,
        reset: reset.map(|reset| reset.how),
        in_place,
    }
}

fn contradictions(skip: &Filler, options: &FieldOptions, diagnostics: &mut Diagnostics) {
    if options.default.is_some() {
        diagnostics.error(
            &skip.key,
            "`skip` cannot be combined with `default`: write `skip = <expression>` for the value of a field without \
             a setter",
        );
    }
    if options.required.is_on() {
        diagnostics.error(&skip.key, "`skip` contradicts `required`: a field without a setter cannot be set");
    }
    if let Some(span) = options.into.span() {
        diagnostics.error_at(span, "`into` has no effect on a field that is skipped: it has no setter");
    }
    if let Some(name) = &options.rename {
        diagnostics.error(&name.0, "`rename` has no effect on a field that is skipped: it has no setter");
    }
}

fn fallback(filler: Filler, is_option: bool) -> Fallback {
    match filler.value {
        Some(value) => Fallback::Expr(value),
        None if is_option => Fallback::None,
        None => Fallback::Default,
    }
}
