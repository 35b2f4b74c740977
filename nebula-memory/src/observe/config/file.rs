use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Origin;
use super::model::Kind;
use super::resolve::Resolver;
use super::value::Raw;

/// A file in TOML, and where in it things are.
struct File<'t> {
    path: Arc<str>,
    text: &'t str,
}

impl File<'_> {
    /// A place, as people count.
    fn at(&self, offset: usize) -> Origin {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Origin::File { path: Arc::clone(&self.path), line, column }
    }
}

/// Sets what is set in this text.
pub(super) fn read(path: &Arc<str>, text: &str, resolver: &mut Resolver) {
    let file = File { path: Arc::clone(path), text };
    let (table, mut errors) = DeTable::parse_recoverable(text);
    let syntax_is_wrong = !errors.is_empty();
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    for error in errors {
        let origin = file.at(error.span().map_or(0, |span| span.start));
        resolver.problem(
            origin,
            "",
            format!("this is not TOML: {}", error.message().trim().replace('\n', ", ")),
        );
    }
    if syntax_is_wrong {
        // What follows from that is no news.
        return;
    }
    for (section, value) in in_order(table.get_ref()) {
        let at = file.at(section.span().start);
        let Some(kind) = resolver.section(section.get_ref(), &at) else { continue };
        let path = if kind.named { format!("{}.<name>", kind.name) } else { String::from(kind.name) };
        let Some(table) = table_in(&file, resolver, &path, value) else { continue };
        if !kind.named {
            settings(&file, resolver, kind, "", table);
            continue;
        }
        for (name, value) in in_order(table) {
            let path = format!("{}.{}", kind.name, name.get_ref());
            let is_setting = kind.keys.iter().any(|key| key.name == name.get_ref());
            if is_setting && !value.get_ref().is_table() {
                let section = kind.name;
                let message =
                    format!("settings of {section} stand under a name: write it under `[{section}.<name>]`");
                resolver.problem(file.at(name.span().start), path, message);
                continue;
            }
            if let Some(table) = table_in(&file, resolver, &path, value) {
                settings(&file, resolver, kind, name.get_ref(), table);
            }
        }
    }
}

/// What is in a table, as it stands in the file.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Item<'t, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

/// A key and a value.
type Item<'t, 'i> = (&'t Spanned<DeString<'i>>, &'t Spanned<DeValue<'i>>);

/// A value that should be a table.
fn table_in<'t, 'i>(
    file: &File<'_>,
    resolver: &mut Resolver,
    path: &str,
    value: &'t Spanned<DeValue<'i>>,
) -> Option<&'t DeTable<'i>> {
    let table = value.get_ref().as_table();
    if table.is_none() {
        let message = format!("this is a section: write its settings under `[{path}]`");
        resolver.problem(file.at(value.span().start), path, message);
    }
    table
}

fn settings(file: &File<'_>, resolver: &mut Resolver, kind: &Kind, name: &str, table: &DeTable<'_>) {
    for (key, value) in in_order(table) {
        let (at, value_at) = (file.at(key.span().start), file.at(value.span().start));
        resolver.set(kind, name, key.get_ref(), &raw(value.get_ref()), at, value_at);
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.as_ref().to_owned()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            i128::from_str_radix(&digits, number.radix())
                .map_or(Raw::Other("a number that is too large"), Raw::Integer)
        }
        DeValue::Float(number) => {
            let digits: String = number.as_str().replace('_', "");
            digits.parse().map_or(Raw::Other("a number"), Raw::Float)
        }
        DeValue::Boolean(truth) => Raw::Bool(*truth),
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Array(_) => Raw::Other("an array"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}
