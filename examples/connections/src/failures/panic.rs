//! Somebody panics in the middle of a transaction, while others wait for a connection.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use tokio::task::block_in_place;

use super::{MAX, pool_of_tasks, pool_of_threads, works, works_for_tasks};
use crate::Outcome;
use crate::report::{Report, settle};
use crate::server::Server;
use crate::tour::until;

pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.event("a panic in the middle of a transaction, while somebody waits for a connection");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    tasks(server, report).await
}

/// A panic that is not printed, because it is meant.
fn panic() -> ! {
    resume_unwind(Box::new("as expected"))
}

fn threads(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_threads(server)?;
    let mut others = Vec::new();
    for _ in 1..MAX {
        others.push(pool.acquire()?);
    }
    let replaced = thread::scope(|threads| {
        let panicking = threads.spawn(|| {
            let mut connection = pool.acquire().unwrap();
            redis::cmd("MULTI").exec(&mut connection).unwrap();
            redis::cmd("DECR").arg("balance").exec(&mut connection).unwrap();
            settle(1, || pool.stats().waiting);
            panic()
        });
        settle(MAX, || pool.stats().held);
        let waiting = threads.spawn(|| pool.acquire().is_ok_and(|mut connection| works(&mut connection)));
        let panicked = panicking.join().is_err();
        waiting.join().is_ok_and(|good| good) && panicked
    });
    let stats = pool.stats();
    report.expect(
        replaced && (stats.destroyed, stats.created) == (1, MAX + 1),
        "its connection is closed, not handed on; who waits gets a new one in its place",
    );
    drop(others);
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn tasks(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    let mut others = Vec::new();
    for _ in 1..MAX {
        others.push(pool.acquire().await?);
    }
    let mut connection = pool.acquire_arc().await?;
    redis::cmd("MULTI").exec_async(&mut *connection).await?;
    let waiting = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move {
            let mut connection = pool.acquire().await?;
            Outcome::Ok(works_for_tasks(&mut connection).await)
        }
    });
    until(1, || pool.stats().waiting).await;
    let panicked = tokio::spawn(async move {
        let _connection = connection;
        tokio::task::yield_now().await;
        panic()
    })
    .await;
    let good = waiting.await??;
    let stats = pool.stats();
    report.expect(
        panicked.is_err() && good && (stats.destroyed, stats.created) == (1, MAX + 1),
        "its connection is closed, not handed on; who waits gets a new one in its place",
    );
    drop(others);
    report.books(&pool.stats(), Some(server));
    Ok(())
}
