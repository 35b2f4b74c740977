//! The rules of the derive beyond those of every builder. All that is wrong is reported; what can be generated all the
//! same is.

use proc_macro2::Span;
use quote::ToTokens;
use syn::DeriveInput;

use super::DERIVE;
use super::model::{Hooks, Model, Pool};
use super::parse::Parsed;
use crate::attrs::Size;
use crate::diagnostics::Diagnostics;
use crate::typestate::check::{Names, fields, target};
use crate::typestate::model::Target;

/// The model, or the type if it cannot have a builder.
pub(super) fn check(parsed: Parsed, diagnostics: &mut Diagnostics) -> Result<Model, Box<DeriveInput>> {
    let Parsed { input, options, broken } = parsed;
    let Some(fields) = fields(&input, &DERIVE, diagnostics) else { return Err(Box::new(input)) };
    let pool = if let Some(capacity) = options.capacity {
        let wanted = Wanted {
            capacity,
            align: options.align,
            max_bytes: options.max_bytes,
            local: options.threading.is_some_and(|choice| choice.local),
            stats: options.stats.is_on(),
            heap: options.on_exhausted.is_some_and(|choice| choice.heap),
        };
        pool(&input, wanted, diagnostics)
    } else {
        // If something else is wrong, it may be the capacity that is meant.
        if !broken {
            let meanings = [
                (
                    options.align.map(|size| size.0.to_token_stream()),
                    "`align` is the alignment of the slots of the static pool",
                ),
                (
                    options.max_bytes.map(|size| size.0.to_token_stream()),
                    "`max_bytes` is how large the static pool may be",
                ),
                (
                    options.threading.map(|choice| choice.word.to_token_stream()),
                    "`threading` is which threads share the static pool",
                ),
                (
                    options.on_exhausted.map(|choice| choice.word.to_token_stream()),
                    "`on_exhausted` is what happens when the static pool has no free slot",
                ),
            ];
            for (key, meaning) in meanings {
                if let Some(value) = key {
                    diagnostics.error(&value, format_args!("{meaning}: add `capacity = …`"));
                }
            }
            if let Some(span) = options.stats.span() {
                diagnostics.error_at(span, "`stats` counts the slots of the static pool: add `capacity = …`");
            }
        }
        if broken && input.generics.params.is_empty() { Pool::Broken } else { Pool::None }
    };
    let hooks = Hooks {
        on_acquire: options.on_acquire.map(|callee| callee.0),
        on_release: options.on_release.map(|callee| callee.0),
    };
    let names = Names {
        krate: options.krate,
        builder: options.builder,
        start: options.start,
        vis: options.vis,
        no_implicit_prelude: options.no_implicit_prelude,
    };
    let before = diagnostics.len();
    let target = target(input, fields, names, &DERIVE, diagnostics);
    let broken = broken || diagnostics.len() > before;
    let reset = reset(&target, options.reset.span(), matches!(pool, Pool::None), broken, diagnostics);
    Ok(Model { target, pool, hooks, reset })
}

/// Where the user asks for objects that are reused, if anything of them is.
fn reset(
    target: &Target,
    key: Option<Span>,
    no_pool: bool,
    broken: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Span> {
    let first = target.fields.iter().find(|field| field.reset.is_some());
    let asked = key.or_else(|| first.map(|field| field.setter.span()));
    if broken {
        return asked.filter(|_| first.is_some());
    }
    let asked = asked?;
    if no_pool {
        let message =
            "`reset` keeps fields in the slots of the static pool: add `#[pooled(capacity = …)]` to the type";
        diagnostics.error_at(asked, message);
        return None;
    }
    if first.is_none() {
        diagnostics.error_at(
            asked,
            "no field stays in its slot: say on those that do how they are reset, `#[pooled(reset = keep)]`, `clear`, \
             `default` or a function",
        );
        return None;
    }
    Some(asked)
}

/// A static pool, not yet judged.
struct Wanted {
    capacity: Size,
    align: Option<Size>,
    max_bytes: Option<Size>,
    local: bool,
    stats: bool,
    heap: bool,
}

fn pool(input: &DeriveInput, wanted: Wanted, diagnostics: &mut Diagnostics) -> Pool {
    let Wanted { capacity, align, max_bytes, local, stats, heap } = wanted;
    if !input.generics.params.is_empty() {
        diagnostics.error(
            &capacity.0,
            "a generic type has no static pool, a `static` cannot be generic: remove `capacity`, declare a \
             `FixedPool` for each type you need and pass it to `build_in`",
        );
        return Pool::Refused;
    }
    if capacity.literal() == Some(0) {
        diagnostics
            .error(&capacity.0, "a pool with a `capacity` of zero can hold nothing: it must be at least 1");
        return Pool::Broken;
    }
    if let Some(align) = &align
        && let Some(bytes) = align.literal()
        && (!bytes.is_power_of_two() || bytes > 65_536)
    {
        diagnostics.error(&align.0, "`align` must be a power of two, at most 65536");
        return Pool::Broken;
    }
    Pool::Static {
        capacity: capacity.0,
        align: align.map(|align| align.0),
        max_bytes: max_bytes.map(|bytes| bytes.0),
        local,
        stats,
        heap,
    }
}
