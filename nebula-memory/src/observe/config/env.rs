use std::ffi::OsString;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::Origin;
use super::model::SECTIONS;
use super::resolve::Resolver;
use super::value::Raw;
use crate::observe::suggest::nearest;

/// Between the parts of a path in the name of a variable: names have underscores of their own.
const BETWEEN: &str = "__";

/// Sets what is set in those of the variables that begin with the prefix: `NEBULA_POOLS__CONNECTIONS__MAX`.
pub(super) fn read(prefix: &str, variables: &[(OsString, OsString)], resolver: &mut Resolver) {
    let prefix = format!("{prefix}_");
    let mut ours: Vec<_> = variables
        .iter()
        .filter_map(|(name, value)| Some((name.to_str()?.strip_prefix(&prefix)?, value)))
        .collect();
    // Their order is nobody's, and messages should be in one.
    ours.sort_unstable();
    for (rest, value) in ours {
        let origin = Origin::Variable(format!("{prefix}{rest}"));
        let lower = rest.to_lowercase();
        let parts: Vec<&str> = lower.split(BETWEEN).collect();
        let [section, within @ ..] = &*parts else { continue };
        if within.is_empty() {
            misspelled(&prefix, &lower, origin, resolver);
            continue;
        }
        let Some(kind) = resolver.section(section, &origin) else { continue };
        let (name, key) = match within {
            [key] if !kind.named => (String::new(), *key),
            // A part of the name, not of the path, may be empty: of `A__B`, which is a name of one part only by accident.
            [name, key] if kind.named && !name.is_empty() => (resolver.known_name(kind.name, name), *key),
            _ => {
                let upper = kind.name.to_uppercase();
                let what = if kind.named { "__<NAME>__<SETTING>" } else { "__<SETTING>" };
                let message = format!("this is no setting: write `{prefix}{upper}{what}`");
                resolver.problem(origin, "", message);
                continue;
            }
        };
        match value.to_str() {
            Some(text) => {
                let raw = Raw::Written(String::from(text));
                resolver.set(kind, &name, key, &raw, origin.clone(), origin);
            }
            None => resolver.problem(origin, parts.join("."), "its value is not valid Unicode"),
        }
    }
}

/// The prefix may be that of other variables too; one that begins as a section does was meant to be a setting.
fn misspelled(prefix: &str, lower: &str, origin: Origin, resolver: &mut Resolver) {
    let (first, rest) = lower.split_once('_').unwrap_or((lower, ""));
    let Some(section) = nearest(first, SECTIONS.iter().map(|kind| kind.name)) else { return };
    let (section, rest) = (section.to_uppercase(), rest.to_uppercase());
    let named = SECTIONS.iter().any(|kind| kind.named && kind.name.eq_ignore_ascii_case(&section));
    let path = match (named, &*rest) {
        (true, "") => "__<NAME>__<SETTING>".into(),
        (true, name) => format!("__{name}__<SETTING>"),
        (false, "") => "__<SETTING>".into(),
        (false, key) => format!("__{key}"),
    };
    resolver.problem(origin, "", format!("this is no setting: did you mean `{prefix}{section}{path}`?"));
}
