//! What goes wrong, for real; and after each the books balance.
//!
//! Each failure has a file of its own, with what happens to threads and what happens to tasks.

mod cancelled;
mod killed_connections;
mod killed_server;
mod leaked;
mod panic;
mod slow_server;

use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{Connection, RedisResult};

use crate::Outcome;
use crate::pools::{self, Limits, TaskPool, ThreadPool};
use crate::report::Report;
use crate::server::Server;

/// How many connections each pool may have here.
const MAX: usize = 4;

/// All of them.
///
/// # Errors
/// If the server does not answer when it should.
pub async fn run(server: &mut Server, report: &mut Report) -> Outcome {
    report.part("What goes wrong", "for threads and for tasks, each with a pool of at most 4 connections");
    killed_server::run(server, report).await?;
    killed_connections::run(server, report).await?;
    panic::run(server, report).await?;
    cancelled::run(server, report).await?;
    leaked::run(server, report).await?;
    slow_server::run(server, report).await
}

/// All connections there may be, each of them made.
fn pool_of_threads(server: &Server) -> Outcome<Arc<ThreadPool>> {
    let pool = pools::for_threads(server.recipe(), limits(), |_| ())?;
    Ok(pool)
}

/// The same for tasks.
async fn pool_of_tasks(server: &Server) -> Outcome<Arc<TaskPool>> {
    let pool = pools::for_tasks(server.recipe(), limits(), |_| ())?;
    pool.maintain().await?;
    Ok(pool)
}

fn limits() -> Limits {
    Limits { min: MAX, max: MAX, ..Limits::default() }
}

/// Something that only a good connection does.
fn works(connection: &mut Connection) -> bool {
    let echoed: RedisResult<u64> = redis::cmd("ECHO").arg(42).query(connection);
    echoed == Ok(42)
}

/// The same for tasks.
async fn works_for_tasks(connection: &mut MultiplexedConnection) -> bool {
    let echoed: RedisResult<u64> = redis::cmd("ECHO").arg(42).query_async(connection).await;
    echoed == Ok(42)
}

/// How many connections can be had at the same time, and whether each of them works.
fn full(pool: &ThreadPool) -> Outcome<bool> {
    let mut held = Vec::new();
    for _ in 0..MAX {
        held.push(pool.acquire()?);
    }
    Ok(held.iter_mut().all(|connection| works(connection)))
}

/// The same for tasks.
async fn full_for_tasks(pool: &TaskPool) -> Outcome<bool> {
    let mut held = Vec::new();
    for _ in 0..MAX {
        held.push(pool.acquire().await?);
    }
    let mut good = true;
    for connection in &mut held {
        good &= works_for_tasks(connection).await;
    }
    Ok(good)
}
