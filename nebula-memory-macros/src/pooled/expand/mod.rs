//! The model as tokens. Nothing is judged here.

mod finish;
mod start;
mod static_pool;

use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Model, Pool};
use crate::hygiene::bare;
use crate::typestate::expand::{Context, Places, expand as expand_builder};

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { target, pool } = model;
    let user = match pool {
        Pool::Static { capacity, align } => quote!(#capacity #align),
        _ => TokenStream::new(),
    };
    let cx = Context::new(target, Places::Any, &user);
    let docs = format!(
        " Builds a [`{}`] field by field in the place where it will stay.\n\n Dropped before it is finished, it drops \
         the fields that were set and gives the place back.",
        bare(&target.ident)
    );
    let start = start::start(&cx, pool);
    let finish = finish::finish(&cx);
    let pool = static_pool::static_pool(&cx, pool);
    expand_builder(&cx, &docs, &start, &quote!(#finish #pool))
}
