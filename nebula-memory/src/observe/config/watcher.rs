use core::fmt;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::string::{String, ToString};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Instant, SystemTime};
use std::vec::Vec;

use super::sources::Content;
use super::{Config, ConfigError, ConfigSources, Origin, Problem};
use crate::observe::guarded::guarded;

/// A configuration that is read again when its files change.
///
/// A thread looks at the files at an interval, and takes what has changed when it stays the same for a moment, so that
/// a file that is being written, or replaced by an editor, is left alone. (Certain it is only of a file that is written beside
/// and renamed: half of a file may be a configuration, too.) A configuration that is not valid is refused as a
/// whole: the one before stays, and [`last_error`](Self::last_error) and [`on_error`](Self::on_error) tell why.
///
/// Callbacks are called one after the other, in the order of the changes, and nothing is locked then: they may reload, add
/// others and drop the watcher. One that panics is as one that has returned.
///
/// The thread ends when the watcher is dropped, which does not wait for it.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::observe::config::Config;
///
/// # let path = std::env::temp_dir().join(format!("nebula-watcher-doc-{}.toml", std::process::id()));
/// # fn main_of(path: std::path::PathBuf) -> Result<(), Box<dyn std::error::Error>> {
/// std::fs::write(&path, "[pools.connections]\nmax = 8")?;
/// let watcher = Config::sources().file(&path).watch(Duration::from_secs(1))?;
/// watcher.on_change(|old, new| {
///     println!("{:?} → {:?}", old.pool("connections").max, new.pool("connections").max);
/// });
///
/// std::fs::write(&path, "[pools.connections]\nmax = 16")?;
/// assert!(watcher.reload()?); // or wait for a second
/// assert_eq!(watcher.current().pool("connections").max, Some(16));
///
/// std::fs::write(&path, "[pools.connections]\nmax = none")?;
/// assert!(watcher.reload().is_err());
/// assert_eq!(watcher.current().pool("connections").max, Some(16));
/// # Ok(()) }
/// # let result = main_of(path.clone());
/// # let _ = std::fs::remove_file(path);
/// # result.unwrap();
/// ```
#[must_use = "nobody looks at the files when it is dropped"]
pub struct ConfigWatcher {
    shared: Arc<Shared>,
}

struct Shared {
    sources: ConfigSources,
    current: RwLock<Arc<Config>>,
    /// Changes when `current` has.
    generation: AtomicU64,
    /// Held while files are read and taken, so that what was read first is taken first.
    seen: Mutex<Seen>,
    calls: Mutex<Calls>,
    last_error: Mutex<Option<Arc<ConfigError>>>,
    stopped: AtomicBool,
    stop: (Mutex<()>, Condvar),
}

/// What the files were like when they were read.
struct Seen {
    contents: Vec<Content>,
    stamps: Vec<Option<Stamp>>,
    /// Whether the files were old then: if they are written again, they have other stamps.
    settled: bool,
}

/// When a file was written, and how long it is.
type Stamp = (SystemTime, u64);

/// A file may be written twice in one tick of its clock; what is older than this was not.
const TICK: Duration = Duration::from_secs(2);
/// A file that stays the same for so long is not being written. One that is empty has been truncated, most likely, and what
/// is to be in it will be written when that program has its turn: it gets a tick.
const SETTLED: Duration = Duration::from_millis(50);

type OnChange = dyn Fn(&Config, &Config) + Send + Sync;
type OnError = dyn Fn(&ConfigError) + Send + Sync;

#[derive(Default)]
struct Calls {
    on_change: Vec<Arc<OnChange>>,
    on_error: Vec<Arc<OnError>>,
    waiting: VecDeque<Event>,
    /// Somebody is calling, and will call for what is added.
    calling: bool,
}

