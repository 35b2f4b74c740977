//! How a field is lent, by what its type is called: that is all there is to see. A user's own `String` is told to the
//! compiler as one, which says then that it is none.

use syn::{GenericArgument, PathArguments, Type};

use super::model::{Lent, Own, Target};

const SCALARS: [&str; 14] =
    ["bool", "char", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];

/// What the twin has of a field of this type.
pub(super) fn lent(ty: &Type) -> Lent {
    match ungroup(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => {
            return Lent::Referred((*reference.elem).clone());
        }
        _ => {}
    }
    if is_scalar(ty) {
        return Lent::Copied;
    }
    if let Some((target, own)) = borrowed(ty) {
        return Lent::Borrowed { target, own };
    }
    match argument(ty, "Option") {
        Some(inner) if is_scalar(inner) => Lent::Copied,
        Some(inner) => match borrowed(inner) {
            Some((target, own)) => Lent::Optional { inner: Box::new(inner.clone()), target, own },
            None => Lent::Whole,
        },
        None => Lent::Whole,
    }
}

/// What owns something is borrowed as that.
fn borrowed(ty: &Type) -> Option<(Target, Own)> {
    const OWNERS: [(&str, &str); 4] =
        [("String", "str"), ("PathBuf", "Path"), ("OsString", "OsStr"), ("CString", "CStr")];
    if let Type::Path(path) = ungroup(ty)
        && let Some(last) = path.path.segments.last()
        && last.arguments.is_none()
        && let Some((_, target)) = OWNERS.iter().find(|owner| last.ident == owner.0)
    {
        return Some((Target::Known(target), Own::ToOwned));
    }
    if let Some(item) = argument(ty, "Vec") {
        return Some((Target::Slice(item.clone()), Own::ToOwned));
    }
    if let Some(inner) = ["Box", "Rc", "Arc"].iter().find_map(|pointer| argument(ty, pointer)) {
        let own = match ungroup(inner) {
            Type::TraitObject(_) => Own::Unknown,
            Type::Slice(_) => Own::From,
            Type::Path(path)
                if ["str", "Path", "OsStr", "CStr"].iter().any(|known| path.path.is_ident(known)) =>
            {
                Own::From
            }
            _ => Own::FromClone,
        };
        return Some((Target::Other(inner.clone()), own));
    }
    cow(ty).map(|inner| (Target::Other(inner.clone()), Own::Unknown))
}

/// The `T` of `Name<T>`, if that is its only argument.
fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    match &arguments(ty, name)?[..] {
        [GenericArgument::Type(inner)] => Some(inner),
        _ => None,
    }
}

/// The `T` of `Cow<'a, T>`.
fn cow(ty: &Type) -> Option<&Type> {
    match &arguments(ty, "Cow")?[..] {
        [GenericArgument::Lifetime(_), GenericArgument::Type(inner)] => Some(inner),
        _ => None,
    }
}

fn arguments<'t>(ty: &'t Type, name: &str) -> Option<Vec<&'t GenericArgument>> {
    let Type::Path(path) = ungroup(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments.args.iter().collect()),
        _ => None,
    }
}

fn is_scalar(ty: &Type) -> bool {
    matches!(ungroup(ty), Type::Path(path) if SCALARS.iter().any(|scalar| path.path.is_ident(scalar)))
}

/// The type inside of the invisible delimiters that `macro_rules!` puts around its fragments, and of parentheses.
fn ungroup(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungroup(&group.elem),
        Type::Paren(paren) => ungroup(&paren.elem),
        _ => ty,
    }
}
