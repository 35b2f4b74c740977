//! The two derives of builders on one type, and an attribute of the one with the derive of the other.
//!
//! Each derive knows both attributes, so that the compiler does not report them too; but it sees neither the names
//! beside its own in `#[derive(…)]` nor what the other one reports. So what both see, both report with the same words at the
//! same place, which the compiler prints once; and of two that see the same, `Pooled` writes the builder.

use darling::ast::NestedMeta;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Ident, Meta, MetaList, Path, Token};

use super::Derive;
use crate::diagnostics::Diagnostics;

/// The derive that a type may have instead.
pub(crate) struct Other {
    /// What the user writes in `#[derive(…)]`.
    pub(crate) name: &'static str,
    /// The name of its attributes.
    pub(crate) attribute: &'static str,
    /// The keys of its attribute on a type.
    pub(crate) keys: &'static [&'static str],
}

const ONE: &str = "derive one of the two: `Pooled` writes this builder too";
const ALSO_ONE: &str = "derive one of the two, `Pooled` writes this builder too";

/// Reports what is of the other derive, and says whether this one is to write the builder. Attributes that are certainly
/// meant for this one have its name then.
pub(crate) fn settle(input: &mut DeriveInput, derive: &Derive, diagnostics: &mut Diagnostics) -> bool {
    let Other { name: other, attribute: their_attribute, keys: their_keys } = derive.other;
    let all: Vec<_> = attributes(input).flatten().cloned().collect();
    let later = all.iter().find_map(|attr| derived(attr, other));
    let ours = all.iter().any(|attr| attr.path().is_ident(derive.attribute));
    let theirs: Vec<_> = all.iter().filter(|attr| attr.path().is_ident(their_attribute)).collect();
    let Some(first) = theirs.first() else {
        // With one of our attributes the other derive reports it, and where it is.
        let Some(path) = later.filter(|_| !ours) else { return true };
        diagnostics.error_over(&path, ONE);
        return false;
    };
    if ours {
        let first = all.iter().find(|attr| attr.path().is_ident("builder")).unwrap_or(first);
        let message = "the keys of `Pooled` are in `#[pooled(…)]` and those of `Builder` in `#[builder(…)]`: derive one of the \
                       two, `Pooled` writes this builder too, and use its attribute throughout";
        diagnostics.error_over(first, message);
        let write = derive.name == "Pooled";
        if write && let Data::Struct(data) = &mut input.data {
            for field in &mut data.fields {
                if !field.attrs.iter().any(|attr| attr.path().is_ident(derive.attribute)) {
                    adopt(&mut field.attrs, derive);
                }
            }
        }
        return write;
    }
    let key = |of: &[&str], not_of: &[&str]| {
        theirs.iter().flat_map(|attr| keys(attr)).find(|key| {
            let key = key.to_string();
            of.contains(&key.as_str()) && !not_of.contains(&key.as_str())
        })
    };
    let instead = |attr: &Attribute| {
        let (name, attribute) = (derive.name, derive.attribute);
        format!("the keys of `{name}` are in `#[{attribute}(…)]`: write `#[{attribute}{}]`", written(attr))
    };
    if later.is_none() && key(derive.keys, their_keys).is_some() {
        for attr in theirs {
            diagnostics.error_over(attr, instead(attr));
        }
        attributes_mut(input).for_each(|attrs| adopt(attrs, derive));
        return true;
    }
    match key(their_keys, derive.keys) {
        _ if later.is_some() => diagnostics.error_over(first, ONE),
        Some(key) => diagnostics.error_over(first, format_args!("`{key}` is a key of `{other}`: {ALSO_ONE}")),
        None => {
            diagnostics
                .error_over(first, format_args!("{}; if `{other}` is derived too, {ONE}", instead(first)));
        }
    }
    false
}

/// The attributes of the type and of each field.
fn attributes(input: &DeriveInput) -> impl Iterator<Item = &Vec<Attribute>> {
    let fields = match &input.data {
        Data::Struct(data) => Some(&data.fields),
        Data::Enum(_) | Data::Union(_) => None,
    };
    std::iter::once(&input.attrs).chain(fields.into_iter().flatten().map(|field| &field.attrs))
}

fn attributes_mut(input: &mut DeriveInput) -> impl Iterator<Item = &mut Vec<Attribute>> {
    let fields = match &mut input.data {
        Data::Struct(data) => Some(&mut data.fields),
        Data::Enum(_) | Data::Union(_) => None,
    };
    std::iter::once(&mut input.attrs).chain(fields.into_iter().flatten().map(|field| &mut field.attrs))
}

/// Gives the attributes of the other derive the name of ours.
fn adopt(attrs: &mut [Attribute], derive: &Derive) {
    for attr in attrs.iter_mut().filter(|attr| attr.path().is_ident(derive.other.attribute)) {
        let path = match &mut attr.meta {
            Meta::Path(path) => path,
            Meta::List(list) => &mut list.path,
            Meta::NameValue(pair) => &mut pair.path,
        };
        if let Some(segment) = path.segments.first_mut() {
            segment.ident = Ident::new(derive.attribute, segment.ident.span());
        }
    }
}

/// Where a `#[derive(…)]` that is still to come says `name`; of this crate, if it says of which.
fn derived(attr: &Attribute, name: &str) -> Option<Path> {
    if !attr.path().is_ident("derive") {
        return None;
    }
    let paths = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()?;
    paths.into_iter().find(|path| {
        let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
        names.next().is_some_and(|last| last == name)
            && names.all(|of| of == "nebula_memory" || of == "prelude")
    })
}

/// The keys in an attribute that can be read.
fn keys(attr: &Attribute) -> Vec<Ident> {
    let list = attr.parse_args_with(Punctuated::<NestedMeta, Token![,]>::parse_terminated);
    let key = |item| match item {
        NestedMeta::Meta(meta) => meta.path().get_ident().cloned(),
        NestedMeta::NameValueInvalidExpr(pair) => pair.path.get_ident().cloned(),
        NestedMeta::Lit(_) => None,
    };
    list.unwrap_or_default().into_iter().filter_map(key).collect()
}

/// What is in the parentheses of the attribute, and these.
fn written(attr: &Attribute) -> String {
    match &attr.meta {
        Meta::List(MetaList { tokens, .. }) => {
            let tokens = tokens.to_string();
            if tokens.chars().count() <= 40 { format!("({tokens})") } else { "(…)".to_owned() }
        }
        Meta::Path(_) | Meta::NameValue(_) => "(…)".to_owned(),
    }
}
