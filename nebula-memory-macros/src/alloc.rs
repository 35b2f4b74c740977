//! `alloc!`: memory for a value, an array, or a struct that is built in it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprStruct, Path, PathArguments, Token, Type, bracketed, token};

use crate::crate_path::CratePath;

const FORMS: &str = "`alloc!(a, Type)`, `alloc!(a, Type = value)`, `alloc!(a, [Type; n])`, `alloc!(a, [Type; n] = |i| …)` \
                     or `alloc!(a, Struct { field: value, … })`";

/// The whole macro.
pub(crate) fn alloc(input: TokenStream) -> TokenStream {
    match syn::parse2::<Alloc>(input) {
        Ok(alloc) => alloc.expand(),
        Err(error) => error.into_compile_error(),
    }
}

/// `alloc!(…)` taken apart.
struct Alloc {
    krate: CratePath,
    allocator: Expr,
    what: What,
}

enum What {
    Value { ty: Type, value: Option<Expr> },
    Slice { ty: Type, len: Expr, value: Option<Expr> },
    Struct(ExprStruct),
}

impl Parse for Alloc {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        if input.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                format_args!("missing allocator and type: write {FORMS}"),
            ));
        }
        let allocator: Expr = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        if comma.is_none() || input.is_empty() {
            let span = if input.is_empty() { Span::call_site() } else { input.span() };
            return Err(syn::Error::new(span, format_args!("missing type: write {FORMS}")));
        }
        let what = if is_struct_literal(input) {
            What::Struct(struct_literal(input)?)
        } else if input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            let ty = content.parse()?;
            content.parse::<Token![;]>()?;
            let len = content.parse()?;
            if !content.is_empty() {
                return Err(content.error("unexpected tokens after the length"));
            }
            What::Slice { ty, len, value: value(input)? }
        } else {
            What::Value { ty: input.parse()?, value: value(input)? }
        };
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
        }
        Ok(Self { krate, allocator, what })
    }
}

fn value(input: ParseStream<'_>) -> syn::Result<Option<Expr>> {
    Ok(match input.parse::<Option<Token![=]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    })
}

fn is_struct_literal(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Path>().is_ok() && ahead.peek(token::Brace)
}

/// A struct literal whose path may have its generics as a type has them, without `::`.
fn struct_literal(input: ParseStream<'_>) -> syn::Result<ExprStruct> {
    let path: Path = input.parse()?;
    let content;
    let brace_token = syn::braced!(content in input);
    let mut fields = syn::punctuated::Punctuated::new();
    while !content.is_empty() {
        if content.peek(Token![..]) {
            return Err(content.error(
                "every field is built in place, so each must be given: `..` would move a whole value",
            ));
        }
        let field: syn::FieldValue = content.parse()?;
        if let Some(attr) = field.attrs.first() {
            return Err(syn::Error::new_spanned(attr, "a field of `alloc!` cannot have attributes"));
        }
        fields.push_value(field);
        if content.is_empty() {
            break;
        }
        fields.push_punct(content.parse()?);
    }
    Ok(ExprStruct { attrs: Vec::new(), qself: None, path, brace_token, fields, dot2_token: None, rest: None })
}

impl Alloc {
    fn expand(&self) -> TokenStream {
        let Self { krate, allocator, .. } = self;
        match &self.what {
            What::Value { ty, value: None } => {
                quote_spanned!(Span::mixed_site()=> (#allocator).alloc_uninit::<#ty>())
            }
            What::Value { ty, value: Some(value) } => quote_spanned! {Span::mixed_site()=>
                match (#allocator).alloc_uninit::<#ty>() {
                    slot => #krate::__private::mem::MaybeUninit::write(slot, #value),
                }
            },
            What::Slice { ty, len, value: None } => {
                quote_spanned!(Span::mixed_site()=> (#allocator).alloc_slice_uninit::<#ty>(#len))
            }
            What::Slice { ty, len, value: Some(value) } => {
                quote_spanned!(Span::mixed_site()=> (#allocator).alloc_slice_fill_with::<#ty>(#len, #value))
            }
            What::Struct(literal) => in_place(krate, allocator, literal),
        }
    }
}

/// The struct, field by field in its memory.
///
/// `Building::new` only ties types together, it calls neither closure. The first is the user's literal with a variable for
/// each value: so the compiler reports missing, unknown and repeated fields as it always does. The second refers to
/// each field, which it does not allow in a packed struct. The third it allows for structs only.
fn in_place(krate: &CratePath, allocator: &Expr, literal: &ExprStruct) -> TokenStream {
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
            (#allocator).alloc_uninit(),
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
