use core::any::{Any, type_name};
use core::fmt;
use core::sync::atomic::Ordering;
use std::borrow::ToOwned;
use std::collections::BTreeMap;
use std::string::String;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::vec::Vec;

use super::entry::Entry;
use super::error::unknown;
use super::guarded::guarded;
use super::{
    Component, ComponentHealth, Fault, HealthMonitor, HealthPolicy, HealthReport, LifecycleReport,
    MetricsSnapshot, Registration, RegistryError,
};
use crate::error::MemoryError;
use crate::stats::{AllocatorEntry, AllocatorId, StatsCollector};

/// The components of a program by name: one place to find them, to see how they are, and to stop them.
///
/// What cannot be shared, such as an arena of one thread, is [reported](StatsCollector::reporting) to the registry's collector
/// instead: it is in [`health`](Self::health) and [`metrics`](Self::metrics) too, and that is all.
///
/// It keeps none of them alive. Names are unique among those that are; a name becomes free when its component has gone. Each
/// is registered with the registry's [`StatsCollector`] too, so that exporters tell of it by the same name.
///
/// Whatever components do, nothing is locked then: they may use the registry. One that panics is reported, and
/// keeps nobody from the others.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::ObjectPool;
/// use nebula_memory::observe::Registry;
///
/// let registry = Registry::new();
/// let pool: ObjectPool<Vec<u8>> = ObjectPool::builder().create(Vec::new).max(8).build_boxed()?;
/// let buffers = Arc::new(pool);
/// registry.register("buffers", &buffers)?;
///
/// // Elsewhere:
/// let found = registry.get::<ObjectPool<Vec<u8>>>("buffers").unwrap();
/// let buffer = found.acquire()?;
/// assert_eq!(registry.metrics().gauge("buffers.memory.used"), Some(24.0));
/// assert!(registry.health().is_healthy());
///
/// let error = registry.lookup::<ObjectPool<Vec<u8>>>("bufers").unwrap_err();
/// assert_eq!(error.to_string(), "no component is called `bufers`: did you mean `buffers`?");
///
/// drop(buffer);
/// assert_eq!(registry.shutdown().into_result()?, ["buffers"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Registry {
    collector: Arc<StatsCollector>,
    entries: Mutex<Vec<Arc<Entry>>>,
    /// Of those that only the collector knows.
    monitors: Mutex<BTreeMap<AllocatorId, HealthMonitor>>,
    /// What configurations said.
    #[cfg(feature = "config")]
    pub(super) settings: super::config::Settings,
}

impl Registry {
    /// Knows nobody, and has a collector of its own.
    pub fn new() -> Self {
        Self::with_collector(Arc::new(StatsCollector::new()))
    }

    /// Knows nobody, and registers with this collector whom it will know.
    pub fn with_collector(collector: Arc<StatsCollector>) -> Self {
        Self {
            collector,
            entries: Mutex::new(Vec::new()),
            monitors: Mutex::new(BTreeMap::new()),
            #[cfg(feature = "config")]
            settings: super::config::Settings::new(),
        }
    }

