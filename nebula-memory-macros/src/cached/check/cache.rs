//! Which keys go together: those of a cache of the function's own, and one of the user's.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::key::Asked;
use crate::cached::model::{Companion, Own, Source};
use crate::cached::parse::Args;
use crate::diagnostics::Diagnostics;
use crate::function::Function;

/// Where the results are kept, and what was said of the key.
pub(super) fn check(args: Args, function: &Function, diagnostics: &mut Diagnostics) -> (Source, Asked) {
    let Args { capacity, policy, ttl, tti, weigh, key, skip, with_self, stats, name, cache, .. } = args;
    let asked = Asked { key: key.map(|key| key.0), skip: skip.map(|skip| skip.0), with_self };
    if let Some(cache) = cache {
        let others: [(&str, Option<TokenStream>); 6] = [
            ("capacity", capacity.map(|value| value.0.to_token_stream())),
            ("policy", policy.map(|value| value.0.to_token_stream())),
            ("ttl", ttl.map(|value| value.at())),
            ("tti", tti.map(|value| value.at())),
            ("weigh", weigh.map(|value| value.0.to_token_stream())),
            ("name", name.map(|value| value.path.to_token_stream())),
        ];
        for (key, value) in others {
            if let Some(value) = value {
                diagnostics.error_over(
                    &value,
                    format_args!("`{key}` is of a cache that belongs to the function, `cache` names another one: remove one of the two"),
                );
            }
        }
        if let Some(span) = stats.span() {
            diagnostics.error_at(
                span,
                "`stats` is of a cache that belongs to the function, `cache` names another one: have that one count",
            );
        }
        return (Source::Given(cache.0), asked);
    }
    if let Some(size) = &capacity
        && size.literal() == Some(0)
    {
        diagnostics.error_over(&size.0, "a capacity of zero keeps nothing: leave the attribute out");
    }
    if let Some(span) = stats.span()
        && name.is_none()
    {
        diagnostics.error_at(
            span,
            "it is the cache that tells its figures, and nothing gives it to you: add a name, `name = prices`",
        );
    }
    let receiver = function.signature.receiver().is_some();
    let conditions = function.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect();
    let companion = name.map(|name| Companion {
        associated: name.associated || receiver,
        name: name.name,
        vis: function.vis.clone(),
        conditions,
    });
    let own = Own {
        capacity: capacity.map(|capacity| capacity.0),
        policy: policy.map(|policy| policy.0),
        ttl,
        tti,
        weigh: weigh.map(|weigh| weigh.0),
        stats: stats.is_on(),
        companion,
    };
    (Source::Own(Box::new(own)), asked)
}
