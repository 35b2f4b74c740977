use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use super::expression::single_threaded;
use super::rules::Rules;
use super::settings::{self, Given, KEYS, Key};
use super::{KINDS, kind};
use crate::allocator::amount::Amount;
use crate::allocator::model::{Class, Fallback, Item, Number, Part};
use crate::allocator::parse::{self, Entry, KindValue, Value};
use crate::attrs::forwarded;
use crate::diagnostics::Diagnostics;
use crate::size::Bytes;
use crate::suggest::nearest;

const OPTIONS: [Key; 4] = [Key::Fallback, Key::Budget, Key::Stats, Key::Threading];

/// What the type has anyway.
const TAKEN: [&str; 9] = [
    "new",
    "try_new",
    "allocate",
    "allocate_zeroed",
    "deallocate",
    "grow",
    "grow_zeroed",
    "shrink",
    "default",
];

/// The model, which says itself whether it is whole.
pub(in crate::allocator) fn item(parsed: parse::Item, diagnostics: &mut Diagnostics) -> Item {
    let parse::Item { krate, mut attrs, vis, ident, entries, errors } = parsed;
    let unread = !errors.is_empty();
    for error in errors {
        diagnostics.push(error);
    }
    let mut lines = Lines { diagnostics, given: Given::default(), read: Read::default() };
    for entry in entries {
        lines.line(entry);
    }
    no_default(&mut attrs, lines.diagnostics);
    let Read { mut classes, fallback, budget, stats, shared } = lines.read;
    if classes.is_empty() && !unread && diagnostics.len() == 0 {
        diagnostics.error(
            &ident,
            format_args!("`{ident}` has no memory: give it some, as in `small: pool(64 bytes x 1024)`"),
        );
    }
    let rules = judge(&mut classes, fallback.as_ref(), budget.as_ref(), shared, diagnostics);
    let cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect();
    Item {
        krate,
        attrs,
        cfgs,
        vis,
        ident,
        classes: classes.into_iter().map(|(class, _)| class).collect(),
        fallback: fallback.map(|(fallback, _)| fallback),
        budget,
        stats,
        shared,
        rules,
        broken: diagnostics.len() > 0,
    }
}

/// Takes `Default` out of the derives: there is one.
fn no_default(attrs: &mut [Attribute], diagnostics: &mut Diagnostics) {
    for attr in attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        let Meta::List(list) = &mut attr.meta else { continue };
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        let Ok(paths) = parser.parse2(list.tokens.clone()) else { continue };
        let (taken, left): (Vec<_>, Vec<_>) = paths
            .into_iter()
            .partition(|path| path.segments.last().is_some_and(|last| last.ident == "Default"));
        for path in &taken {
            diagnostics.error_over(path, "it has `Default` already: leave that out");
        }
        if !taken.is_empty() {
            list.tokens = quote!(#(#left),*);
        }
    }
}

/// What the lines say, one by one.
#[derive(Default)]
struct Read {
    /// With the word of the kind.
    classes: Vec<(Class, Ident)>,
    fallback: Option<(Fallback, Ident)>,
    budget: Option<Number>,
    stats: bool,
    shared: bool,
}

struct Lines<'d> {
    diagnostics: &'d mut Diagnostics,
    given: Given,
    read: Read,
}