    /// That of the program.
    pub fn global() -> &'static Self {
        static GLOBAL: OnceLock<Registry> = OnceLock::new();
        GLOBAL.get_or_init(Self::new)
    }

    /// The statistics of all components, and of those that have gone.
    pub const fn collector(&self) -> &Arc<StatsCollector> {
        &self.collector
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<Arc<Entry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are alive, in the order in which they were registered.
    pub(super) fn living(&self) -> Vec<Arc<Entry>> {
        self.lock().iter().filter(|entry| entry.is_alive()).cloned().collect()
    }

    /// Makes a component known by this name.
    ///
    /// # Errors
    /// [`NameTaken`](RegistryError::NameTaken), [`InvalidName`](RegistryError::InvalidName).
    pub fn register<T: Component>(
        &self,
        name: impl Into<String>,
        component: &Arc<T>,
    ) -> Result<AllocatorId, RegistryError> {
        self.component(name).register(component)
    }

    /// Says more about a component before it is registered.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use nebula_memory::observe::{HealthPolicy, Registry};
    /// use nebula_memory::{Budget, MIB};
    ///
    /// let registry = Registry::new();
    /// let (all, cache) = (Arc::new(Budget::new_shared(64 * MIB)), Arc::new(Budget::new_shared(8 * MIB)));
    /// registry.register("memory", &all)?;
    /// registry
    ///     .component("memory/cache")
    ///     .part_of("memory")
    ///     .tag("team", "search")
    ///     .policy(HealthPolicy::new().degraded_at(99))
    ///     .register(&cache)?;
    /// assert_eq!(registry.tagged("team", "search"), ["memory/cache"]);
    /// assert_eq!(registry.parts("memory"), ["memory/cache"]);
    /// # Ok::<(), nebula_memory::observe::RegistryError>(())
    /// ```
    pub fn component(&self, name: impl Into<String>) -> Registration<'_> {
        Registration {
            registry: self,
            name: name.into(),
            parent: None,
            tags: Vec::new(),
            policy: HealthPolicy::new(),
        }
    }

    /// The component of this name, if there is one and it is a `T`. O(components).
    pub fn get<T: Component>(&self, name: &str) -> Option<Arc<T>> {
        self.lookup(name).ok()
    }

    /// The component of this name. O(components).
    ///
    /// # Errors
    /// Why there is none.
    pub fn lookup<T: Component>(&self, name: &str) -> Result<Arc<T>, RegistryError> {
        let entry = self.entry(name)?;
        let gone = || RegistryError::Gone { name: name.to_owned() };
        let component: Arc<dyn Any + Send + Sync> = entry.component().ok_or_else(gone)?;
        component.downcast().map_err(|_| RegistryError::WrongType {
            name: name.to_owned(),
            found: entry.type_name,
            wanted: type_name::<T>(),
        })
    }

    /// The component of this name, whatever it is. O(components).
    ///
    /// # Errors
    /// Why there is none.
    pub fn lookup_any(&self, name: &str) -> Result<Arc<dyn Component>, RegistryError> {
        self.entry(name)?.component().ok_or_else(|| RegistryError::Gone { name: name.to_owned() })
    }

    fn entry(&self, name: &str) -> Result<Arc<Entry>, RegistryError> {
        let entries = self.lock();
        // The last one of this name: others have gone.
        match entries.iter().rfind(|entry| entry.name == name) {
            Some(entry) => Ok(Arc::clone(entry)),
            None => Err(unknown(name, &entries)),
        }
    }

    /// The names of all that are alive, in the order in which they were registered.
    pub fn names(&self) -> Vec<String> {
        self.names_of(|_| true)
    }

    /// The names of those with this tag.
    pub fn tagged(&self, key: &str, value: &str) -> Vec<String> {
        self.names_of(|entry| entry.tags.iter().any(|(k, v)| (&**k, &**v) == (key, value)))
    }

    /// The names of those that are part of this one.
    pub fn parts(&self, name: &str) -> Vec<String> {
        self.names_of(|entry| entry.parent.as_deref() == Some(name))
    }

    fn names_of(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<String> {
        self.living().iter().filter(|entry| wanted(entry)).map(|entry| entry.name.clone()).collect()
    }

    /// How many are alive.
    pub fn len(&self) -> usize {
        self.living().len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets a component, and its figures; it goes on without. Whether there was one of this name.
    pub fn remove(&self, name: &str) -> bool {
        let mut removed = Vec::new();
        self.lock().retain(|entry| {
            let other = entry.name != name;
            if !other {
                removed.push(Arc::clone(entry));
            }
            other
        });
        self.forget(&removed);
        removed.iter().any(|entry| entry.is_alive())
    }

    pub(super) fn forget(&self, removed: &[Arc<Entry>]) {
        for entry in removed {
            self.collector.forget(entry.id);
        }
    }

    /// How everything is. A look: what was refused since the one before counts. O(components), and a snapshot.
    pub fn health(&self) -> HealthReport {
        let mut report = HealthReport::default();
        for entry in self.living() {
            let Some(status) = entry.status() else { continue };
            report.overall = report.overall.worst(status.clone());
            let (name, parent) = (entry.name.clone(), entry.parent.clone());
            report.components.push(ComponentHealth { name, kind: entry.kind, parent, status });
        }
        let others = self.others();
        let mut monitors = self.monitors.lock().unwrap_or_else(PoisonError::into_inner);
        monitors.retain(|id, _| others.iter().any(|other| other.id == *id));
        for AllocatorEntry { id, name, kind, stats, .. } in others {
            let status = monitors.entry(id).or_default().look(kind, Some(&name), &stats);
            report.overall = report.overall.worst(status.clone());
            report.components.push(ComponentHealth { name, kind, parent: None, status });
        }
        report
    }

    /// Those that are alive, and known to the collector only.
    fn others(&self) -> Vec<AllocatorEntry> {
        let mut all = self.collector.snapshot().allocators;
        // After that, so that nobody is both who was registered meanwhile.
        let known: Vec<_> = self.lock().iter().map(|entry| entry.id).collect();
        all.retain(|other| other.alive && !known.contains(&other.id));
        all
    }

    /// The figures of all components, each with its name before it: `buffers.memory.used`; and how many there are, as
    /// `components`. Those of one that panics are not among them. Of several of one name, which a collector may know, it is the
    /// last one.
    pub fn metrics(&self) -> MetricsSnapshot {
        let mut all = MetricsSnapshot::new();
        let mut count = 0_u32;
        for entry in self.living() {
            let figures = guarded(|| {
                let component = entry.component()?;
                let figures = component.measure();
                drop(component);
                Some(figures)
            });
            match figures {
                Ok(Some(figures)) => all = all.merge(&entry.name, MetricsSnapshot::from(&figures)),
                Ok(None) => continue,
                Err(_) => {}
            }
            count += 1;
        }
        for other in self.others() {
            all = all.merge(&other.name, MetricsSnapshot::from(&other.stats));
        }
        all.with_gauge("components", f64::from(count))
    }

    /// Starts all components, in the order in which they were registered. Those that were shut down are started again.
    pub fn initialize(&self) -> LifecycleReport {
        let mut report = LifecycleReport::default();
        for entry in self.living() {
            entry.stopped.store(false, Ordering::Relaxed);
            report.add(&entry, Component::start);
        }
        report
    }

    /// Stops all components that are not stopped yet, in reverse of the order in which they were registered: those that were
    /// registered later may use those that were there. One that fails is tried again the next time.
    pub fn shutdown(&self) -> LifecycleReport {
        let mut report = LifecycleReport::default();
        for entry in self.living().iter().rev() {
            if !entry.stopped.swap(true, Ordering::Relaxed) && !report.add(entry, Component::stop) {
                entry.stopped.store(false, Ordering::Relaxed);
            }
        }
        report
    }
}

impl LifecycleReport {
    /// Calls a component, and notes what comes of it; whether it did as told. One that has gone has.
    fn add(&mut self, entry: &Entry, call: impl FnOnce(&dyn Component) -> Result<(), MemoryError>) -> bool {
        let outcome = guarded(|| {
            let component = entry.component()?;
            let outcome = call(&*component);
            drop(component);
            Some(outcome)
        });
        let fault = match outcome {
            Ok(None) => return true,
            Ok(Some(Ok(()))) => {
                self.done.push(entry.name.clone());
                return true;
            }
            Ok(Some(Err(error))) => Fault::Error(error),
            Err(message) => Fault::Panic(message),
        };
        self.failed.push((entry.name.clone(), fault));
        false
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("components", &self.names()).finish_non_exhaustive()
    }
}
