use core::fmt;
use core::time::Duration;
use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::section::{Contradiction, Field, Key, Section, sections};
use super::value::Takes;
use super::{ByteSize, LogLevel, Origin, Value};
use crate::{ArenaOptions, Growth};

/// What was set, section by section; from a [`ConfigSources`](super::ConfigSources). What was not said is `None`.
///
/// ```
/// use nebula_memory::observe::config::{ByteSize, Config};
///
/// let config = Config::sources()
///     .text("service.toml", "[budgets.uploads]\nlimit = \"64 MiB\"\n[pools.connections]\nmax = 8")
///     .set("pools.connections.max", 20)
///     .load()?;
/// assert_eq!(config.budget("uploads").limit, Some(ByteSize::new(64 << 20)));
/// assert_eq!(config.pool("connections").max, Some(20));
/// assert_eq!(config.pool("of which nothing was said").max, None);
/// assert_eq!(config.origin("budgets.uploads.limit").unwrap().to_string(), "service.toml:2:9");
/// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// Limits, by name.
    pub budgets: BTreeMap<String, BudgetConfig>,
    /// Pools of objects, by name.
    pub pools: BTreeMap<String, PoolConfig>,
    /// Arenas, by name.
    pub arenas: BTreeMap<String, ArenaConfig>,
    /// What is measured.
    pub stats: StatsConfig,
    /// What is logged.
    pub logging: LoggingConfig,
    pub(super) origins: BTreeMap<String, Origin>,
}

/// What was set and where, a setting in a line: for a log, when a service starts.
///
/// ```
/// use nebula_memory::observe::config::Config;
///
/// let config = Config::sources().text("service.toml", "[pools.p]\nmax = 8").set("logging.level", "warn").load()?;
/// assert_eq!(config.to_string(), "pools.p.max = 8 (service.toml:2:7)\nlogging.level = warn (set by the program)");
/// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
/// ```
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (path, value)) in self.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{path} = {value}")?;
            if let Some(origin) = self.origin(&path) {
                write!(f, " ({origin})")?;
            }
        }
        Ok(())
    }
}

/// Two are the same if they say the same, wherever it was said.
impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        (&self.budgets, &self.pools, &self.arenas) == (&other.budgets, &other.pools, &other.arenas)
            && (&self.stats, &self.logging) == (&other.stats, &other.logging)
    }
}

const SIZE: Takes = Takes::Size { least: 1 };
const ANY_SIZE: Takes = Takes::Size { least: 0 };
const ONE_OR_MORE: Takes = Takes::Count { least: 1, most: u64::MAX };
const MILLISECOND: Takes = Takes::Duration { least: 1_000_000 };