impl Lines<'_> {
    fn line(&mut self, entry: Entry) {
        let Entry { attrs, key: word, value } = entry;
        let Some(key) = settings::key(&word, &OPTIONS) else { return self.class(&attrs, word, value) };
        self.no_attributes(&attrs, "an option");
        if !self.given.once(key, &word, self.diagnostics) {
            return;
        }
        let (name, span) = (value.word(), value.span());
        match (key, value) {
            (Key::Stats, _) => {
                let stats = settings::switch(&word, name.as_deref(), span, self.diagnostics);
                self.read.stats = stats.unwrap_or_default();
            }
            (Key::Threading, _) => {
                let shared = settings::shared(&word, name.as_deref(), span, self.diagnostics);
                self.read.shared = shared.unwrap_or_default();
            }
            (Key::Fallback, Value::Kind(kind)) => self.fallback(kind),
            (Key::Budget, Value::Other(bytes)) => self.read.budget = Some(number("BUDGET", None, bytes)),
            _ => self.diagnostics.error_at(span, "expected `system` or `bump(1 MiB)`"),
        }
    }

    fn no_attributes(&mut self, attrs: &[Attribute], what: &str) {
        if let Some(attr) = attrs.first() {
            self.diagnostics
                .error(attr, format_args!("{what} has no attributes: only classes have documentation"));
        }
    }

    fn class(&mut self, attrs: &[Attribute], name: Ident, value: Value) {
        let known: Vec<_> =
            KEYS.iter().filter(|(_, key)| OPTIONS.contains(key)).map(|(name, _)| *name).collect();
        let meant = nearest(&name.to_string(), &known);
        let value = match value {
            // Not a known kind with its memory: more likely a key with a typing error.
            Value::Kind(kind)
                if meant.is_none()
                    || (kind.amount.is_some() && KINDS.iter().any(|known| kind.word == known)) =>
            {
                kind
            }
            _ if meant.is_some() => return settings::unknown(&name, &OPTIONS, self.diagnostics),
            other => {
                return self.diagnostics.error_at(
                    other.span(),
                    format_args!("expected the memory of `{name}`: `bump(1 MiB)`, `pool(64 bytes x 1024)`, `stack(8 KiB)` or `system`"),
                );
            }
        };
        if TAKEN.iter().any(|taken| name == taken) {
            let message = format_args!("`{name}` is a function of each allocator: name the class otherwise");
            return self.diagnostics.error(&name, message);
        }
        if self.read.classes.iter().any(|(class, _)| class.name == name) {
            return self.diagnostics.error(&name, format_args!("`{name}` is given twice"));
        }
        let docs = forwarded(attrs);
        if let Some(other) =
            attrs.iter().find(|attr| !(attr.path().is_ident("doc") || attr.path().is_ident("deprecated")))
        {
            self.diagnostics.error(other, "a class has documentation and no other attributes");
        }
        let index = self.read.classes.len();
        let KindValue { word, amount, up_to } = value;
        let Some(part) = self.part(&word, amount, Some(index)) else { return };
        let limit = match (&part, up_to) {
            (Part::Pool(..), Some(limit)) => {
                return self
                    .diagnostics
                    .error_at(limit.span(), "a pool is for blocks of up to its own size: leave out `up to`");
            }
            (Part::Pool(size, _), None) => Some(size.clone()),
            (_, limit) => limit.map(|limit| number("LIMIT", Some(index), limit)),
        };
        self.read.classes.push((Class { name, docs, part, limit }, word));
    }

    fn fallback(&mut self, value: KindValue) {
        let KindValue { word, amount, up_to } = value;
        if let Some(limit) = up_to {
            return self.diagnostics.error_at(limit.span(), "a fallback is for all sizes: leave out `up to`");
        }
        let fallback = match self.part(&word, amount, None) {
            Some(Part::System) => Fallback::System,
            Some(Part::Bump(size)) => Fallback::Bump(size),
            Some(Part::Pool(..) | Part::Stack(..)) => {
                return self.diagnostics.error(&word, "a fallback is `system` or `bump(1 MiB)`");
            }
            None => return,
        };
        self.read.fallback = Some((fallback, word));
    }

    fn part(&mut self, word: &Ident, amount: Option<Amount>, index: Option<usize>) -> Option<Part> {
        let name = kind(word, self.diagnostics)?;
        let Amount { size, count } = amount.unwrap_or_default();
        let size = size.map(|size| number("SIZE", index, size));
        match (name, size, count) {
            ("pool", Some(size), Some(count)) => Some(Part::Pool(size, number("COUNT", index, count))),
            ("pool", ..) => {
                let message = "a pool has a size and a number of blocks: write `pool(64 bytes x 1024)`";
                self.diagnostics.error(word, message);
                None
            }
            ("system", None, None) => Some(Part::System),
            ("system", ..) => {
                self.diagnostics.error(word, "the system's heap has no size: write `system`");
                None
            }
            (_, _, Some(count)) => {
                let message = format_args!("only a pool has blocks of one size: write `{name}(1 MiB)`");
                self.diagnostics.error_at(count.span(), message);
                None
            }
            ("stack", Some(size), None) => Some(Part::Stack(size)),
            (_, Some(size), None) => Some(Part::Bump(size)),
            (_, None, None) => {
                self.diagnostics.error(word, format_args!("missing size in bytes: write `{name}(1 MiB)`"));
                None
            }
        }
    }
}

