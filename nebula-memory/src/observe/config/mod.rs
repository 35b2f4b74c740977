//! What was set: from defaults, files, the environment and the program, and again when a file changes.
//!
//! | section | settings | applied while the program runs |
//! | --- | --- | --- |
//! | `[budgets.name]` | `limit`, `soft_limit`: sizes | no |
//! | `[pools.name]` | `min`, `max`: numbers; `idle_timeout`, `max_lifetime`: times | `max` |
//! | `[arenas.name]` | `initial_capacity`, `max_capacity`: sizes; `growth`: `double`, `fixed` or a size | no |
//! | `[stats]` | `interval`: a time; `history`: a number; `sampling`: a size | `interval`, `history`; others by [`on_setting`](super::Registry::on_setting) |
//! | `[logging]` | `level`: `off` to `trace`; `sample`: one in so many | `level`, by a [`LogSwitch`]; by [`on_setting`](super::Registry::on_setting) |
//!
//! Sizes are numbers of bytes, or texts with a unit ([`ByteSize`]); times are texts with a unit ([`HumanDuration`]). What does
//! not exist, is of the wrong kind, out of range or contradicts something else is refused, all of it at once, each with its
//! place and with what to write.
//!
//! A small service, whose operators change the number of its connections while it runs:
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use nebula_memory::ObjectPool;
//! use nebula_memory::observe::Registry;
//! use nebula_memory::observe::config::Config;
//!
//! # struct Connection;
//! # let path = std::env::temp_dir().join(format!("nebula-config-doc-{}.toml", std::process::id()));
//! # fn main_of(path: std::path::PathBuf) -> Result<(), Box<dyn std::error::Error>> {
//! std::fs::write(&path, "
//!     [pools.connections]
//!     min = 1
//!     max = 8
//! ")?;
//! let watcher = Config::sources().file(&path).env("SERVICE").watch(Duration::from_secs(1))?;
//!
//! let set = watcher.current().pool("connections");
//! let connections = ObjectPool::builder()
//!     .create(|| Connection)
//!     .min(set.min.unwrap_or(0))
//!     .max(set.max.unwrap_or(16))
//!     .build_boxed()?;
//! let connections = Arc::new(connections);
//!
//! let registry = Arc::new(Registry::new());
//! registry.register("connections", &connections)?;
//! let follower = Arc::clone(&registry);
//! watcher.on_change(move |_, new| {
//!     for applied in follower.apply(new) {
//!         println!("{applied}"); // pools.connections.max: 8 → 32, changed
//!     }
//! });
//! watcher.on_error(|error| eprintln!("{error}"));
//!
//! std::fs::write(&path, "[pools.connections]\nmin = 1\nmax = 32")?;
//! watcher.reload()?; // or a second later
//! assert_eq!(connections.capacity(), 32);
//!
//! println!("{:#}", registry.health());
//! registry.shutdown().into_result()?;
//! # Ok(()) }
//! # let result = main_of(path.clone());
//! # let _ = std::fs::remove_file(path);
//! # result.unwrap();
//! ```
//!
//! * `model`: [`Config`] and its sections, each setting of which is said once; `section`: how
//! * `value`: what settings are and what they take; `size`, `duration`, `number`, `text`: as people write them
//! * `sources`: [`ConfigSources`], the layers; `file`, `env`: how each is written; `resolve`: every rule, and what is said
//! * `error`: [`Origin`], [`Problem`], [`ConfigError`]
//! * `watcher`: [`ConfigWatcher`]; `apply`: what a registry makes of it; `switch`: [`LogSwitch`]

mod apply;
mod duration;
mod env;
mod error;
mod file;
mod model;
mod number;
mod resolve;
mod section;
mod size;
mod sources;
mod switch;
mod text;
mod value;
mod watcher;

pub(in crate::observe) use apply::Settings;
pub use apply::{Applied, Outcome};
pub use duration::HumanDuration;
pub use error::{ConfigError, Origin, Problem};
pub use model::{ArenaConfig, BudgetConfig, Config, LoggingConfig, PoolConfig, StatsConfig};
pub use size::ByteSize;
pub use sources::ConfigSources;
pub use switch::{LogSwitch, Switched};
pub use text::ParseError;
pub use value::{LogLevel, Setting, Value};
pub use watcher::{ConfigReader, ConfigWatcher};
