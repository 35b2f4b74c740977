//! The memory of a program as an operator sees it: what there is, how it is, and what was set.
//!
//! | what | for whom |
//! | --- | --- |
//! | [`Lifecycle`] | what is made ready and shut down: every allocator, arena, pool and budget |
//! | [`Health`], [`HealthPolicy`], [`HealthMonitor`] | whether it is well, and why not, in a sentence with figures |
//! | [`Metrics`], [`MetricsSnapshot`] | figures by name |
//! | [`Component`], [`Managed`], [`Registry`] | what threads share, by name: found, looked at and stopped in one place |
//! | `config` (feature `config`) | what was set: files, the environment, hot reload |
//!
//! * `health`, `metrics`, `lifecycle`: the three traits, for all that is measured
//! * `component`: what a registry knows; `registry`: the registry, `entry` and `registration`: what is in it and how it gets
//!   there; `report`, `error`: what it tells
//! * `figures`: numbers as people read them; `suggest`: what a wrong name was meant to be; `guarded`: calls of what is not ours
//!
//! Nothing here is on the way of an allocation: components are looked at when somebody asks. There is no unsafe code.

#![forbid(unsafe_code)]

mod component;
#[cfg(feature = "config")]
pub mod config;
mod entry;
mod error;
mod figures;
mod guarded;
mod health;
mod lifecycle;
mod metrics;
mod registration;
mod registry;
mod report;
mod suggest;

pub use component::{Component, Managed};
pub use error::RegistryError;
pub use health::{Health, HealthMonitor, HealthPolicy, HealthStatus};
pub use lifecycle::Lifecycle;
pub use metrics::{Metric, Metrics, MetricsSnapshot};
pub use registration::Registration;
pub use registry::Registry;
pub use report::{ComponentHealth, Fault, HealthReport, LifecycleReport};
