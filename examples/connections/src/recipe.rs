//! How connections are made, checked and reset.

use std::time::Duration;

use nebula_memory::pool::{AsyncRecipe, CreateError, ObjectHooks, Recipe};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Connection, ConnectionLike};

/// A Redis, and how long to wait for its answers.
///
/// One type is the recipe of both pools: which connection is meant is in the trait.
#[derive(Clone, Debug)]
pub struct Redis {
    client: Client,
    patience: Duration,
}

impl Redis {
    /// Nothing is connected yet.
    pub const fn new(client: Client, patience: Duration) -> Self {
        Self { client, patience }
    }
}

/// For threads.
impl Recipe<Connection> for Redis {
    fn create(&self) -> Result<Connection, CreateError> {
        let mut connection = self.client.get_connection_with_timeout(self.patience)?;
        connection.set_read_timeout(Some(self.patience))?;
        connection.set_write_timeout(Some(self.patience))?;
        // The port may be open while the server answers nobody.
        redis::cmd("PING").exec(&mut connection)?;
        Ok(connection)
    }

    /// One round trip each time it is handed out: so nobody gets a connection that the server has closed.
    fn is_healthy(&self, connection: &mut Connection) -> bool {
        connection.is_open() && connection.check_connection()
    }
}

impl ObjectHooks<Connection> for Redis {
    /// The next one must not find a transaction, a watched key or a selected database.
    ///
    /// If the server does not answer, the health check will find that.
    fn on_release(&self, connection: &mut Connection) {
        if connection.is_open() {
            let _ = redis::cmd("RESET").exec(connection);
        }
    }
}

/// For tasks.
impl AsyncRecipe<MultiplexedConnection> for Redis {
    async fn create(&self) -> Result<MultiplexedConnection, CreateError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(Some(self.patience));
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
        redis::cmd("PING").exec_async(&mut connection).await?;
        Ok(connection)
    }

    /// Resets as well, in the same round trip: a hook on release could not wait for the answer.
    async fn is_healthy(&self, connection: &mut MultiplexedConnection) -> bool {
        let answer =
            redis::pipe().cmd("RESET").ignore().cmd("PING").query_async::<(String,)>(connection).await;
        answer.is_ok_and(|(pong,)| pong == "PONG")
    }
}

impl ObjectHooks<MultiplexedConnection> for Redis {}
