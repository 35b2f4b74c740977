use core::fmt;
use std::borrow::ToOwned;
use std::collections::BTreeMap;
use std::format;
use std::string::{String, ToString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use super::model::SECTIONS;
use super::{Config, LogLevel, LogSwitch, Value};
use crate::error::MemoryError;
use crate::observe::guarded::guarded;
use crate::observe::{Component, Registry};
use crate::stats::{Kind, Ticker};

/// What came of one setting, from [`Registry::apply`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Applied {
    /// Its path.
    pub path: String,
    /// What it was, if that is known.
    pub from: Option<Value>,
    /// What it was to be; `None` if it is not set any more.
    pub to: Option<Value>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds from now on.
    Changed,
    /// It cannot be changed in a program that runs: it holds when the component is made anew.
    NeedsRestart,
    /// There is nobody whom it concerns: no component of this name, or nothing that [takes](Registry::on_setting) it.
    Unclaimed,
    /// It could have been changed, but that went wrong: the message.
    Failed(String),
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{from} → {to}")?,
            (None, Some(to)) => to.fmt(f)?,
            (Some(from), None) => write!(f, "{from} → not set")?,
            (None, None) => f.write_str("not set")?,
        }
        match &self.outcome {
            Outcome::Changed => f.write_str(", changed"),
            Outcome::NeedsRestart => f.write_str(", needs a restart"),
            Outcome::Unclaimed => f.write_str(", which nothing in this process takes"),
            Outcome::Failed(message) => write!(f, ", failed: {message}"),
        }
    }
}

/// What takes a setting that is no component's.
type Taker = dyn Fn(&Value) -> Result<(), MemoryError> + Send + Sync;

/// What a registry knows of configurations.
pub(in crate::observe) struct Settings {
    takers: Mutex<BTreeMap<String, Arc<Taker>>>,
    /// What was said the last time, and heard.
    before: Mutex<BTreeMap<String, Value>>,
    /// Runs because a configuration says so.
    ticker: Mutex<Option<Ticker>>,
    switch: LogSwitch,
}

impl Settings {
    pub(in crate::observe) fn new() -> Self {
        Self {
            takers: Mutex::new(BTreeMap::new()),
            before: Mutex::new(BTreeMap::new()),
            ticker: Mutex::new(None),
            // What sinks take is up to them, until somebody says something else.
            switch: LogSwitch::new(LogLevel::Trace),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One setting, on its way.
struct Change<'c> {
    path: &'c str,
    /// What was said before.
    before: Option<&'c Value>,
    to: Option<&'c Value>,
}

impl Change<'_> {
    fn is_news(&self) -> bool {
        self.before != self.to
    }

    fn end(&self, from: Option<Value>, outcome: Outcome) -> Applied {
        let from = from.or_else(|| self.before.cloned());
        Applied { path: self.path.to_owned(), from, to: self.to.cloned(), outcome }
    }
}

impl Registry {
    /// Makes of a configuration what can be made of it while the program runs, and says what came of each setting that is not
    /// as it was already.
    ///
    /// | setting | who takes it |
    /// | --- | --- |
    /// | `pools.name.max` | an `ObjectPool`: it grows, or shrinks as objects come back |
    /// | `stats.interval`, `stats.history` | the [collector](Registry::collector): it ticks and keeps |
    /// | `logging.level` | the [switch](Registry::log_switch), if there is a sink behind it |
    /// | all else of a component | needs a restart, if it is not what the component has; unless a type of yours [takes it](crate::observe::Component::set) |
    /// | all else | who [wants to](Registry::on_setting) |
    ///
    /// What a component has that nobody can ask it for counts as what was set when a configuration was applied first.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use nebula_memory::observe::Registry;
    /// use nebula_memory::observe::config::Config;
    /// use nebula_memory::{Budget, MIB, ObjectPool};
    ///
    /// let registry = Registry::new();
    /// let pool = Arc::new(ObjectPool::builder().create(String::new).max(8).build_boxed()?);
    /// let budget = Arc::new(Budget::new_shared(64 * MIB));
    /// registry.register("texts", &pool)?;
    /// registry.register("all", &budget)?;
    ///
    /// let config = Config::sources()
    ///     .text("service.toml", "[pools.texts]\nmax = 4\n[budgets.all]\nlimit = '1 GiB'\n[logging]\nlevel = 'warn'")
    ///     .load()?;
    /// let applied: Vec<String> = registry.apply(&config).iter().map(ToString::to_string).collect();
    /// assert_eq!(applied, [
    ///     "budgets.all.limit: 64 MiB → 1 GiB, needs a restart",
    ///     "pools.texts.max: 8 → 4, changed",
    ///     "logging.level: warn, which nothing in this process takes",
    /// ]);
    /// assert_eq!(pool.capacity(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply(&self, config: &Config) -> Vec<Applied> {
        let before = lock(&self.settings.before).clone();
        let mut now: BTreeMap<String, Value> = BTreeMap::new();
        let (mut paths, mut all) = (Vec::new(), Vec::new());
        for (path, value) in config.iter() {
            paths.push(path.clone());
            now.insert(path, value);
        }
        paths.extend(before.keys().filter(|path| !now.contains_key(*path)).cloned());
        for path in paths {
            let change = Change { path: &path, before: before.get(&path), to: now.get(&path) };
            let applied = self.apply_one(&change);
            if matches!(&applied, Some(Applied { outcome: Outcome::Unclaimed | Outcome::Failed(_), .. })) {
                // Nobody has heard it, so the next time it is news.
                now.remove(&path);
            }
            all.extend(applied);
        }
        *lock(&self.settings.before) = now;
        all
    }

