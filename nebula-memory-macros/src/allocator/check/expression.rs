use proc_macro2::Ident;
use syn::Expr;

use super::settings::{self, Given, Key};
use super::{blocks, kind};
use crate::allocator::amount::Amount;
use crate::allocator::model::{Expression, Kind};
use crate::allocator::parse::{self, FORMS};
use crate::diagnostics::Diagnostics;
use crate::size::Bytes;

const OPTIONS: [Key; 4] = [Key::Threading, Key::Stats, Key::Budget, Key::Align];

/// The model, or only errors.
pub(in crate::allocator) fn expression(
    parsed: parse::Expression,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let parse::Expression { krate, scoped, kind: word, amount, options, body } = parsed;
    let name = kind(&word, diagnostics)?;
    let kind = described(name, &word, amount, diagnostics);
    let mut options = read(options, diagnostics);
    if options.shared && ["pool", "stack"].contains(&name) {
        diagnostics.error(&word, single_threaded(name));
        options.shared = false;
    }
    if let Some(align) = &options.align {
        alignment(name, align, diagnostics);
    }
    match (&scoped, &body) {
        (Some(_), None) => {
            diagnostics.error(
                &word,
                "a scoped allocator needs a body: `allocator!(scoped bump 4096 => |a| { … })`",
            );
        }
        (None, Some((arrow, ..))) => diagnostics.error_at(
            *arrow,
            "an allocator with a body needs the `scoped` keyword: `allocator!(scoped bump 4096 => |a| { … })`",
        ),
        (Some(_), Some(_)) if ["pool", "system"].contains(&name) => {
            diagnostics.error(&word, "only `bump` and `stack` have scopes: `scoped` goes with one of them");
        }
        (Some(scoped), Some(_)) if options.stats || options.budget.is_some() => diagnostics.error(
            scoped,
            "a scope is no place to count or limit what is allocated in it: leave out `scoped`, or the option",
        ),
        _ => {}
    }
    if diagnostics.len() > 0 {
        return None;
    }
    Some(Expression {
        krate,
        kind: kind?,
        shared: options.shared,
        stats: options.stats,
        align: options.align,
        budget: options.budget,
        body: body.map(|(_, name, block)| (name, block)),
    })
}

/// Why a kind is not for many threads.
pub(super) fn single_threaded(kind: &str) -> String {
    format!(
        "a {kind} serves one thread: with `threading: shared` only `bump` and `system` go together; for values of one \
         type there is `FixedPool`"
    )
}

fn described(name: &str, word: &Ident, amount: Amount, diagnostics: &mut Diagnostics) -> Option<Kind> {
    let Amount { size, count } = amount;
    match (name, size, count) {
        ("pool", Some(size), Some(count)) => {
            blocks(&size, &count, diagnostics).then(|| Kind::Pool(size, count))
        }
        ("pool", ..) => {
            diagnostics
                .error(word, "a pool has a size and a number of blocks: write `allocator!(pool 64 x 1024)`");
            None
        }
        ("system", None, None) => Some(Kind::System),
        ("system", Some(size), _) => {
            diagnostics.error_at(size.span(), "the system's heap has no size: write `allocator!(system)`");
            None
        }
        (_, _, Some(count)) => {
            let message = format_args!("only a pool has blocks of one size: write `allocator!({name} 4096)`");
            diagnostics.error_at(count.span(), message);
            None
        }
        (_, Some(size), None) => size.check("the size", diagnostics).then(|| match name {
            "stack" => Kind::Stack(size),
            _ => Kind::Bump(size),
        }),
        (_, None, None) => {
            let example = if name == "stack" { "`allocator!(stack 8192)`" } else { FORMS };
            diagnostics.error(word, format_args!("missing size in bytes: write {example}"));
            None
        }
    }
}

#[derive(Default)]
struct Options {
    shared: bool,
    stats: bool,
    budget: Option<Bytes>,
    align: Option<Expr>,
}

fn read(settings: Vec<parse::Setting>, diagnostics: &mut Diagnostics) -> Options {
    let mut options = Options::default();
    let mut given = Given::default();
    for parse::Setting { key: word, value } in settings {
        let Some(key) = settings::key(&word, &OPTIONS) else {
            settings::unknown(&word, &OPTIONS, diagnostics);
            continue;
        };
        // The value is looked at all the same.
        let first = given.once(key, &word, diagnostics);
        let name = value.word();
        match key {
            Key::Threading => {
                let shared = settings::shared(&word, name.as_deref(), value.span(), diagnostics);
                options.shared = shared.unwrap_or_default();
            }
            Key::Stats => {
                let stats = settings::switch(&word, name.as_deref(), value.span(), diagnostics);
                options.stats = stats.unwrap_or_default();
            }
            Key::Budget => {
                value.check("the budget", diagnostics);
                options.budget = Some(value);
            }
            Key::Align | Key::Fallback if first => options.align = Some(value.expr().clone()),
            Key::Align | Key::Fallback => {}
        }
    }
    options
}

fn alignment(kind: &str, align: &Expr, diagnostics: &mut Diagnostics) {
    let literal = Bytes::plain(align.clone());
    match kind {
        "stack" | "system" => diagnostics.error(
            align,
            format_args!("a {kind} aligns each block as its layout asks: leave out the option"),
        ),
        _ if !literal.check("an alignment", diagnostics) => {}
        "bump" if literal.literal().is_some_and(|align| ![1, 2, 4, 8, 16].contains(&align)) => {
            diagnostics.error(align, "the minimum alignment of a bump allocator is 1, 2, 4, 8 or 16");
        }
        _ if literal.literal().is_some_and(|align| !align.is_power_of_two()) => {
            diagnostics.error(align, "an alignment must be a power of two");
        }
        _ => {}
    }
}
