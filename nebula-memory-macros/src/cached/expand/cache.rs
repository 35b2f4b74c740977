//! Where the results are kept.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, WherePredicate};

use super::Context;
use super::key::owned_type;
use crate::cached::life::Life;
use crate::cached::model::{Companion, Flight, Keep, Own, Source};
use crate::hygiene::{at, bare, locate};

/// The look-up of `key`, and the function that gives the cache to the user.
pub(super) fn look(cx: &Context<'_>, key: &TokenStream) -> (TokenStream, TokenStream) {
    let (runtime, keep, output) = (&cx.runtime, &cx.keep, &cx.model.output);
    // At the type: it says so if it cannot be kept.
    let look = locate(quote!(#runtime::look::<#keep, #output, _, _>), output.span());
    let own = match &cx.model.source {
        Source::Given(cache) => {
            let cache = quote_spanned!(at(cache.span())=> &(#cache));
            return (quote_spanned!(Span::mixed_site()=> #look(#cache, #key)), TokenStream::new());
        }
        Source::Own(own) => own,
    };
    if let Some(companion) = &own.companion {
        let cache = call(cx, companion);
        return (quote_spanned!(Span::mixed_site()=> #look(#cache, #key)), function(cx, own, companion));
    }
    if !matches!(cx.model.flight, Flight::Each) {
        let cache = body(cx, own);
        return (quote_spanned!(Span::mixed_site()=> #look(#cache, #key)), TokenStream::new());
    }
    let look = locate(quote!(#runtime::look_own::<#keep, #output, _, _, _, _>), output.span());
    let built = built(cx, own);
    let caches = caches(cx);
    let look = quote_spanned!(Span::mixed_site()=> #look({ #caches &CACHES }, || (), #key, || #built));
    (look, TokenStream::new())
}

/// The call of the function that gives the cache.
fn call(cx: &Context<'_>, companion: &Companion) -> TokenStream {
    let names: Vec<_> = cx.model.signature.generics.params.iter().filter_map(name_of).collect();
    let name = &companion.name;
    let of = companion.associated.then(|| quote_spanned!(at(name.span())=> Self::));
    let types = (!names.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> ::<#(#names),*>));
    quote_spanned!(Span::mixed_site()=> #of #name #types ())
}

/// Where the caches of the function are.
fn caches(cx: &Context<'_>) -> TokenStream {
    let runtime = &cx.runtime;
    quote_spanned! {Span::mixed_site()=>
        static CACHES: #runtime::Caches = #runtime::Caches::none();
    }
}

/// The cache of the function, made by the first call.
///
/// A function for several types has one for each: they are told apart by a closure, whose type is another one in each
/// of them, even if it is the `impl` around the function that is generic.
fn body(cx: &Context<'_>, own: &Own) -> TokenStream {
    let (runtime, built, caches) = (&cx.runtime, built(cx, own), caches(cx));
    let mut built = quote_spanned!(Span::mixed_site()=> #runtime::shared(#built));
    match cx.model.flight {
        Flight::Each => {}
        Flight::Single => built = quote_spanned!(Span::mixed_site()=> #runtime::deduplicated(#built)),
        Flight::Polled(_) => {
            built = quote_spanned!(Span::mixed_site()=> #runtime::async_deduplicated(#built));
        }
    }
    // The user's expressions are outside of the block with the `static`, whose name they might have. A function pointer, so that
    // they do not capture arguments.
    quote_spanned! {Span::mixed_site()=>
        {
            let __build: fn() -> _ = || #built;
            {
                #caches
                CACHES.of(|| (), __build)
            }
        }
    }
}

/// The expression that says what the cache is like.
fn built(cx: &Context<'_>, own: &Own) -> TokenStream {
    let runtime = &cx.runtime;
    let mut built = quote_spanned!(Span::mixed_site()=> #runtime::CacheBuilder::new());
    let capacity = own.capacity.as_ref().map_or_else(
        || quote_spanned!(Span::mixed_site()=> #runtime::CAPACITY),
        |capacity| {
            let check = locate(quote_spanned!(Span::mixed_site()=> #runtime::capacity), capacity.span());
            quote_spanned!(at(capacity.span())=> #check(#capacity))
        },
    );
    let ty = policy(cx, own);
    let mut policy = quote_spanned!(Span::mixed_site()=> <#ty as #runtime::Default>::default());
    for (life, outer) in lives(own) {
        if let Some(life) = life {
            let outer = Ident::new(outer, Span::mixed_site());
            let time = time(cx, life);
            policy = quote_spanned!(Span::mixed_site()=> #runtime::#outer::new(#policy, #time));
        }
    }
    built.extend(quote_spanned!(Span::mixed_site()=> .capacity(#capacity).policy(#policy)));
    if let Some(weigh) = &own.weigh {
        let weigher = weigher(cx);
        built.extend(quote_spanned! {Span::mixed_site()=>
            .weigher({
                let __weigh: #weigher = #weigh;
                __weigh
            })
        });
    }
    if own.stats {
        built.extend(quote_spanned!(Span::mixed_site()=> .counted()));
    }
    built
}

fn policy(cx: &Context<'_>, own: &Own) -> TokenStream {
    let runtime = &cx.runtime;
    let policy = own.policy.clone().unwrap_or_else(|| Ident::new("Elastic", Span::mixed_site()));
    let policy = Ident::new(&policy.to_string(), at(policy.span()));
    quote_spanned!(Span::mixed_site()=> #runtime::#policy)
}

/// What goes around the policy, from the inside.
fn lives(own: &Own) -> [(Option<&Life>, &'static str); 2] {
    [(own.tti.as_ref(), "Tti"), (own.ttl.as_ref(), "Ttl")]
}

fn time(cx: &Context<'_>, life: &Life) -> TokenStream {
    let runtime = &cx.runtime;
    match life {
        Life::Known(time, literal) => {
            let (seconds, below) = (time.as_secs(), time.subsec_nanos());
            quote_spanned!(at(literal.span())=> #runtime::Duration::new(#seconds, #below))
        }
        Life::Computed(expr) => expr.to_token_stream(),
    }
}

fn weigher(cx: &Context<'_>) -> TokenStream {
    let (runtime, key, value) = (&cx.runtime, owned_type(cx), kept_type(cx));
    quote_spanned!(Span::mixed_site()=> fn(&#key, &#value) -> #runtime::primitive::u32)
}

/// The type of what is kept.
fn kept_type(cx: &Context<'_>) -> TokenStream {
    let (runtime, keep, output) = (&cx.runtime, &cx.keep, &cx.model.output);
    match cx.model.keep {
        Keep::All => output.to_token_stream(),
        Keep::Ok | Keep::Some => {
            quote_spanned!(Span::mixed_site()=> <#keep as #runtime::Keep<#output>>::Kept)
        }
    }
}

/// The function that gives the cache.
fn function(cx: &Context<'_>, own: &Own, companion: &Companion) -> TokenStream {
    let runtime = &cx.runtime;
    let Companion { name, vis, conditions, .. } = companion;
    let (params, predicates) = without_lifetimes(&cx.model.signature.generics);
    let (key, value) = (owned_type(cx), kept_type(cx));
    let mut policy = policy(cx, own);
    for (life, outer) in lives(own) {
        if life.is_some() {
            let outer = Ident::new(outer, Span::mixed_site());
            policy = quote_spanned!(Span::mixed_site()=> #runtime::#outer<#policy>);
        }
    }
    let weigher = if own.weigh.is_some() {
        weigher(cx)
    } else {
        quote_spanned!(Span::mixed_site()=> #runtime::UnitWeight)
    };
    let listener =
        own.stats.then(|| quote_spanned!(Span::mixed_site()=> , #runtime::Counted<#runtime::NoListener>));
    let rest = (own.stats || own.weigh.is_some())
        .then(|| quote_spanned!(Span::mixed_site()=> , #runtime::DefaultHashBuilder, #weigher #listener));
    let mut cache = quote_spanned! {Span::mixed_site()=>
        #runtime::SharedCache<#key, #value, #policy #rest>
    };
    let around = match cx.model.flight {
        Flight::Each => None,
        Flight::Single => Some("Deduplicated"),
        Flight::Polled(_) => Some("AsyncDeduplicated"),
    };
    if let Some(around) = around {
        let around = Ident::new(around, Span::mixed_site());
        cache = quote_spanned!(Span::mixed_site()=> #runtime::#around<#key, #value, #cache>);
    }
    let body = body(cx, own);
    let docs = format!(" The cache of [`{}`]({0}).", bare(&cx.model.signature.ident));
    let docs = if companion.associated { docs.replace("](", "](Self::") } else { docs };
    quote_spanned! {Span::mixed_site()=>
        #(#conditions)*
        #[doc = #docs]
        #vis fn #name<#(#params),*>() -> &'static #cache where #(#predicates),* {
            #body
        }
    }
}

fn name_of(param: &GenericParam) -> Option<&Ident> {
    match param {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(ty) => Some(&ty.ident),
        GenericParam::Const(constant) => Some(&constant.ident),
    }
}

/// The parameters that tell caches apart, and what is known of them.
fn without_lifetimes(generics: &Generics) -> (Vec<&GenericParam>, Vec<&WherePredicate>) {
    let params = generics.params.iter().filter(|param| name_of(param).is_some()).collect();
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let predicates =
        predicates.filter(|predicate| !matches!(predicate, WherePredicate::Lifetime(_))).collect();
    (params, predicates)
}
