//! The model as tokens. Nothing is judged here.
//!
//! * `expression`: what makes an allocator where it stands
//! * `item`: a type; `composition`: the type and the value of its one field

mod composition;
mod expression;
mod item;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::crate_path::CratePath;

pub(super) use expression::expression;
pub(super) use item::item;

/// The runtime's word for how many threads there are.
fn mode(krate: &CratePath, shared: bool) -> TokenStream {
    if shared {
        quote_spanned!(Span::mixed_site()=> #krate::Shared)
    } else {
        quote_spanned!(Span::mixed_site()=> #krate::Local)
    }
}

/// The type of a bump allocator on the heap.
fn bump_type(krate: &CratePath, shared: bool, align: &TokenStream) -> TokenStream {
    let mode = mode(krate, shared);
    quote_spanned! {Span::mixed_site()=>
        #krate::BumpAllocator<#krate::__private::Block<#krate::SystemAllocator>, #align, #mode>
    }
}
