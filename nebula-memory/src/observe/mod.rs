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
//! A small service: what it uses is registered where it is made, found where it is needed, watched, and shut down at the end.
//!
//! ```
//! use std::sync::Arc;
//! use nebula_memory::observe::{HealthPolicy, Managed, Registry};
//! use nebula_memory::{Arena, Budget, MIB, ObjectPool};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let registry = Registry::new(); // or `Registry::global()`
//!
//! let uploads = Arc::new(Budget::new_shared(64 * MIB));
//! let buffers: ObjectPool<Vec<u8>> = ObjectPool::builder().create(Vec::new).min(2).max(8).build_boxed()?;
//! let (buffers, scratch) = (Arc::new(buffers), Arc::new(Managed::new(Arena::new())));
//! registry.component("uploads").policy(HealthPolicy::new().degraded_at(80)).register(&uploads)?;
//! registry.component("buffers").part_of("uploads").register(&buffers)?;
//! registry.component("scratch").tag("thread", "parser").register(&scratch)?;
//! registry.initialize().into_result()?;
//!
//! // A handler, which knows names and types:
//! let pool = registry.lookup::<ObjectPool<Vec<u8>>>("buffers")?;
//! let buffer = pool.acquire()?;
//! let upload = uploads.reserve(60 * MIB)?;
//!
//! // `/health` and `/metrics`:
//! let health = registry.health();
//! assert_eq!(health.to_string(), "degraded: budget `uploads`: 60 MiB of 64 MiB in use (93 %)");
//! assert!(health.is_operational() && health.component("buffers").unwrap().status.is_healthy());
//! assert_eq!(registry.metrics().gauge("buffers.memory.used"), Some(24.0));
//! println!("{:#}\n{}", health, registry.metrics());
//!
//! // The end:
//! drop((buffer, upload));
//! assert_eq!(registry.shutdown().into_result()?, ["scratch", "buffers", "uploads"]);
//! # Ok(()) }
//! ```
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
