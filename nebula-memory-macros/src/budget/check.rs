//! The rules of `budget!`.

use proc_macro2::Span;

use super::model::{Limit, Model};
use super::parse::{FORMS, Parsed};
use crate::diagnostics::Diagnostics;
use crate::size::Bytes;
use crate::suggest;

const KEYS: [(&str, Limit); 4] = [
    ("total", Limit::Total),
    ("per_alloc", Limit::PerAlloc),
    ("per_allocation", Limit::PerAlloc),
    ("soft", Limit::Soft),
];

pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Option<Model> {
    let Parsed { krate, total, limits: lines } = parsed;
    let mut limits: Vec<(Limit, Bytes)> = Vec::new();
    let (mut notify, mut shared) = (None, None);
    if let Some(total) = total {
        total.check("a budget", diagnostics);
        limits.push((Limit::Total, total));
    }
    // A key that is wrong may have been meant to be the one that is missing.
    let mut unknown = false;
    for line in lines {
        let key = &line.key;
        if line.notify.is_some() && key != "soft" {
            diagnostics.error(&line.notify, "only the soft limit calls somebody: `soft: 7 MiB => &callback`");
        }
        if key == "threading" {
            let threading = match line.value.word().as_deref() {
                Some("shared") => true,
                Some("local") => false,
                _ => {
                    let message = "`threading` is `local` (one thread) or `shared` (many)";
                    diagnostics.error_at(line.value.span(), message);
                    continue;
                }
            };
            if shared.replace(threading).is_some() {
                diagnostics.error(key, "`threading` is given twice");
            }
            continue;
        }
        let Some((_, limit)) = KEYS.iter().find(|(name, _)| key == name) else {
            unknown = true;
            let known = ["total", "per_alloc", "per_allocation", "soft", "threading"];
            let all = "there are `total`, `per_alloc`, `soft`, and `threading`";
            diagnostics.error(key, suggest::unknown("limit", &key.to_string(), &known, all));
            continue;
        };
        if limits.iter().any(|(other, _)| other == limit) {
            diagnostics.error(key, format_args!("`{key}` is given twice"));
            continue;
        }
        let what = match limit {
            Limit::Total => "a budget",
            Limit::PerAlloc => "the limit for one block",
            Limit::Soft => "the soft limit",
        };
        line.value.check(what, diagnostics);
        if *limit == Limit::Soft {
            if line.notify.is_none() {
                let message = "a soft limit calls somebody: write `soft: 7 MiB => &callback`";
                diagnostics.error_at(line.value.span(), message);
            }
            notify = line.notify;
        }
        limits.push((*limit, line.value));
    }
    let get = |limit| limits.iter().find(|(other, _)| *other == limit).map(|(_, bytes)| bytes);
    match get(Limit::Total) {
        Some(total) => {
            for (limit, what) in [(Limit::PerAlloc, "limit for one block"), (Limit::Soft, "soft limit")] {
                let Some(part) = get(limit) else { continue };
                if let (Some(bytes), Some(total)) = (part.literal(), total.literal())
                    && bytes > total
                {
                    diagnostics.error_at(part.span(), format_args!("the {what} is larger than the total"));
                }
            }
        }
        None if unknown => {}
        None => diagnostics.error_at(Span::call_site(), format_args!("missing `total`: write {FORMS}")),
    }
    (diagnostics.len() == 0).then(|| Model { krate, limits, notify, shared: shared.unwrap_or_default() })
}