#[derive(Clone)]
enum Event {
    Changed(Arc<Config>, Arc<Config>),
    Refused(Arc<ConfigError>),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether there is a file with nothing in it.
fn is_empty(content: &Content) -> bool {
    matches!(content, Ok(Some(text)) if text.trim_ascii().is_empty())
}

impl ConfigSources {
    /// Reads all of them, and again when a file changes: looks every `interval`, or millisecond if that is longer.
    ///
    /// # Errors
    /// As [`load`](Self::load), or if the system has no thread.
    pub fn watch(self, interval: Duration) -> Result<ConfigWatcher, ConfigError> {
        let stamps = self.stamps();
        let contents = self.contents();
        let config = self.resolve(&contents)?;
        let shared = Arc::new(Shared {
            sources: self,
            current: RwLock::new(Arc::new(config)),
            generation: AtomicU64::new(0),
            seen: Mutex::new(Seen::new(contents, stamps)),
            calls: Mutex::default(),
            last_error: Mutex::default(),
            stopped: AtomicBool::new(false),
            stop: Default::default(),
        });
        let (interval, seen_by_thread) = (interval.max(Duration::from_millis(1)), Arc::clone(&shared));
        let work = move || {
            while !seen_by_thread.pause(interval) {
                seen_by_thread.look();
            }
        };
        let watcher = ConfigWatcher { shared };
        match thread::Builder::new().name(String::from("nebula-config")).spawn(work) {
            Ok(_) => Ok(watcher),
            Err(error) => {
                let message = std::format!("there is no thread to watch the files: {error}");
                let problem = Problem { origin: Origin::Code, path: String::new(), message };
                Err(ConfigError { problems: Vec::from([problem]) })
            }
        }
    }

    fn stamps(&self) -> Vec<Option<Stamp>> {
        let stamp = |path| {
            let data = std::fs::metadata(path).ok()?;
            Some((data.modified().ok()?, data.len()))
        };
        self.paths().map(stamp).collect()
    }
}

impl ConfigWatcher {
    /// The configuration as it is now. Takes a lock that is held for as long as it takes to copy a pointer; see
    /// [`reader`](Self::reader).
    pub fn current(&self) -> Arc<Config> {
        self.shared.current()
    }

    /// The configuration for one who looks often: costs a load when nothing has changed.
    pub fn reader(&self) -> ConfigReader {
        let seen = self.shared.generation.load(Ordering::Acquire);
        ConfigReader { config: self.current(), shared: Arc::clone(&self.shared), seen }
    }

    /// Reads everything now, whether it has changed or not, and calls who wants to know. Whether the configuration is another
    /// one.
    ///
    /// # Errors
    /// If it is refused; the one before stays.
    pub fn reload(&self) -> Result<bool, Arc<ConfigError>> {
        let mut seen = lock(&self.shared.seen);
        let stamps = self.shared.sources.stamps();
        let contents = self.shared.sources.contents();
        let taken = self.shared.take(&mut seen, contents, stamps);
        drop(seen);
        self.shared.call();
        taken
    }

    /// Calls this with the old and the new configuration when it changes, for as long as there is a watcher.
    pub fn on_change(&self, call: impl Fn(&Config, &Config) + Send + Sync + 'static) {
        lock(&self.shared.calls).on_change.push(Arc::new(call));
    }

    /// Calls this when a configuration is refused.
    pub fn on_error(&self, call: impl Fn(&ConfigError) + Send + Sync + 'static) {
        lock(&self.shared.calls).on_error.push(Arc::new(call));
    }

    /// Why the last one was refused, if it was.
    pub fn last_error(&self) -> Option<Arc<ConfigError>> {
        lock(&self.shared.last_error).clone()
    }
}

impl Drop for ConfigWatcher {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Under the lock: the thread is asleep, or has not looked yet.
        drop(lock(&self.shared.stop.0));
        self.shared.stop.1.notify_all();
    }
}

