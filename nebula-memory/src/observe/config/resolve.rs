use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::model::{Kind, SECTIONS};
use super::value::Raw;
use super::{Config, ConfigError, Origin, Problem};
use crate::observe::suggest::nearest;

/// A configuration that is being put together, and what was wrong until now. Every rule is here; sources know only how
/// settings are written.
#[derive(Default)]
pub(super) struct Resolver {
    config: Config,
    problems: Vec<Problem>,
}

impl Resolver {
    pub(super) fn new(defaults: &Config) -> Self {
        let mut config = defaults.clone();
        config.origins = config.iter().map(|(path, _)| (path, Origin::Default)).collect();
        Self { config, problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, origin: Origin, path: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem { origin, path: path.into(), message: message.into() });
    }

    /// The section of this name; it is a problem if there is none.
    pub(super) fn section(&mut self, name: &str, origin: &Origin) -> Option<&'static Kind> {
        let known = SECTIONS.iter().find(|kind| kind.name == name);
        if known.is_none() {
            let names = SECTIONS.iter().map(|kind| kind.name);
            let message = format!("there is no such section{}", hint(name, names));
            self.problem(origin.clone(), name, message);
        }
        known
    }

    /// The name of a section as it is known already, if a source does not say it to the letter.
    pub(super) fn known_name(&self, section: &str, name: &str) -> String {
        let plain = |name: &str| name.to_lowercase().replace('-', "_");
        let known = self.config.names(section).into_iter().find(|known| plain(known) == plain(name));
        known.unwrap_or(name).to_owned()
    }

    /// Sets a key, in place of what was set before. `at` is where the key is.
    pub(super) fn set(
        &mut self,
        kind: &Kind,
        name: &str,
        key: &str,
        raw: &Raw,
        at: Origin,
        value_at: Origin,
    ) {
        let prefix = if kind.named { format!("{}.{name}", kind.name) } else { String::from(kind.name) };
        let path = format!("{prefix}.{key}");
        let Some(known) = kind.keys.iter().find(|known| known.name == key) else {
            let message =
                format!("there is no such setting{}", hint(key, kind.keys.iter().map(|key| key.name)));
            return self.problem(at, path, message);
        };
        match known.takes.read(raw) {
            Ok(value) => {
                if let Some(section) = self.config.section_mut(kind.name, name) {
                    section.set(known.name, Some(value));
                }
                self.config.origins.insert(path, value_at);
            }
            Err(message) => self.problem(value_at, path, message),
        }
    }

    /// Sets what has this path.
    pub(super) fn set_path(&mut self, path: &str, raw: &Raw, origin: &Origin) {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(kind) = self.section(first, origin) else { return };
        // A name may have points in it.
        let (name, key) = rest.rsplit_once('.').unwrap_or(("", rest));
        if key.is_empty() || kind.named == name.is_empty() {
            let what =
                if kind.named { format!("{first}.<name>.<setting>") } else { format!("{first}.<setting>") };
            return self.problem(origin.clone(), path, format!("this is no setting: write `{what}`"));
        }
        self.set(kind, name, key, raw, origin.clone(), origin.clone());
    }

    /// The configuration, if nothing is wrong with it.
    pub(super) fn finish(mut self) -> Result<Config, ConfigError> {
        for (prefix, section) in self.config.sections() {
            for contradiction in section.contradictions() {
                let place = |key| {
                    let path = format!("{prefix}.{key}");
                    (self.config.origins.get(&path).cloned().unwrap_or(Origin::Code), path)
                };
                let (first, second) = (place(contradiction.0), place(contradiction.1));
                // Whoever came later should have seen the other.
                let (at, other) =
                    if rank(&first.0) >= rank(&second.0) { (first, second) } else { (second, first) };
                let key = other.1.rsplit('.').next().unwrap_or_default();
                let there = match &other.0 {
                    Origin::Default => format!("`{key}` is a default"),
                    Origin::Code => format!("`{key}` is set by the program"),
                    place => format!("`{key}` is set in {place}"),
                };
                let message = format!("{} ({there})", contradiction.2);
                self.problems.push(Problem { origin: at.0, path: at.1, message });
            }
        }
        if self.problems.is_empty() { Ok(self.config) } else { Err(ConfigError { problems: self.problems }) }
    }
}

/// What was said later ranks higher.
fn rank(origin: &Origin) -> (u8, usize, usize) {
    match origin {
        Origin::Default => (0, 0, 0),
        Origin::File { line, column, .. } => (1, *line, *column),
        Origin::Variable(_) => (2, 0, 0),
        Origin::Code => (3, 0, 0),
    }
}

/// What was meant, or what there is.
fn hint<'a>(wrong: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(wrong, known.clone()) {
        Some(meant) => format!(": did you mean `{meant}`?"),
        None => format!(": there are `{}`", known.collect::<Vec<_>>().join("`, `")),
    }
}
