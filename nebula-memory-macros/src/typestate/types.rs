//! What can be told of a field's type from its tokens.

use syn::visit::Visit;
use syn::{DeriveInput, GenericArgument, Macro, PathArguments, Type};

use crate::diagnostics::Diagnostics;

/// The `T` of `Option<T>`, also of `core::option::Option<T>` and in the groups of `macro_rules!`.
pub(super) fn option_inner(ty: &Type) -> Option<&Type> {
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

/// Whether the type names others by paths like `::core::option::Option`. One who does may have no prelude.
///
/// Where there is none, the attribute for messages is not found, which is an error, and nothing tells a macro where it is.
/// A wrong guess costs the name of the field in a message.
pub(super) fn global_paths(input: &DeriveInput) -> bool {
    struct Global(bool);

    impl Visit<'_> for Global {
        fn visit_path(&mut self, path: &syn::Path) {
            self.0 |= path.leading_colon.is_some();
            syn::visit::visit_path(self, path);
        }

        // Other macros' paths say nothing.
        fn visit_attribute(&mut self, _: &syn::Attribute) {}
    }

    let mut global = Global(false);
    global.visit_derive_input(input);
    global.0
}

/// Reports macro calls in a type. The type is repeated in generated code, where a macro might say something else, and
/// something else would be written to the field.
pub(super) struct MacroCalls<'a>(pub(super) &'a mut Diagnostics);

impl Visit<'_> for MacroCalls<'_> {
    fn visit_macro(&mut self, call: &Macro) {
        self.0.error(
            &call.path,
            "a macro call in the type of a field: give the type, or the length, a name and use that",
        );
    }
}

pub(super) fn is_unsized(ty: &Type) -> bool {
    match ungroup(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// Whether a field may be large, so that a second setter that works in place pays off: a setter is code to compile.
///
/// By name only, for that is all there is to see: a user's own `Vec` has one setter less, no more.
pub(super) fn may_be_large(ty: &Type) -> bool {
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
