//! `dealloc!`: memory goes back to its allocator.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token};

use crate::crate_path::CratePath;

const FORM: &str = "`unsafe { dealloc!(allocator, pointer) }`";

/// The whole macro.
///
/// What it calls is an unsafe function, and no `unsafe` is around it but the user's.
pub(crate) fn dealloc(input: TokenStream) -> TokenStream {
    match syn::parse2::<Dealloc>(input) {
        Ok(Dealloc { krate, allocator, pointer }) => quote_spanned! {Span::mixed_site()=>
            #krate::__private::dealloc(&#allocator, #pointer)
        },
        Err(error) => error.into_compile_error(),
    }
}

/// `dealloc!(…)` taken apart.
struct Dealloc {
    krate: CratePath,
    allocator: Expr,
    pointer: Expr,
}

impl Parse for Dealloc {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        if input.is_empty() {
            let message = format!("missing allocator and pointer: write {FORM}");
            return Err(syn::Error::new(Span::call_site(), message));
        }
        let allocator = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        if comma.is_none() || input.is_empty() {
            let span = if input.is_empty() { Span::call_site() } else { input.span() };
            return Err(syn::Error::new(span, format_args!("missing pointer: write {FORM}")));
        }
        let pointer = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens: write {FORM}")));
        }
        Ok(Self { krate, allocator, pointer })
    }
}
