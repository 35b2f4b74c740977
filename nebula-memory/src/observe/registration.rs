use core::any::type_name;
use core::sync::atomic::AtomicBool;
use std::format;
use std::string::String;
use std::sync::{Arc, Mutex};
use std::vec::Vec;

use super::entry::Entry;
use super::error::unknown;
use super::{Component, HealthMonitor, HealthPolicy, Registry, RegistryError};
use crate::stats::AllocatorId;

/// How many components that have gone are remembered, with their last figures.
const REMEMBERED: usize = 64;

/// What is said of a component before it is registered: from [`Registry::component`].
#[must_use = "nothing is registered until `register`"]
#[derive(Debug)]
pub struct Registration<'r> {
    pub(super) registry: &'r Registry,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) policy: HealthPolicy,
}

impl Registration<'_> {
    /// It is part of this component, which is registered already.
    pub fn part_of(mut self, parent: impl Into<String>) -> Self {
        self.parent = Some(parent.into());
        self
    }

    /// A word of yours about it, to [find](Registry::tagged) it by.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push((key.into(), value.into()));
        self
    }

    /// When it is not well.
    pub const fn policy(mut self, policy: HealthPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Makes it known.
    ///
    /// # Errors
    /// [`NameTaken`](RegistryError::NameTaken), [`InvalidName`](RegistryError::InvalidName), and
    /// [`Unknown`](RegistryError::Unknown) if that which it is part of is.
    pub fn register<T: Component>(self, component: &Arc<T>) -> Result<AllocatorId, RegistryError> {
        self.enter(component, false)
    }

    /// Makes it known in place of the one that has this name, if there is one. That one is forgotten, and goes on without.
    ///
    /// For what is made anew from time to time: a component that its owner has dropped is still there while somebody looks at
    /// it, and has its name until then.
    ///
    /// # Errors
    /// As [`register`](Self::register), but for the name.
    pub fn replace<T: Component>(self, component: &Arc<T>) -> Result<AllocatorId, RegistryError> {
        self.enter(component, true)
    }

    fn enter<T: Component>(self, component: &Arc<T>, replace: bool) -> Result<AllocatorId, RegistryError> {
        let Self { registry, name, parent, tags, policy } = self;
        if name.trim().is_empty() {
            return Err(RegistryError::InvalidName { name });
        }
        // First, because it asks the component: nothing is locked then.
        let (kind, weak) = (component.kind(), Arc::downgrade(component));
        let id = registry.collector().watch(name.clone(), component);
        let entry = Entry {
            id,
            name,
            kind,
            parent,
            tags,
            type_name: type_name::<T>(),
            component: weak,
            monitor: Mutex::new(HealthMonitor::new(policy)),
            stopped: AtomicBool::new(false),
        };
        let added = registry.add(entry, replace);
        if added.is_err() {
            registry.collector().forget(id);
        }
        added.map(|()| id)
    }
}

impl Registry {
    fn add(&self, entry: Entry, replace: bool) -> Result<(), RegistryError> {
        let mut entries = self.lock();
        if !replace && entries.iter().any(|other| other.name == entry.name && other.is_alive()) {
            let is_free = |name: &String| entries.iter().all(|other| other.name != *name);
            // One more than there are names.
            let mut numbered = (2..entries.len() + 3).map(|number| format!("{}-{number}", entry.name));
            let suggestion = numbered.find(is_free);
            return Err(RegistryError::NameTaken {
                name: entry.name,
                suggestion: suggestion.unwrap_or_default(),
            });
        }
        if let Some(parent) = &entry.parent
            && !entries.iter().any(|other| other.name == *parent && other.is_alive())
        {
            return Err(unknown(parent, &entries));
        }
        // Who had the name is forgotten, and who has gone long ago.
        let mut gone = entries.iter().filter(|other| !other.is_alive()).count();
        let mut removed = Vec::new();
        entries.retain(|other| {
            let gone_long_ago = !other.is_alive() && gone > REMEMBERED;
            let forget = other.name == entry.name || gone_long_ago;
            if forget {
                gone -= usize::from(gone_long_ago);
                removed.push(Arc::clone(other));
            }
            !forget
        });
        entries.push(Arc::new(entry));
        drop(entries);
        self.forget(&removed);
        Ok(())
    }
}