    /// Who takes a setting that is no component's, such as `logging.level` and `stats.sampling`: called by
    /// [`apply`](Self::apply) when it changes, in place of who took it before.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use nebula_memory::observe::Registry;
    /// use nebula_memory::observe::config::{Config, Value};
    ///
    /// let registry = Registry::new();
    /// let sample = Arc::new(AtomicUsize::new(1));
    /// let taker = Arc::clone(&sample);
    /// registry.on_setting("logging.sample", move |value| {
    ///     if let Value::Count(one_in) = value {
    ///         taker.store(*one_in as usize, Ordering::Relaxed);
    ///     }
    ///     Ok(())
    /// });
    /// registry.apply(&Config::sources().set("logging.sample", 100).load()?);
    /// assert_eq!(sample.load(Ordering::Relaxed), 100);
    /// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
    /// ```
    pub fn on_setting(
        &self,
        path: impl Into<String>,
        take: impl Fn(&Value) -> Result<(), MemoryError> + Send + Sync + 'static,
    ) {
        let (path, take): (String, Arc<Taker>) = (path.into(), Arc::new(take));
        let before = lock(&self.settings.takers).insert(path, take);
        // Not under the lock: it is the user's.
        drop(before);
    }

    /// How much is logged by [sinks](LogSwitch::sink) that want to be told: all, until a configuration says something else.
    pub const fn log_switch(&self) -> &LogSwitch {
        &self.settings.switch
    }

    fn apply_one(&self, change: &Change<'_>) -> Option<Applied> {
        match change.path {
            "stats.interval" => self.apply_interval(change),
            "stats.history" => self.apply_history(change),
            "logging.level" => self.apply_level(change),
            path => {
                let (section, rest) = path.split_once('.')?;
                match rest.rsplit_once('.') {
                    Some((name, key)) if SECTIONS.iter().any(|it| it.named && it.name == section) => {
                        self.apply_to_component(change, section, name, key)
                    }
                    _ => self.apply_to_taker(change),
                }
            }
        }
    }

    fn apply_to_component(
        &self,
        change: &Change<'_>,
        section: &str,
        name: &str,
        key: &str,
    ) -> Option<Applied> {
        let kind = match section {
            "budgets" => Kind::Budget,
            "pools" => Kind::Pool,
            _ => Kind::Arena,
        };
        let living = self.living();
        let Some(entry) = living.iter().find(|entry| entry.name == name && entry.kind == kind) else {
            // What is not set any more concerns nobody either.
            return change.to.is_some().then(|| change.end(None, Outcome::Unclaimed));
        };
        let outcome = guarded(|| {
            let component = entry.component()?;
            let outcome = change_of(&*component, change, key);
            // It may end with this, and panic.
            drop(component);
            outcome
        });
        match outcome {
            Ok(outcome) => outcome.map(|(running, outcome)| change.end(running, outcome)),
            Err(message) => Some(change.end(None, Outcome::Failed(format!("it panicked: {message}")))),
        }
    }

