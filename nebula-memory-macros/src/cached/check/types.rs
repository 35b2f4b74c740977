//! What is in a type, as far as it can be seen.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{Visit, visit_type_reference};
use syn::{GenericArgument, Lifetime, PathArguments, Type, TypeImplTrait, TypeReference};

/// The type inside of the invisible delimiters that `macro_rules!` puts around its fragments, and of parentheses.
pub(super) fn ungroup(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungroup(&group.elem),
        Type::Paren(paren) => ungroup(&paren.elem),
        _ => ty,
    }
}

/// Whether the last word of the type's path is this.
pub(super) fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ungroup(ty), Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The type in an `Option`, if it is written as one.
pub(super) fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungroup(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (arguments.args.first(), arguments.args.len()) {
        (Some(GenericArgument::Type(inner)), 1) => Some(inner),
        _ => None,
    }
}

/// The type behind references that are not `mut`, and how many there are.
pub(super) fn peeled(ty: &Type) -> (&Type, usize) {
    match ungroup(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => {
            let (inner, count) = peeled(&reference.elem);
            (inner, count + 1)
        }
        inner => (inner, 0),
    }
}

/// Where the type has a lifetime that ends: a reference, or `'a`.
pub(super) fn borrow(ty: &Type) -> Option<Span> {
    #[derive(Default)]
    struct Finder(Option<Span>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            if lifetime.ident != "static" {
                self.0.get_or_insert(lifetime.span());
            }
        }

        fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
            if reference.lifetime.is_none() {
                self.0.get_or_insert(reference.and_token.span());
            }
            visit_type_reference(self, reference);
        }

        // Their lifetimes are their own: `fn(&str) -> &str`.
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}

        fn visit_parenthesized_generic_arguments(&mut self, _: &'ast syn::ParenthesizedGenericArguments) {}
    }
    let mut finder = Finder::default();
    finder.visit_type(ty);
    finder.0
}

/// Where the type has an `impl Trait`.
pub(super) fn nameless(ty: &Type) -> Option<Span> {
    #[derive(Default)]
    struct Finder(Option<Span>);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
            self.0.get_or_insert(ty.span());
        }
    }
    let mut finder = Finder::default();
    finder.visit_type(ty);
    finder.0
}
