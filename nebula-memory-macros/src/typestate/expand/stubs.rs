//! The functions of a type that cannot have them, so that their use is not one more error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{DeriveInput, Visibility};

use crate::diagnostics::Diagnostics;
use crate::generics::Parts;

/// The functions `names` of the type, each of so many arguments. What they return is what was wrong.
pub(crate) fn stubs(
    input: &DeriveInput,
    names: &[(&str, usize)],
    diagnostics: &Diagnostics,
) -> Option<TokenStream> {
    let functions = functions(&input.vis, names, diagnostics)?;
    let Parts { bounded, predicates, ty, .. } = Parts::new(&input.ident, &input.generics);
    Some(quote_spanned! {Span::mixed_site()=>
        impl<#bounded> #ty where #predicates {
            #functions
        }
    })
}

/// The same inside of an `impl`.
pub(crate) fn functions(
    vis: &Visibility,
    names: &[(&str, usize)],
    diagnostics: &Diagnostics,
) -> Option<TokenStream> {
    let wrong = diagnostics.as_type()?;
    let functions = names.iter().map(|(name, arguments)| {
        let name = Ident::new(name, Span::mixed_site());
        let types: Vec<_> =
            (0..*arguments).map(|index| format_ident!("H{index}", span = Span::mixed_site())).collect();
        quote_spanned! {Span::mixed_site()=>
            #[allow(dead_code)]
            #vis fn #name<#(#types),*>(#(_: #types),*) -> #wrong {
                loop {}
            }
        }
    });
    Some(functions.collect())
}