/// A number with the name of its constant.
fn number(what: &str, index: Option<usize>, value: Bytes) -> Number {
    let name = match index {
        Some(index) => format_ident!("__{what}_{index}", span = proc_macro2::Span::mixed_site()),
        None => format_ident!("__{what}", span = proc_macro2::Span::mixed_site()),
    };
    Number { name, value }
}

/// What the lines say together; the rules that are left for the compiler.
fn judge(
    classes: &mut [(Class, Ident)],
    fallback: Option<&(Fallback, Ident)>,
    budget: Option<&Number>,
    shared: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<crate::allocator::model::Rule> {
    if shared {
        for (_, word) in
            classes.iter().filter(|(class, _)| matches!(class.part, Part::Pool(..) | Part::Stack(..)))
        {
            diagnostics.error(word, single_threaded(&word.to_string()));
        }
    }
    if let Some(position) = classes.iter().position(|(class, _)| class.limit.is_none()) {
        let name = classes[position].0.name.clone();
        for (class, _) in classes.iter().skip(position + 1) {
            diagnostics.error(
                &class.name,
                format_args!(
                    "`{}` is never reached: `{name}` takes blocks of every size; say how large those are that are meant for \
                     it, as in `{name}: bump(64 KiB) up to 256 bytes`, or put it last",
                    class.name
                ),
            );
        }
    }
    let mut rules = Rules { open: Vec::new(), diagnostics };
    if let Some(budget) = budget {
        rules.positive(budget, "the budget");
    }
    if let Some((Fallback::Bump(size), _)) = fallback {
        rules.positive(size, "the size");
    }
    for (class, _) in &*classes {
        match &class.part {
            Part::Bump(size) | Part::Stack(size) => {
                rules.positive(size, "the size");
                if let Some(limit) = &class.limit {
                    rules.positive(limit, "the limit");
                }
            }
            Part::Pool(size, count) => {
                rules.positive(size, "the size");
                rules.positive(count, "the number of blocks");
            }
            Part::System => {}
        }
    }
    // With a zero among them, what follows would be about that.
    if rules.diagnostics.len() == 0 {
        for (class, _) in &*classes {
            rules.class(class, budget);
        }
        for pair in classes.windows(2) {
            rules.order(&pair[0].0, &pair[1].0);
        }
    }
    let open = rules.open;
    if let Some((class, _)) = classes.last_mut() {
        if !matches!(class.part, Part::Pool(..))
            && let Some(limit) = class.limit.take()
        {
            diagnostics.error_at(
                limit.value.span(),
                format_args!(
                    "`{}` is the last class and takes all that is larger: leave out `up to`, or add a class",
                    class.name
                ),
            );
        }
        if let (Part::System, Some((_, word))) = (&class.part, fallback) {
            diagnostics.error(
                word,
                format_args!(
                    "the fallback would never be used: `{}: system` has memory for all that is larger",
                    class.name
                ),
            );
        }
    }
    if let Some((class, word)) = classes
        .iter()
        .rev()
        .skip(1)
        .find(|(class, _)| matches!(class.part, Part::System) && fallback.is_some())
    {
        diagnostics.error(
            word,
            format_args!(
                "`{}: system` and a fallback do not go together: nobody could tell whose a block is",
                class.name
            ),
        );
    }
    open
}
