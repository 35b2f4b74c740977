//! The model as tokens. Nothing is judged here.

mod finish;
mod hooks;
mod reuse;
mod start;
mod static_pool;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::model::{Hooks, Model, Pool};
use crate::diagnostics::Diagnostics;
use crate::hygiene::bare;
use crate::typestate::expand::{Context, Places, expand as expand_builder};

pub(super) fn expand(model: &Model, diagnostics: &Diagnostics) -> TokenStream {
    let Model { target, pool, hooks, reset } = model;
    // Where there is no pool, nothing is kept in one.
    let reset = reset.filter(|_| matches!(pool, Pool::Static { .. }));
    let Hooks { on_acquire, on_release } = hooks;
    let pool_values = match pool {
        Pool::Static { capacity, align, max_bytes, .. } => quote!(#capacity #align #max_bytes),
        _ => TokenStream::new(),
    };
    let user = quote!(#pool_values #on_acquire #on_release);
    let cx = Context::new(target, Places::Any, &user);
    let docs = format!(
        " Builds a [`{}`] field by field in the place where it will stay.\n\n Dropped before it is finished, it drops \
         the fields that were set and gives the place back.",
        bare(&target.ident)
    );
    let start = start::start(&cx, pool, hooks, reset.is_some(), diagnostics);
    let finish = finish::finish(&cx);
    let pool = static_pool::static_pool(&cx, pool, hooks, reset.is_some());
    let reuse = reset.map(|asked| reuse::reuse(&cx, asked));
    let hooks = hooks::hooks(&cx, hooks);
    expand_builder(&cx, &docs, &start, &quote!(#finish #hooks #reuse #pool))
}

/// The items, or the reason why there are none, if the pool needs `std`.
fn with_std(cx: &Context<'_>, pool: &Pool, items: TokenStream) -> TokenStream {
    let runtime = &cx.runtime;
    if !matches!(pool, Pool::Static { local: true, .. }) {
        return items;
    }
    quote_spanned! {Span::mixed_site()=>
        #runtime::with_std! {
            "`threading = local` keeps the pools in thread-local variables, which need the feature `std` of `nebula-memory`: \
             turn it on, or declare a `LocalFixedPool` and pass it to `build_in`",
            #items
        }
    }
}
