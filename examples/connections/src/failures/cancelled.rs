//! Somebody gives up: a thread after a time, a task wherever it is: in the queue, in the health check, while it connects.

use std::sync::Arc;
use std::time::Duration;

use nebula_memory::pool::PoolError;
use tokio::task::block_in_place;
use tokio::time::timeout;

use super::{MAX, full, full_for_tasks, pool_of_tasks, pool_of_threads, works_for_tasks};
use crate::Outcome;
use crate::report::Report;
use crate::server::Server;
use crate::tour::until;

pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.event("somebody gives up waiting");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    in_the_queue(server, report).await?;
    half_way(server, report).await
}

fn threads(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_threads(server)?;
    let held = (0..MAX).map(|_| pool.acquire()).collect::<Result<Vec<_>, _>>()?;
    let outcomes = std::thread::scope(|threads| {
        let waiting: Vec<_> = (0..8)
            .map(|_| threads.spawn(|| pool.acquire_timeout(Duration::from_millis(30)).map(drop)))
            .collect();
        waiting.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
    });
    drop(held);
    let late = outcomes.iter().filter(|outcome| matches!(outcome, Err(PoolError::Timeout { .. }))).count();
    report.expect(
        (late, pool.stats().timeouts) == (8, 8) && full(&pool)?,
        format_args!("{late} of 8 give up after 30 ms; all {MAX} connections are there after that"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn in_the_queue(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    let mut held = Vec::new();
    for _ in 0..MAX {
        held.push(pool.acquire().await?);
    }
    let mut waiting: Vec<_> = (0..100)
        .map(|_| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.acquire_arc().await })
        })
        .collect();
    until(100, || pool.stats().waiting).await;
    let last = waiting.pop().ok_or("nobody waits")?;
    // Some of them while they are given a connection.
    waiting[0].abort();
    drop(held);
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    // Those that were done before they were aborted hold a connection until they are asked.
    for task in waiting {
        drop(task.await);
    }
    let mut got = last.await??;
    let good = works_for_tasks(&mut got).await;
    drop(got);
    report.expect(
        good && pool.stats().waiting == 0 && full_for_tasks(&pool).await?,
        format_args!("99 of 100 in the queue are aborted, some with a connection in hand; the last is served, all {MAX} are there"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn half_way(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    server.pause(Duration::from_millis(500))?;
    let asked = timeout(Duration::from_millis(20), pool.acquire()).await;
    let after_check = pool.stats();
    pool.shrink_to(0);
    let connecting = timeout(Duration::from_millis(20), pool.acquire()).await;
    let after_connecting = pool.stats();
    server.wait_for_answer()?;
    report.expect(
        asked.is_err() && (after_check.destroyed, after_check.size) == (1, MAX - 1),
        "one is cancelled in the health check: half a question was asked, so that connection is closed",
    );
    report.expect(
        connecting.is_err()
            && (after_connecting.failed, after_connecting.size) == (1, 0)
            && full_for_tasks(&pool).await?,
        format_args!("one is cancelled while it connects; then all {MAX} can be had"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}
