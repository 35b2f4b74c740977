//! The rules of the derive. All that is wrong is reported; what can be generated all the same is.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::visit::Visit;
use syn::{Data, Field, Fields, GenericArgument, Macro, PathArguments, Type};

use super::model::{Fallback, FieldModel, Kind, Model, Pool};
use super::parse::{FieldOptions, Filler, Parsed, field_options};
use crate::attrs::{forwarded, packed};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::hygiene::{at, bare};

/// The bits of the set of fields.
const MAX_FIELDS: usize = 64;

/// Methods of every builder.
const RESERVED: [&str; 2] = ["build", "finish"];

pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { input, options, broken } = parsed;
    let fields = named_fields(&input.data, &input.ident, diagnostics)?;
    if let Some(field) = fields.iter().find(|field| is_unsized(&field.ty)) {
        diagnostics.error(
            &field.ty,
            "a field that is written in place must have a size known at compile time: put it behind a `Box` or a \
             reference",
        );
        return None;
    }
    let packed = packed(&input.attrs);
    if let Some(span) = packed {
        diagnostics.error_at(
            span,
            "`Pooled` cannot be derived for a packed struct: fields are written in place, and a packed field may lie \
             at an address its type does not allow; remove `packed`",
        );
    }
    if fields.len() > MAX_FIELDS {
        diagnostics.error(
            &input.ident,
            format_args!(
                "`Pooled` can be derived for at most 64 fields, this struct has {}: put some of them into a struct of \
                 their own",
                fields.len()
            ),
        );
    }

    for field in &fields {
        MacroCalls(diagnostics).visit_type(&field.ty);
    }

    let pool = if let Some(capacity) = options.capacity {
        pool(&input, capacity, options.align, diagnostics)
    } else {
        if let Some(align) = options.align {
            diagnostics.error(
                &align.0,
                "`align` is the alignment of the slots of the static pool: add `capacity = …`",
            );
        }
        if broken && input.generics.params.is_empty() { Pool::Broken } else { Pool::None }
    };

    let builder = options.builder.map_or_else(
        || format_ident!("{}Builder", bare(&input.ident), span = at(input.ident.span())),
        |name| name.0,
    );
    Some(Model {
        krate: options.krate.unwrap_or(CratePath::DEFAULT),
        builder,
        start: options.start.map_or_else(|| Ident::new("builder", Span::mixed_site()), |name| name.0),
        pool,
        packed: packed.is_some(),
        fields: check_fields(fields, diagnostics),
        ident: input.ident,
        vis: input.vis,
        generics: input.generics,
    })
}

fn named_fields(data: &Data, ident: &Ident, diagnostics: &mut Diagnostics) -> Option<Vec<Field>> {
    let only_structs = "`Pooled` can be derived for structs only: ";
    match data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return Some(fields.named.iter().cloned().collect()),
            Fields::Unnamed(fields) => diagnostics.error(
                fields,
                "`Pooled` needs named fields, its setters are called like them: write `{ name: Type, … }`",
            ),
            Fields::Unit => {
                diagnostics.error(
                    ident,
                    "`Pooled` needs named fields: write `struct Name {}` for one without fields",
                );
            }
        },
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

fn pool(
    input: &syn::DeriveInput,
    capacity: crate::attrs::Size,
    align: Option<crate::attrs::Size>,
    diagnostics: &mut Diagnostics,
) -> Pool {
    if !input.generics.params.is_empty() {
        diagnostics.error(
            &capacity.0,
            "a generic type has no static pool, a `static` cannot be generic: remove `capacity`, declare a \
             `FixedPool` for each type you need and pass it to `build_in`",
        );
        return Pool::None;
    }
    if capacity.literal() == Some(0) {
        diagnostics
            .error(&capacity.0, "a pool with a `capacity` of zero can hold nothing: it must be at least 1");
        return Pool::Broken;
    }
    if let Some(align) = &align
        && let Some(bytes) = align.literal()
        && (!bytes.is_power_of_two() || bytes > 65_536)
    {
        diagnostics.error(&align.0, "`align` must be a power of two, at most 65536");
        return Pool::Broken;
    }
    Pool::Static { capacity: capacity.0, align: align.map(|align| align.0) }
}

