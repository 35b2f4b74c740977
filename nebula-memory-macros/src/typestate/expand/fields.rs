//! What the runtime must know about the fields: how to drop them, and what they are if not set.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::{Context, number};
use crate::generics::without_self;
use crate::hygiene::locate;
use crate::typestate::model::{Fallback, FieldModel, Kind, Reset};

/// `impl Fields`.
pub(super) fn describe(cx: &Context<'_>) -> TokenStream {
    let runtime = &cx.runtime;
    let (bounded, predicates, ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let entries = cx.target.fields.iter().map(|field| {
        let member = &field.member;
        quote_spanned!(Span::mixed_site()=> FieldDrop::new(__value, &raw const (*__value).#member))
    });
    let pin_down = pin_down(cx);
    let fills = cx.target.fields.iter().enumerate().filter_map(|(index, field)| fill(cx, index, field));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        unsafe impl<#bounded> #runtime::Fields for #ty where #predicates {
            const TABLE: &'static [#runtime::FieldDrop] = {
                #pin_down
                use #runtime::FieldDrop;
                let __value = #runtime::mem::MaybeUninit::<Self>::uninit();
                let __value = __value.as_ptr();
                unsafe { &[#(#entries),*] }
            };

            #[inline]
            fn fill(__unfilled: &mut #runtime::Unfilled<'_>) {
                #(#fills)*
            }
        }
    }
}

/// A function that is never called and compiles only if the fields are those that the derive saw, with those types:
/// an attribute macro after the derive could have changed them, and nothing else here would notice.
///
/// Each field must be named because there is no `..`; references to packed fields are refused; behind `&mut` a type
/// cannot pass for another one, nor, in a tuple, be dereferenced to one.
fn pin_down(cx: &Context<'_>) -> TokenStream {
    if cx.target.packed {
        return TokenStream::new();
    }
    let fields = &cx.target.fields;
    let (bounded, predicates, ty, name) =
        (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty, &cx.target.ident);
    let members = fields.iter().map(|field| &field.member);
    let types = fields.iter().map(|field| without_self(field.ty.to_token_stream(), ty));
    let places: Vec<_> =
        (0..fields.len()).map(|index| format_ident!("__field_{index}", span = Span::mixed_site())).collect();
    quote_spanned! {Span::mixed_site()=>
        fn pin_down<#bounded>(__value: &mut #ty) where #predicates {
            let #name { #(#members: #places),* } = __value;
            let __fields = (#(#places,)*);
            let _: (#(&mut #types,)*) = __fields;
        }
    }
}

/// The default of a type of the user's; an error in it is reported at the type.
pub(crate) fn default_of(runtime: &Ident, ty: &Type) -> TokenStream {
    locate(quote!(<#ty as #runtime::default::Default>::default()), ty.span())
}

/// The statement that gives a field a value if it has none.
fn fill(cx: &Context<'_>, index: usize, field: &FieldModel) -> Option<TokenStream> {
    let runtime = &cx.runtime;
    let ty = &field.ty;
    let index = number(index);
    let make = match &field.kind {
        Kind::Required => return None,
        Kind::Optional(Fallback::None) | Kind::Skipped(Fallback::None) => {
            return Some(quote_spanned! {Span::mixed_site()=> {
                let __value: #ty = #runtime::Option::None;
                unsafe { __unfilled.or(#index, __value) }
            }});
        }
        // The same words as where it is reset, so that one error is one message.
        Kind::Optional(Fallback::Default) | Kind::Skipped(Fallback::Default)
            if matches!(field.reset, Some(Reset::Default)) =>
        {
            let value = default_of(runtime, ty);
            quote_spanned!(Span::mixed_site()=> || -> #ty { #value })
        }
        // No closure if there can be none: it is one more body for the compiler to check.
        Kind::Optional(Fallback::Default) | Kind::Skipped(Fallback::Default) => {
            let method = locate(quote!(or_default::<#ty>), ty.span());
            return Some(quote_spanned!(Span::mixed_site()=> unsafe { __unfilled.#method(#index) };));
        }
        // In a closure of its own, so that `return` and `?` end it and nothing else.
        Kind::Optional(Fallback::Expr(value)) | Kind::Skipped(Fallback::Expr(value)) => {
            quote_spanned!(Span::mixed_site()=> || -> #ty { #value })
        }
        Kind::Broken { .. } => quote_spanned!(Span::mixed_site()=> || -> #ty { loop {} }),
    };
    // Outside of the `unsafe`.
    Some(quote_spanned! {Span::mixed_site()=>
        match #make {
            __make => unsafe { __unfilled.or_else::<#ty>(#index, __make) },
        }
    })
}
