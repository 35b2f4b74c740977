use core::fmt;
use std::string::String;
use std::vec::Vec;

use super::HealthStatus;
use crate::error::MemoryError;
use crate::stats::Kind;

/// How everything that a [`Registry`](super::Registry) knows is.
///
/// Displayed, it is the worst in one line; with `{:#}` each has a line of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HealthReport {
    /// The worst of all; healthy if there are none.
    pub overall: HealthStatus,
    /// Each, in the order in which they were registered.
    pub components: Vec<ComponentHealth>,
}

/// How one component is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ComponentHealth {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it is a part of.
    pub parent: Option<String>,
    /// How it is.
    pub status: HealthStatus,
}

impl HealthReport {
    /// Whether all are well.
    pub const fn is_healthy(&self) -> bool {
        self.overall.is_healthy()
    }

    /// Whether all work, well or not.
    pub const fn is_operational(&self) -> bool {
        self.overall.is_operational()
    }

    /// The component of this name.
    pub fn component(&self, name: &str) -> Option<&ComponentHealth> {
        self.components.iter().find(|component| component.name == name)
    }
}

impl fmt::Display for HealthReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return self.overall.fmt(f);
        }
        f.write_str(self.overall.name())?;
        self.components.iter().try_for_each(|component| {
            write!(f, "\n  {} ({}): {}", component.name, component.kind.name(), component.status)
        })
    }
}

/// Why a component did not start or stop.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// It says so.
    Error(MemoryError),
    /// It panicked, with this message.
    Panic(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Panic(message) => write!(f, "it panicked: {message}"),
        }
    }
}

impl core::error::Error for Fault {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Error(error) => Some(error),
            Self::Panic(_) => None,
        }
    }
}

/// What came of starting or stopping all components: none keeps the others from it.
#[derive(Debug, Default)]
#[must_use = "some may have failed"]
#[non_exhaustive]
pub struct LifecycleReport {
    /// Those that did, by name, in the order in which they did.
    pub done: Vec<String>,
    /// Those that did not, in the same order.
    pub failed: Vec<(String, Fault)>,
}

impl LifecycleReport {
    /// Whether none failed.
    pub const fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }

    /// Those that did, if none failed.
    ///
    /// # Errors
    /// The report.
    pub fn into_result(self) -> Result<Vec<String>, Self> {
        if self.is_clean() { Ok(self.done) } else { Err(self) }
    }
}

impl fmt::Display for LifecycleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.done.len() + self.failed.len();
        write!(f, "{} of {all} components failed", self.failed.len())?;
        self.failed.iter().try_for_each(|(name, fault)| write!(f, "\n`{name}`: {fault}"))
    }
}

impl core::error::Error for LifecycleReport {}
