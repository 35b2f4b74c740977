//! The three pools behind one trait.

use std::future::Future;
use std::ops::DerefMut;
use std::sync::Arc;
use std::time::Duration;

use bb8::PooledConnection;
use deadpool::managed::Object;
use nebula_memory::pool::{Aging, AsyncPool, Leases, Made, NoHooks, PooledObject, Uses, Watch, Watched};

use super::backend::{Backend, Connection};
use crate::Outcome;

/// A pool.
pub(super) trait Contender: Clone + Send + Sync + 'static {
    const NAME: &'static str;

    type Guard: DerefMut<Target = Connection> + Send + 'static;

    /// One of at most `max` connections, with nothing else that it does not do by itself.
    fn start(backend: Backend, max: usize) -> Outcome<Self>;

    /// A guard that a task can take along.
    fn get(&self) -> impl Future<Output = Result<Self::Guard, String>> + Send;

    /// Who has a connection, if it knows.
    fn holders(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Ours, which notes `W`.
pub(super) struct Nebula<W: Watch>(Arc<AsyncPool<Connection, Made<Backend, NoHooks>, W>>);

/// Nothing.
pub(super) type Plain = Watched;
/// All there is.
pub(super) type Full = Watched<Aging, Leases, Uses>;

impl<W: Watch> Clone for Nebula<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Contender for Nebula<Plain> {
    const NAME: &'static str = "nebula-memory";

    type Guard = PooledObject<Connection, Arc<AsyncPool<Connection, Made<Backend, NoHooks>, Plain>>>;

    fn start(backend: Backend, max: usize) -> Outcome<Self> {
        Ok(Self(Arc::new(AsyncPool::builder().recipe(backend).max(max).build_async()?)))
    }

    async fn get(&self) -> Result<Self::Guard, String> {
        self.0.acquire_arc().await.map_err(|error| error.to_string())
    }
}

impl Contender for Nebula<Full> {
    const NAME: &'static str = "nebula-memory, all options";

    type Guard = PooledObject<Connection, Arc<AsyncPool<Connection, Made<Backend, NoHooks>, Full>>>;

    fn start(backend: Backend, max: usize) -> Outcome<Self> {
        let pool = AsyncPool::builder()
            .recipe(backend)
            .max(max)
            .idle_timeout(Duration::from_secs(600))
            .max_lifetime(Duration::from_secs(1800))
            .track_leaks_with(|_| ())
            .count_uses()
            .build_async()?;
        Ok(Self(Arc::new(pool)))
    }

    async fn get(&self) -> Result<Self::Guard, String> {
        self.0.acquire_arc().await.map_err(|error| error.to_string())
    }

    fn holders(&self) -> Vec<String> {
        self.0.leases().iter().map(|lease| lease.location.to_string()).collect()
    }
}

/// `deadpool`.
#[derive(Clone)]
pub(super) struct Deadpool(deadpool::managed::Pool<Backend>);

impl Contender for Deadpool {
    const NAME: &'static str = "deadpool";

    type Guard = Object<Backend>;

    fn start(backend: Backend, max: usize) -> Outcome<Self> {
        Ok(Self(deadpool::managed::Pool::builder(backend).max_size(max).build()?))
    }

    async fn get(&self) -> Result<Self::Guard, String> {
        self.0.get().await.map_err(|error| error.to_string())
    }
}

/// `bb8`.
#[derive(Clone)]
pub(super) struct Bb8(bb8::Pool<Backend>);

/// How long `bb8` tries: it has no way without. Its default is 30 seconds, for which nobody would wait here.
pub(super) const BB8_TRIES_FOR: Duration = Duration::from_secs(2);

impl Contender for Bb8 {
    const NAME: &'static str = "bb8";

    type Guard = PooledConnection<'static, Backend>;

    fn start(backend: Backend, max: usize) -> Outcome<Self> {
        let pool = bb8::Pool::builder()
            .max_size(u32::try_from(max)?)
            .connection_timeout(BB8_TRIES_FOR)
            .test_on_check_out(backend.checks)
            .build_unchecked(backend);
        Ok(Self(pool))
    }

    async fn get(&self) -> Result<Self::Guard, String> {
        self.0.get_owned().await.map_err(|error| error.to_string())
    }
}
