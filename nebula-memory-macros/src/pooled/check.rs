//! The rules of the derive beyond those of every builder. All that is wrong is reported; what can be generated all the
//! same is.

use quote::ToTokens;
use syn::DeriveInput;

use super::DERIVE;
use super::model::{Hooks, Model, Pool};
use super::parse::Parsed;
use crate::attrs::Size;
use crate::diagnostics::Diagnostics;
use crate::typestate::check::{Names, fields, target};

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
    Ok(Model { target: target(input, fields, names, &DERIVE, diagnostics), pool, hooks })
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