/// If the first is more than the second.
fn more<T: Field + PartialOrd>(
    first: (&'static str, Option<T>),
    second: (&'static str, Option<T>),
) -> Vec<Contradiction> {
    match (first, second) {
        ((low, Some(less)), (high, Some(most))) if less > most => {
            let (less, most) = (less.to_value(), most.to_value());
            let text = format!("`{low}` is {less}, which is more than `{high}`, {most}");
            Vec::from([Contradiction(low, high, text)])
        }
        _ => Vec::new(),
    }
}

sections! {
    /// How many bytes may be used: `[budgets.name]`.
    BudgetConfig,
    contradictions: |it| more(("soft_limit", it.soft_limit), ("limit", it.limit)),
    {
        /// All in all.
        limit: ByteSize = SIZE,
        /// From where on somebody is told.
        soft_limit: ByteSize = SIZE,
    }

    /// How many objects a pool has, and how old they become: `[pools.name]`.
    PoolConfig,
    contradictions: |it| more(("min", it.min), ("max", it.max)),
    {
        /// There are at least so many.
        min: usize = Takes::Count { least: 0, most: u64::MAX },
        /// There are at most so many.
        max: usize = ONE_OR_MORE,
        /// Objects that were idle for so long are not used any more.
        idle_timeout: Duration = MILLISECOND,
        /// Objects that were made so long ago are not used any more.
        max_lifetime: Duration = MILLISECOND,
    }

    /// How an arena begins and grows: `[arenas.name]`.
    ArenaConfig,
    contradictions: |it| more(("initial_capacity", it.initial_capacity), ("max_capacity", it.max_capacity)),
    {
        /// The bytes that the first chunk has room for.
        initial_capacity: ByteSize = ANY_SIZE,
        /// How large the next chunk is.
        growth: Growth = Takes::Growth,
        /// The most bytes that all chunks may have together.
        max_capacity: ByteSize = SIZE,
    }

    /// What is measured, and how often: `[stats]`.
    StatsConfig,
    contradictions: |_it| Vec::new(),
    {
        /// A snapshot is made from time to time.
        interval: Duration = MILLISECOND,
        /// So many snapshots are kept.
        history: usize = Takes::Count { least: 0, most: 1_000_000 },
        /// One allocation is looked at more closely each time that so many bytes were allocated.
        sampling: ByteSize = SIZE,
    }

    /// What is logged: `[logging]`.
    LoggingConfig,
    contradictions: |_it| Vec::new(),
    {
        /// All that is at least as bad.
        level: LogLevel = Takes::Level,
        /// Of what happens all the time, one in so many.
        sample: usize = ONE_OR_MORE,
    }
}

impl ArenaConfig {
    /// Options for an arena: what was not said is as in [`ArenaOptions::new`].
    pub fn options(&self) -> ArenaOptions {
        let mut options = ArenaOptions::new();
        options.initial_capacity = self.initial_capacity.map_or(options.initial_capacity, ByteSize::as_usize);
        options.growth = self.growth.unwrap_or(options.growth);
        options.max_capacity = self.max_capacity.map(ByteSize::as_usize);
        options
    }
}

/// What sections there are.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Whether there are several, by name.
    pub(super) named: bool,
    pub(super) keys: &'static [Key],
}

pub(super) const SECTIONS: [Kind; 5] = [
    Kind { name: "budgets", named: true, keys: BudgetConfig::KEYS },
    Kind { name: "pools", named: true, keys: PoolConfig::KEYS },
    Kind { name: "arenas", named: true, keys: ArenaConfig::KEYS },
    Kind { name: "stats", named: false, keys: StatsConfig::KEYS },
    Kind { name: "logging", named: false, keys: LoggingConfig::KEYS },
];

impl Config {
    /// What was set for this budget.
    pub fn budget(&self, name: &str) -> BudgetConfig {
        self.budgets.get(name).cloned().unwrap_or_default()
    }

    /// What was set for this pool.
    pub fn pool(&self, name: &str) -> PoolConfig {
        self.pools.get(name).cloned().unwrap_or_default()
    }

    /// What was set for this arena.
    pub fn arena(&self, name: &str) -> ArenaConfig {
        self.arenas.get(name).cloned().unwrap_or_default()
    }

    /// The value of a setting, by its path: `pools.connections.max`.
    pub fn get(&self, path: &str) -> Option<Value> {
        let (section, key) = path.rsplit_once('.')?;
        let (section, name) = section.split_once('.').unwrap_or((section, ""));
        self.section(section, name)?.get(key)
    }

    /// Where a setting was set, if it was, by its path.
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        self.origins.get(path)
    }

    /// All that was set: paths and values, in the order of their sections.
    pub fn iter(&self) -> impl Iterator<Item = (String, Value)> {
        self.sections().into_iter().flat_map(|(prefix, section)| {
            let set = |key: &Key| Some((format!("{prefix}.{}", key.name), section.get(key.name)?));
            section.keys().iter().filter_map(set).collect::<Vec<_>>()
        })
    }

    fn section(&self, section: &str, name: &str) -> Option<&dyn Section> {
        fn erase<S: Section>(section: &S) -> &dyn Section {
            section
        }
        match section {
            "budgets" => self.budgets.get(name).map(erase),
            "pools" => self.pools.get(name).map(erase),
            "arenas" => self.arenas.get(name).map(erase),
            "stats" => Some(&self.stats),
            "logging" => Some(&self.logging),
            _ => None,
        }
    }

    /// The section, which is made if there is none of this name.
    pub(super) fn section_mut(&mut self, section: &str, name: &str) -> Option<&mut dyn Section> {
        let name = String::from(name);
        Some(match section {
            "budgets" => self.budgets.entry(name).or_default(),
            "pools" => self.pools.entry(name).or_default(),
            "arenas" => self.arenas.entry(name).or_default(),
            "stats" => &mut self.stats,
            "logging" => &mut self.logging,
            _ => return None,
        })
    }

    /// The names of the sections of this kind.
    pub(super) fn names(&self, section: &str) -> Vec<&str> {
        match section {
            "budgets" => self.budgets.keys().map(String::as_str).collect(),
            "pools" => self.pools.keys().map(String::as_str).collect(),
            "arenas" => self.arenas.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// All sections, by their paths.
    pub(super) fn sections(&self) -> Vec<(String, &dyn Section)> {
        let mut all: Vec<(String, &dyn Section)> = Vec::new();
        for kind in &SECTIONS {
            if kind.named {
                for name in self.names(kind.name) {
                    all.extend(self.section(kind.name, name).map(|it| (format!("{}.{name}", kind.name), it)));
                }
            } else {
                all.extend(self.section(kind.name, "").map(|it| (String::from(kind.name), it)));
            }
        }
        all
    }
}