impl Shared {
    fn current(&self) -> Arc<Config> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Sleeps; whether it was told to stop.
    fn pause(&self, time: Duration) -> bool {
        let until = Instant::now().checked_add(time);
        let mut guard = lock(&self.stop.0);
        while !self.is_stopped() {
            let left = until.map_or(time, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            guard = self.stop.1.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Takes what has changed, if it does not go on changing.
    fn look(&self) {
        let stamps = self.sources.stamps();
        let seen = lock(&self.seen);
        if seen.settled && seen.stamps == stamps {
            return;
        }
        drop(seen);
        let contents = self.sources.contents();
        let seen = lock(&self.seen);
        let changed = seen.contents != contents;
        let emptied = contents.iter().zip(&seen.contents).any(|(now, then)| is_empty(now) && !is_empty(then));
        drop(seen);
        // Waiting is done in small parts, to notice what comes in soon.
        let parts = if emptied { TICK.as_millis() / SETTLED.as_millis() } else { u128::from(changed) };
        for _ in 0..parts {
            if self.pause(SETTLED) || self.sources.contents() != contents {
                return;
            }
        }
        let mut seen = lock(&self.seen);
        // Once more under the lock: somebody may have reloaded meanwhile.
        let (stamps, now) = (self.sources.stamps(), self.sources.contents());
        if now != contents {
            // Not settled yet: the next look is as the first.
            return;
        }
        if seen.contents == now {
            *seen = Seen::new(now, stamps);
            return;
        }
        // Who asked for it is told by the callbacks.
        let _ = self.take(&mut seen, now, stamps);
        drop(seen);
        self.call();
    }

    /// Makes these the configuration, or says why not.
    fn take(
        &self,
        seen: &mut Seen,
        contents: Vec<Content>,
        stamps: Vec<Option<Stamp>>,
    ) -> Result<bool, Arc<ConfigError>> {
        let resolved = self.sources.resolve(&contents);
        *seen = Seen::new(contents, stamps);
        match resolved {
            Ok(new) => {
                let new = Arc::new(new);
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                // Also if it says the same, because the places where it is said may be others.
                let old = core::mem::replace(&mut *current, Arc::clone(&new));
                drop(current);
                self.generation.fetch_add(1, Ordering::Release);
                *lock(&self.last_error) = None;
                let changed = *old != *new;
                if changed {
                    lock(&self.calls).waiting.push_back(Event::Changed(old, new));
                }
                Ok(changed)
            }
            Err(error) => {
                let error = Arc::new(error);
                *lock(&self.last_error) = Some(Arc::clone(&error));
                lock(&self.calls).waiting.push_back(Event::Refused(Arc::clone(&error)));
                Err(error)
            }
        }
    }

    /// Calls for all events there are, unless somebody is doing that already.
    fn call(&self) {
        let mut calls = lock(&self.calls);
        if calls.calling {
            return;
        }
        calls.calling = true;
        while let Some(event) = calls.waiting.pop_front() {
            let (on_change, on_error) = (calls.on_change.clone(), calls.on_error.clone());
            drop(calls);
            match &event {
                Event::Changed(old, new) => self.call_each(on_change, |call| call(old, new)),
                Event::Refused(error) => self.call_each(on_error, |call| call(error)),
            }
            calls = lock(&self.calls);
        }
        calls.calling = false;
    }

    fn call_each<F: ?Sized>(&self, calls: Vec<Arc<F>>, how: impl Fn(&F)) {
        for call in calls {
            if !self.is_stopped() {
                // What it says when it panics was printed; it must not keep the others from being called.
                let _ = guarded(|| how(&call));
            }
        }
    }
}

impl Seen {
    /// Contents that were read after the stamps.
    fn new(contents: Vec<Content>, stamps: Vec<Option<Stamp>>) -> Self {
        let now = SystemTime::now();
        // Reading took less than a tick, or they are not old enough by the time it took, and are read again.
        let is_old = |(written, _): &Stamp| now.duration_since(*written).is_ok_and(|age| age > TICK);
        let settled = stamps.iter().flatten().all(is_old);
        Self { contents, stamps, settled }
    }
}

/// A configuration and what tells when there is another: from [`ConfigWatcher::reader`].
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::observe::config::Config;
///
/// let watcher = Config::sources().set("pools.connections.max", 8).watch(Duration::from_secs(60))?;
/// let mut reader = watcher.reader();
/// assert_eq!(reader.get().pool("connections").max, Some(8));
/// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct ConfigReader {
    shared: Arc<Shared>,
    config: Arc<Config>,
    seen: u64,
}

impl ConfigReader {
    /// The configuration as it is now; the last one, when there is no watcher any more.
    #[inline]
    pub fn get(&mut self) -> &Config {
        let now = self.shared.generation.load(Ordering::Acquire);
        if now != self.seen {
            self.config = self.shared.current();
            self.seen = now;
        }
        &self.config
    }
}

impl fmt::Debug for ConfigWatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.last_error().map(|error| error.to_string());
        f.debug_struct("ConfigWatcher").field("current", &self.current()).field("last_error", &error).finish()
    }
}

impl fmt::Debug for ConfigReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigReader").field("config", &self.config).finish_non_exhaustive()
    }
}