fn check_fields(fields: Vec<Field>, diagnostics: &mut Diagnostics) -> Vec<FieldModel> {
    let mut models = Vec::with_capacity(fields.len());
    let mut setters = HashSet::new();
    for field in fields {
        let (options, broken) = field_options(&field, diagnostics);
        let Some(mut model) = check_field(field, options, broken, diagnostics) else { continue };
        if !matches!(model.kind, Kind::Skipped(_)) {
            let name = bare(&model.setter);
            let free = if RESERVED.contains(&name.as_str()) {
                let message = format!(
                    "a builder has a method `{name}` of its own: give the setter another name with \
                     `#[pooled(rename = …)]`"
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
    field: Field,
    options: FieldOptions,
    broken: bool,
    diagnostics: &mut Diagnostics,
) -> Option<FieldModel> {
    let ident = field.ident?;
    if let Some(skip) = &options.skip {
        contradictions(skip, &options, diagnostics);
    }
    if let Some(span) = options.required.span()
        && options.skip.is_none()
        && options.default.is_some()
    {
        diagnostics.error_at(span, "a default contradicts `required`: remove one of the two");
    }

    let inner = option_inner(&field.ty).filter(|_| !options.required.is_on()).cloned();
    let kind = if broken {
        Kind::Broken { setter: true }
    } else if let Some(skip) = options.skip {
        Kind::Skipped(fallback(skip, inner.is_some()))
    } else if let Some(default) = options.default {
        Kind::Optional(fallback(default, inner.is_some()))
    } else if inner.is_some() {
        Kind::Optional(Fallback::None)
    } else {
        Kind::Required
    };
    let setter = options.rename.map_or_else(|| ident.clone(), |name| name.0);
    let in_place = (!broken && inner.is_none() && may_be_large(&field.ty))
        .then(|| format_ident!("{}_with", bare(&setter), span = at(setter.span())));
    Some(FieldModel {
        attrs: forwarded(&field.attrs),
        into: options.into.is_on(),
        ident,
        setter,
        ty: field.ty,
        kind,
        option: inner,
        in_place,
    })
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

/// The `T` of `Option<T>`, also of `core::option::Option<T>` and in the groups of `macro_rules!`.
fn option_inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungroup(ty) else { return None };
    let segments = &path.path.segments;
    let names: Vec<_> = segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let is_option = matches!(names[..], ["Option"] | ["core" | "std", "option", "Option"]);
    if path.qself.is_some() || !is_option {
        return None;
    }
    match &segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) if arguments.args.len() == 1 => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Reports macro calls in a type. The type is repeated in generated code, where a macro might say something else, and
/// something else would be written to the field.
struct MacroCalls<'a>(&'a mut Diagnostics);

impl Visit<'_> for MacroCalls<'_> {
    fn visit_macro(&mut self, call: &Macro) {
        self.0.error(
            &call.path,
            "a macro call in the type of a field: give the type, or the length, a name and use that",
        );
    }
}

fn is_unsized(ty: &Type) -> bool {
    match ungroup(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// Whether a field may be large, so that a second setter that works in place pays off: a setter is code to compile.
///
/// By name only, for that is all there is to see: a user's own `Vec` has one setter less, no more.
fn may_be_large(ty: &Type) -> bool {
    const SMALL: [&str; 33] = [
        "bool",
        "char",
        "f32",
        "f64",
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "Arc",
        "BTreeMap",
        "BTreeSet",
        "Box",
        "Cow",
        "Duration",
        "HashMap",
        "HashSet",
        "Instant",
        "NonNull",
        "OsString",
        "PathBuf",
        "PhantomData",
        "Rc",
        "String",
        "Vec",
        "VecDeque",
    ];
    match ungroup(ty) {
        Type::Array(_) | Type::Tuple(_) => true,
        Type::Path(path) => {
            !path.path.segments.last().is_some_and(|last| SMALL.iter().any(|small| last.ident == small))
        }
        _ => false,
    }
}

fn ungroup(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungroup(&group.elem),
        Type::Paren(paren) => ungroup(&paren.elem),
        _ => ty,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn options_are_seen_through_paths_and_groups() {
        for ty in [
            parse_quote!(Option<u8>),
            parse_quote!(::core::option::Option<u8>),
            parse_quote!(std::option::Option<u8>),
            parse_quote!((Option<u8>)),
        ] {
            assert!(option_inner(&ty).is_some());
        }
        for ty in [
            parse_quote!(my::Option<u8>),
            parse_quote!(Option),
            parse_quote!(Option<u8, u8>),
            parse_quote!(<A as B>::Option<u8>),
            parse_quote!(&Option<u8>),
        ] {
            assert!(option_inner(&ty).is_none());
        }
    }
}
