use std::borrow::ToOwned;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::sync::Arc;
use std::vec::Vec;

use super::resolve::Resolver;
use super::{Config, ConfigError, Origin, Setting, env, file};

/// Where a configuration comes from: from [`Config::sources`].
///
/// Later layers win, setting by setting, whatever the order in which they are named here: defaults, then files, in their
/// order, then the environment, then what the program sets.
///
/// ```
/// use nebula_memory::observe::config::Config;
///
/// let variables = [("NEBULA_POOLS__CONNECTIONS__MAX", "20"), ("NEBULA_STATS__INTERVAL", "250ms")];
/// let config = Config::sources()
///     .text("service.toml", "[pools.connections]\nmin = 2\nmax = 8")
///     .env_from("NEBULA", variables)
///     .load()?;
/// let pool = config.pool("connections");
/// assert_eq!((pool.min, pool.max), (Some(2), Some(20)));
///
/// let error = Config::sources()
///     .text("service.toml", "[pools.connections]\nmax = 0\nmni = 2\nidle_timeout = 30")
///     .load()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the configuration is not valid, for 3 reasons:
///   service.toml:2:7: pools.connections.max: 0 is out of range: it must be at least 1
///   service.toml:3:1: pools.connections.mni: there is no such setting: did you mean `min`?
///   service.toml:4:16: pools.connections.idle_timeout: 30 has no unit: write \"30 s\", \"30 ms\" or \"30 min\""
/// );
/// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is read until `load` or `watch`"]
pub struct ConfigSources {
    defaults: Config,
    files: Vec<Source>,
    variables: Vec<(String, Variables)>,
    set: Vec<(String, Setting)>,
}

#[derive(Clone, Debug)]
enum Source {
    File { path: PathBuf, optional: bool },
    Text { name: Arc<str>, text: String },
}

#[derive(Clone, Debug)]
enum Variables {
    OfProcess,
    Given(Vec<(OsString, OsString)>),
}

/// What a file has in it; `None` if it is not there.
pub(super) type Content = Result<Option<String>, String>;

impl Config {
    /// Nothing, until it is said where it comes from.
    pub fn sources() -> ConfigSources {
        ConfigSources::default()
    }
}

impl ConfigSources {
    /// What holds unless something else is said.
    pub fn defaults(mut self, defaults: Config) -> Self {
        self.defaults = defaults;
        self
    }

    /// A file in TOML, which has to be there.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(Source::File { path: path.into(), optional: false });
        self
    }

    /// A file in TOML, if it is there.
    pub fn optional_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.files.push(Source::File { path: path.into(), optional: true });
        self
    }

    /// What would be in a file of this name.
    pub fn text(mut self, name: impl AsRef<str>, text: impl Into<String>) -> Self {
        self.files.push(Source::Text { name: name.as_ref().into(), text: text.into() });
        self
    }

    /// The variables of the environment whose names begin with this prefix and an underscore. Two underscores stand where a path
    /// has a point, and case is no matter: with the prefix `NEBULA`, `NEBULA_POOLS__CONNECTIONS__MAX` is
    /// `pools.connections.max`. A name that another source has said with dashes is found.
    pub fn env(mut self, prefix: impl Into<String>) -> Self {
        self.variables.push((prefix.into(), Variables::OfProcess));
        self
    }

    /// The same with variables that are given.
    pub fn env_from<N: Into<OsString>, V: Into<OsString>>(
        mut self,
        prefix: impl Into<String>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let given = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.variables.push((prefix.into(), Variables::Given(given)));
        self
    }

    /// Sets what has this path, whatever other sources say.
    pub fn set(mut self, path: impl Into<String>, value: impl Into<Setting>) -> Self {
        self.set.push((path.into(), value.into()));
        self
    }

    /// Reads all of them.
    ///
    /// # Errors
    /// All that is wrong, each with its place: files that are not there or are no TOML, settings that do not exist, values that
    /// are not what belongs there or out of range, settings that contradict each other.
    pub fn load(&self) -> Result<Config, ConfigError> {
        self.resolve(&self.contents())
    }

    /// What all files have in them, now.
    pub(super) fn contents(&self) -> Vec<Content> {
        self.files.iter().map(Source::content).collect()
    }

    /// The files that can change.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|source| match source {
            Source::File { path, .. } => Some(&**path),
            Source::Text { .. } => None,
        })
    }

    /// What it all amounts to.
    pub(super) fn resolve(&self, contents: &[Content]) -> Result<Config, ConfigError> {
        let mut resolver = Resolver::new(&self.defaults);
        for (source, content) in self.files.iter().zip(contents) {
            let name = source.name();
            let whole = Origin::File { path: Arc::clone(&name), line: 0, column: 0 };
            match content {
                Ok(Some(text)) => file::read(&name, text, &mut resolver),
                Ok(None) if source.is_optional() => {}
                Ok(None) => resolver.problem(whole, "", "there is no such file"),
                Err(error) => resolver.problem(whole, "", error.clone()),
            }
        }
        for (prefix, variables) in &self.variables {
            match variables {
                Variables::OfProcess => {
                    env::read(prefix, &std::env::vars_os().collect::<Vec<_>>(), &mut resolver);
                }
                Variables::Given(given) => env::read(prefix, given, &mut resolver),
            }
        }
        for (path, Setting(raw)) in &self.set {
            resolver.set_path(path, raw, &Origin::Code);
        }
        resolver.finish()
    }
}

impl Source {
    fn name(&self) -> Arc<str> {
        match self {
            Self::File { path, .. } => path.display().to_string().into(),
            Self::Text { name, .. } => Arc::clone(name),
        }
    }

    const fn is_optional(&self) -> bool {
        matches!(self, Self::File { optional: true, .. })
    }

    fn content(&self) -> Content {
        let path = match self {
            Self::File { path, .. } => path,
            Self::Text { text, .. } => return Ok(Some(text.clone())),
        };
        match fs::read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                // What some editors begin a file with.
                Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text))),
                Err(_) => Err("this is not TOML: it is not valid UTF-8".to_owned()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(std::format!("it cannot be read: {error}")),
        }
    }
}
