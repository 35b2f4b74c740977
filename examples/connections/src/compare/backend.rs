//! How the connections of all three pools are made and checked, and what each of them wants to have written for that.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nebula_memory::pool::{AsyncRecipe, CreateError, ObjectHooks};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ErrorKind, RedisError, RedisResult};

/// What the pools have.
pub(super) type Connection = MultiplexedConnection;

/// Makes connections, and checks them when they are handed out again.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    client: Client,
    /// Whether they are checked.
    pub(super) checks: bool,
    /// How many of the next ones panic while they are made.
    panics: Arc<AtomicUsize>,
}

impl Backend {
    pub(super) fn new(client: Client, checks: bool) -> Self {
        Self { client, checks, panics: Arc::default() }
    }

    /// Making the next few panics.
    pub(super) fn panic_next(&self, times: usize) {
        self.panics.store(times, Ordering::Relaxed);
    }

    async fn open(&self) -> RedisResult<Connection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_response_timeout(Some(Duration::from_millis(500)));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        self.ping(&mut connection).await?;
        let left = self.panics.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if left.is_ok() {
            // Not printed, because it is meant.
            resume_unwind(Box::new("as expected"));
        }
        Ok(connection)
    }

    async fn ping(&self, connection: &mut Connection) -> RedisResult<()> {
        let pong: String = redis::cmd("PING").query_async(connection).await?;
        if pong == "PONG" {
            Ok(())
        } else {
            Err(RedisError::from((ErrorKind::Client, "not an answer to PING")))
        }
    }

    async fn check(&self, connection: &mut Connection) -> RedisResult<()> {
        if self.checks { self.ping(connection).await } else { Ok(()) }
    }
}

impl AsyncRecipe<Connection> for Backend {
    async fn create(&self) -> Result<Connection, CreateError> {
        Ok(self.open().await?)
    }

    async fn is_healthy(&self, connection: &mut Connection) -> bool {
        self.check(connection).await.is_ok()
    }
}

impl ObjectHooks<Connection> for Backend {}

impl deadpool::managed::Manager for Backend {
    type Type = Connection;
    type Error = RedisError;

    async fn create(&self) -> RedisResult<Connection> {
        self.open().await
    }

    async fn recycle(
        &self,
        connection: &mut Connection,
        _: &deadpool::managed::Metrics,
    ) -> deadpool::managed::RecycleResult<RedisError> {
        Ok(self.check(connection).await?)
    }
}

impl bb8::ManageConnection for Backend {
    type Connection = Connection;
    type Error = RedisError;

    async fn connect(&self) -> RedisResult<Connection> {
        self.open().await
    }

    async fn is_valid(&self, connection: &mut Connection) -> RedisResult<()> {
        self.check(connection).await
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}
