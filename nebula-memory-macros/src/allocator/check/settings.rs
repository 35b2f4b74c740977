use proc_macro2::{Ident, Span};

use crate::diagnostics::Diagnostics;
use crate::suggest;

/// What a key is about: some have more than one spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key {
    Threading,
    Stats,
    Budget,
    Align,
    Fallback,
}

/// The spellings, ours first.
pub(super) const KEYS: [(&str, Key); 10] = [
    ("threading", Key::Threading),
    ("thread_safe", Key::Threading),
    ("stats", Key::Stats),
    ("tracked", Key::Stats),
    ("track_stats", Key::Stats),
    ("budget", Key::Budget),
    ("align", Key::Align),
    ("alignment", Key::Align),
    ("min_align", Key::Align),
    ("fallback", Key::Fallback),
];

/// The key that a word is.
pub(super) fn key(word: &Ident, among: &[Key]) -> Option<Key> {
    KEYS.iter().find(|(name, key)| word == name && among.contains(key)).map(|(_, key)| *key)
}

/// What is said of a word that is none of the keys.
pub(super) fn unknown(word: &Ident, among: &[Key], diagnostics: &mut Diagnostics) {
    let known: Vec<_> = KEYS.iter().filter(|(_, key)| among.contains(key)).map(|(name, _)| *name).collect();
    let first: Vec<_> = among
        .iter()
        .filter_map(|key| KEYS.iter().find(|(_, other)| key == other))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    let all = format!("the options are {}", first.join(", "));
    diagnostics.error(word, suggest::unknown("option", &word.to_string(), &known, &all));
}

/// The keys so far.
#[derive(Default)]
pub(super) struct Given(Vec<Key>);

impl Given {
    /// Notes a key, which may be there once, however it is spelt.
    pub(super) fn once(&mut self, key: Key, word: &Ident, diagnostics: &mut Diagnostics) -> bool {
        if self.0.contains(&key) {
            let same = KEYS.iter().filter(|(_, other)| *other == key).map(|(name, _)| format!("`{name}`"));
            let same: Vec<_> = same.collect();
            let spellings =
                if same.len() > 1 { format!(": {} are the same", same.join(", ")) } else { String::new() };
            diagnostics.error(word, format_args!("`{word}` is given twice{spellings}"));
            return false;
        }
        self.0.push(key);
        true
    }
}

/// What `threading`, or `thread_safe`, is set to: whether many threads share the allocator.
pub(super) fn shared(
    word: &Ident,
    value: Option<&str>,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<bool> {
    if word == "thread_safe" {
        return switch(word, value, span, diagnostics);
    }
    match value {
        Some("shared") => Some(true),
        Some("local") => Some(false),
        _ => {
            diagnostics.error_at(span, "`threading` is `local` (one thread) or `shared` (many)");
            None
        }
    }
}

/// What a key is set to that is on or off.
pub(super) fn switch(
    word: &Ident,
    value: Option<&str>,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<bool> {
    match value {
        Some("true" | "on") => Some(true),
        Some("false" | "off") => Some(false),
        _ => {
            diagnostics.error_at(
                span,
                format_args!("`{word}` is `true` or `false` (`on` or `off`), which must be known here: it changes the type"),
            );
            None
        }
    }
}