    fn apply_to_taker(&self, change: &Change<'_>) -> Option<Applied> {
        if !change.is_news() {
            return None;
        }
        let Some(to) = change.to else { return Some(change.end(None, Outcome::NeedsRestart)) };
        let taker = lock(&self.settings.takers).get(change.path).cloned();
        let Some(taker) = taker else { return Some(change.end(None, Outcome::Unclaimed)) };
        let outcome = match guarded(move || taker(to)) {
            Ok(Ok(())) => Outcome::Changed,
            Ok(Err(error)) => failed(&error),
            Err(message) => Outcome::Failed(format!("it panicked: {message}")),
        };
        Some(change.end(None, outcome))
    }

    /// The switch takes it, if there is a sink behind it, and who else wants to.
    fn apply_level(&self, change: &Change<'_>) -> Option<Applied> {
        let taken = self.apply_to_taker(change)?;
        let switch = self.log_switch();
        let from = Value::Level(switch.level());
        match change.to {
            Some(Value::Level(level)) => switch.set(*level),
            _ => switch.set(LogLevel::Trace),
        }
        let by_nobody_else = matches!(taken.outcome, Outcome::Unclaimed | Outcome::NeedsRestart);
        Some(if by_nobody_else && switch.is_used() {
            change.end(Some(from), Outcome::Changed)
        } else {
            taken
        })
    }

    /// A ticker is there while an interval is set.
    fn apply_interval(&self, change: &Change<'_>) -> Option<Applied> {
        let running = lock(&self.settings.ticker).as_ref().map(|ticker| Value::Duration(ticker.interval()));
        if running.as_ref() == change.to {
            return None;
        }
        let Some(Value::Duration(interval)) = change.to else {
            let ticker = lock(&self.settings.ticker).take();
            // Waits for its thread, which may be looking at a component that applies a configuration.
            drop(ticker);
            return Some(change.end(running, Outcome::Changed));
        };
        let mut ticker = lock(&self.settings.ticker);
        let started = match &*ticker {
            Some(ticker) => {
                ticker.set_interval(*interval);
                Ok(())
            }
            None => self.collector().start(*interval).map(|started| *ticker = Some(started)),
        };
        drop(ticker);
        let outcome = started.map_or_else(|error| Outcome::Failed(error.to_string()), |()| Outcome::Changed);
        Some(change.end(running, outcome))
    }

    fn apply_history(&self, change: &Change<'_>) -> Option<Applied> {
        if !change.is_news() {
            return None;
        }
        let count = match change.to {
            Some(Value::Count(count)) => usize::try_from(*count).unwrap_or(usize::MAX),
            _ => 0,
        };
        self.collector().keep(count);
        Some(change.end(None, Outcome::Changed))
    }
}

/// What a component had and what came of it, unless all is as it was.
fn change_of(component: &dyn Component, change: &Change<'_>, key: &str) -> Option<(Option<Value>, Outcome)> {
    let running = component.setting(key);
    let Some(to) = change.to else { return Some((running, Outcome::NeedsRestart)) };
    if running.as_ref() == Some(to) || (running.is_none() && !change.is_news()) {
        return None;
    }
    match component.set(key, to) {
        Ok(true) => Some((running, Outcome::Changed)),
        // Nobody knows what it has: what it was made with, if this is the first time.
        Ok(false) if running.is_none() && change.before.is_none() => None,
        Ok(false) => Some((running, Outcome::NeedsRestart)),
        Err(error) => Some((running, failed(&error))),
    }
}

fn failed(error: &MemoryError) -> Outcome {
    Outcome::Failed(format!("{}: {}", error.code(), error.code().message()))
}
