//! The memory, and what fills it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprStruct, PathArguments, Token, Type};

use super::parse::{Alloc, What};
use crate::crate_path::CratePath;
use crate::hygiene::at;

pub(super) fn expand(alloc: &Alloc) -> TokenStream {
    let Alloc { krate, allocator, what } = alloc;
    let method = |name| Ident::new(name, at(allocator.span()));
    let (one, many, filled) =
        (method("alloc_uninit"), method("alloc_slice_uninit"), method("alloc_slice_fill_with"));
    // In parentheses, because a variable would be taken for a constant by the compiler, and called not constant enough.
    let paren = |ty: &Type| quote_spanned!(Span::mixed_site()=> (#ty));
    match what {
        What::Value { ty, value: None } => {
            let ty = paren(ty);
            quote_spanned!(Span::mixed_site()=> (#allocator).#one::<#ty>())
        }
        What::Value { ty, value: Some(value) } => {
            let ty = paren(ty);
            quote_spanned! {Span::mixed_site()=>
                match (#allocator).#one::<#ty>() {
                    slot => #krate::__private::mem::MaybeUninit::write(slot, #value),
                }
            }
        }
        What::Slice { ty, len, value: None } => {
            let ty = paren(ty);
            quote_spanned!(Span::mixed_site()=> (#allocator).#many::<#ty>(#len))
        }
        What::Slice { ty, len, value: Some(value) } => {
            let ty = paren(ty);
            quote_spanned!(Span::mixed_site()=> (#allocator).#filled::<#ty>(#len, #value))
        }
        What::Struct(literal) => in_place(krate, allocator, literal),
    }
}

/// The struct, field by field in its memory.
///
/// `Building::new` only ties types together, it calls neither closure. The first is the user's literal with a variable for
/// each value: so the compiler reports missing, unknown and repeated fields as it always does. The second refers to
/// each field, which it does not allow in a packed struct. The third it allows for structs only.
fn in_place(krate: &CratePath, allocator: &Expr, literal: &ExprStruct) -> TokenStream {
    let method = Ident::new("alloc_uninit", at(allocator.span()));
    // As an expression the path needs `::` before its generics.
    let mut generic_path = literal.path.clone();
    for segment in &mut generic_path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            arguments.colon2_token.get_or_insert_with(|| Token![::](Span::mixed_site()));
        }
    }
    let members: Vec<_> = literal.fields.iter().map(|field| &field.member).collect();
    let values = literal.fields.iter().map(|field| field.expr.to_token_stream());
    let stand_ins: Vec<_> =
        (0..members.len()).map(|index| format_ident!("field_{index}", span = Span::mixed_site())).collect();
    // Each write is a method call with the value as its argument, where messages about its type point.
    let writes = members.iter().zip(values).map(|(member, value)| {
        quote_spanned! {Span::mixed_site()=>
            match unsafe { #krate::__private::FieldSlot::new(&raw mut (*building.as_mut_ptr()).#member) } {
                field => field.write(#value),
            }
        }
    });
    quote_spanned! {Span::mixed_site()=>
        match #krate::__private::Building::new(
            (#allocator).#method(),
            |(#(#stand_ins,)*)| #generic_path { #(#members: #stand_ins),* },
            |whole| { let _ = (#(&whole.#members,)*); },
            |(#(#stand_ins,)*), whole| {
                #[allow(clippy::needless_update)]
                let whole = #generic_path { #(#members: #stand_ins,)* ..whole };
                whole
            },
        ) {
            building => {
                #(#writes)*
                unsafe { building.finish() }
            }
        }
    }
}
