//! The two pools: how many connections there may be, and for how long.

use std::sync::Arc;
use std::time::Duration;

use nebula_memory::pool::{
    Aging, AsyncPool, Lease, Leases, Made, NoHooks, ObjectPool, PoolError, Uses, Watched,
};
use redis::Connection;
use redis::aio::MultiplexedConnection;

use crate::recipe::Redis;

/// Connections for threads.
///
/// The builder returns this type without its being written out; it has a name because functions take it.
pub type ThreadPool = ObjectPool<Connection, Made<Redis, NoHooks>, Watched<Aging, Leases, Uses>>;

/// Connections for tasks.
pub type TaskPool = AsyncPool<MultiplexedConnection, Made<Redis, NoHooks>, Watched<Aging, Leases, Uses>>;

/// What a configuration file would say.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// As many connections as there are at least.
    pub min: usize,
    /// As many as there may be.
    pub max: usize,
    /// One that nobody wants for so long is closed.
    pub idle: Duration,
    /// One that is so old is closed, however well it works.
    pub lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 2, max: 4, idle: Duration::from_secs(600), lifetime: Duration::from_secs(3600) }
    }
}

/// The pool for threads. It connects as often as `min` says.
///
/// # Errors
/// If the server cannot be reached.
pub fn for_threads(
    redis: Redis,
    limits: Limits,
    leaked: impl Fn(&[Lease]) + Send + Sync + 'static,
) -> Result<Arc<ThreadPool>, PoolError> {
    let pool = ObjectPool::builder()
        .recipe(redis)
        .min(limits.min)
        .max(limits.max)
        .idle_timeout(limits.idle)
        .max_lifetime(limits.lifetime)
        .track_leaks_with(leaked)
        .count_uses()
        .build()?;
    Ok(Arc::new(pool))
}

/// The pool for tasks. Its first `maintain` connects as often as `min` says.
///
/// # Errors
/// If the limits contradict each other.
pub fn for_tasks(
    redis: Redis,
    limits: Limits,
    leaked: impl Fn(&[Lease]) + Send + Sync + 'static,
) -> Result<Arc<TaskPool>, PoolError> {
    let pool = AsyncPool::builder()
        .recipe(redis)
        .min(limits.min)
        .max(limits.max)
        .idle_timeout(limits.idle)
        .max_lifetime(limits.lifetime)
        .track_leaks_with(leaked)
        .count_uses()
        .build_async()?;
    Ok(Arc::new(pool))
}

/// Looks after a pool of tasks every `interval`, for as long as there is one.
pub fn spawn_maintenance(pool: &Arc<TaskPool>, interval: Duration) -> tokio::task::JoinHandle<()> {
    let pool = Arc::downgrade(pool);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(interval).await;
            match pool.upgrade() {
                Some(pool) if !pool.is_closed() => {
                    // That the server cannot be reached is counted; the next time is another try.
                    let _ = pool.maintain().await;
                }
                _ => return,
            }
        }
    })
}
