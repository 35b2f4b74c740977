use core::sync::atomic::AtomicBool;
use std::format;
use std::string::String;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::vec::Vec;

use super::guarded::guarded;
use super::{Component, HealthMonitor, HealthStatus};
use crate::stats::{AllocatorId, Kind};

/// What a registry knows of a component.
pub(super) struct Entry {
    pub(super) id: AllocatorId,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) parent: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    /// The type's name, for messages.
    pub(super) type_name: &'static str,
    pub(super) component: Weak<dyn Component>,
    pub(super) monitor: Mutex<HealthMonitor>,
    pub(super) stopped: AtomicBool,
}

impl Entry {
    pub(super) fn is_alive(&self) -> bool {
        self.component.strong_count() > 0
    }

    pub(super) fn component(&self) -> Option<Arc<dyn Component>> {
        self.component.upgrade()
    }

    /// By the figures, and by what it says itself; none if it has gone.
    pub(super) fn status(&self) -> Option<HealthStatus> {
        // What ends with its last owner ends within, too; before there is a result, which a panic of it would leak.
        let looked = guarded(|| {
            let component = self.component()?;
            let figures = component.measure();
            let mut monitor = self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
            let status = monitor.look(self.kind, Some(&self.name), &figures);
            drop(monitor);
            let status = status.worst(self.named(component.check()));
            drop(component);
            Some(status)
        });
        looked.unwrap_or_else(|message| {
            let reason = format!("it panicked when it was looked at: {message}");
            Some(self.named(HealthStatus::unhealthy(reason)))
        })
    }

    fn named(&self, status: HealthStatus) -> HealthStatus {
        let reason = |reason| format!("{} `{}`: {reason}", self.kind.name(), self.name).into();
        match status {
            HealthStatus::Healthy => HealthStatus::Healthy,
            HealthStatus::Degraded(why) => HealthStatus::Degraded(reason(why)),
            HealthStatus::Unhealthy(why) => HealthStatus::Unhealthy(reason(why)),
        }
    }
}
