//! The keys of an attribute: which there are, each once, and what an unknown one was probably meant to be.

use std::collections::HashSet;
use std::slice;

use darling::FromMeta;
use darling::ast::NestedMeta;
use quote::ToTokens;
use syn::{Lit, Path};

use crate::diagnostics::Diagnostics;
use crate::suggest::nearest;

/// Options that are read from keys.
pub(crate) trait Keyed: FromMeta + Default {
    /// The keys.
    const KEYS: &'static [&'static str];
}

/// The options in a list of `keys`, which are those of `O` or some of them. All that is wrong is reported, and what is left
/// is read.
pub(crate) fn read<O: Keyed>(
    list: Vec<NestedMeta>,
    keys: &'static [&'static str],
    diagnostics: &mut Diagnostics,
) -> O {
    let mut seen = HashSet::new();
    let known = list.into_iter().filter(|item| {
        let path = match item {
            NestedMeta::Meta(meta) => meta.path(),
            NestedMeta::NameValueInvalidExpr(pair) => &pair.path,
            NestedMeta::Lit(Lit::Int(number)) if keys.contains(&"capacity") => {
                diagnostics.error(number, format_args!("expected a key: write `capacity = {number}`"));
                return false;
            }
            NestedMeta::Lit(literal) => {
                diagnostics.error(literal, format_args!("expected a key: there {}", listed(keys)));
                return false;
            }
        };
        let name = name_of(path);
        if !keys.contains(&name.as_str()) {
            diagnostics.error(path, unknown(&name, keys));
            return false;
        }
        let first = seen.insert(name.clone());
        if !first {
            diagnostics.error(path, format_args!("key `{name}` is given twice: remove one of the two"));
        }
        // Alone, so that a wrong value does not take the other keys with it.
        first && diagnostics.take(O::from_list(slice::from_ref(item))).is_some()
    });
    let known: Vec<_> = known.collect();
    O::from_list(&known).unwrap_or_default()
}

/// The key as it was written.
fn name_of(path: &Path) -> String {
    match path.get_ident() {
        Some(ident) => ident.to_string(),
        None => path.to_token_stream().to_string().replace(' ', ""),
    }
}

/// What is called otherwise elsewhere, and what that is here: the key, and how it is written.
const ELSEWHERE: &[(&[&str], &str, &str)] = &[
    (&["size", "max_size", "max_capacity", "limit"], "capacity", "capacity"),
    (&["time", "ttl_secs", "ttl_millis", "time_to_live", "lifetime"], "ttl", "ttl"),
    (&["time_to_idle", "refresh"], "tti", "tti"),
    (&["result"], "keep", "keep = ok"),
    (&["option"], "keep", "keep = some"),
    (&["cache_err", "cache_none"], "keep", "keep = all"),
    (&["sync_writes", "sync", "dedup"], "single_flight", "single_flight"),
    (&["convert", "map", "by"], "key", "key = |…| -> Key { … }"),
    (&["ignore", "exclude"], "skip", "skip = […]"),
    (&["ty", "create", "store"], "cache", "cache"),
    (&["eviction", "strategy"], "policy", "policy"),
];

fn unknown(name: &str, keys: &[&str]) -> String {
    let known = ELSEWHERE.iter().find(|(names, key, _)| names.contains(&name) && keys.contains(key));
    match nearest(name, keys).or(known.map(|&(.., written)| written)) {
        Some(key) => format!("unknown key `{name}`. Did you mean `{key}`?"),
        None => format!("unknown key `{name}`: there {}", listed(keys)),
    }
}

fn listed(keys: &[&str]) -> String {
    match keys {
        [rest @ .., last] if !rest.is_empty() => format!("are `{}` and `{last}`", rest.join("`, `")),
        _ => format!("is `{}`", keys.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two lists of one thing, so that each key is tried.
    #[test]
    fn the_keys_are_those_that_are_read() {
        fn check<O: Keyed>() {
            for key in O::KEYS {
                let path = Path::from(syn::Ident::new(key, proc_macro2::Span::call_site()));
                let result = O::from_list(&[NestedMeta::Meta(syn::Meta::Path(path))]);
                assert!(!result.is_err_and(|error| error.to_string().contains("Unknown field")), "{key}");
            }
        }
        check::<crate::pooled::Options>();
        check::<crate::builder::Options>();
        check::<crate::arena::Options>();
        check::<crate::cached::Options>();
        check::<crate::cache_key::Options>();
        check::<crate::cache_key::FieldOptions>();
        check::<crate::typestate::parse::FieldOptions>();
    }

    #[test]
    fn a_key_is_suggested_only_if_it_is_near() {
        let keys = ["default", "skip", "into"];
        assert_eq!(unknown("intoo", &keys), "unknown key `intoo`. Did you mean `into`?");
        assert_eq!(unknown("color", &keys), "unknown key `color`: there are `default`, `skip` and `into`");
        // What other macros call it.
        let keys = ["capacity", "keep", "skip"];
        assert_eq!(unknown("size", &keys), "unknown key `size`. Did you mean `capacity`?");
        assert_eq!(unknown("result", &keys), "unknown key `result`. Did you mean `keep = ok`?");
        assert_eq!(unknown("time", &keys), "unknown key `time`: there are `capacity`, `keep` and `skip`");
        assert_eq!(unknown("x", &["into"]), "unknown key `x`: there is `into`");
    }
}
