//! `AsyncPool`: connections for tasks. What is the same as for threads is not shown again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nebula_memory::pool::{PoolError, Priority};
use redis::AsyncCommands;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::Outcome;
use crate::pools::{self, Limits, TaskPool};
use crate::report::Report;
use crate::server::{LONG, Server};

/// All of it.
pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.part("For tasks", "AsyncPool, at least 2 connections and at most 4");
    numbers(server, report).await?;
    priorities(server, report).await?;
    background(server, report).await?;
    closing(server, report).await
}

fn pool(server: &Server, limits: Limits) -> Result<Arc<TaskPool>, PoolError> {
    pools::for_tasks(server.recipe(), limits, |_| ())
}

async fn numbers(server: &Server, report: &mut Report) -> Outcome {
    report.event("a thousand tasks, four connections");
    let pool = pool(server, Limits::default())?;
    let made = pool.maintain().await?.created;
    report.expect(made == 2, "the first `maintain` connects 2: the least there are to be");
    let _: () = pool.acquire().await?.del("visits").await?;
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move {
                let mut connection = pool.acquire_arc().await?;
                connection.incr::<_, _, u64>("visits", 1).await?;
                Outcome::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let visits: u64 = pool.acquire().await?.get("visits").await?;
    let stats = pool.stats();
    report.expect(
        visits == 1000 && stats.created <= 4,
        format_args!("{visits} commands on {} connections; {} tasks had to wait", stats.created, stats.waits),
    );
    let held = [pool.acquire().await?, pool.acquire().await?, pool.acquire().await?, pool.acquire().await?];
    let fifth = pool.try_acquire().await.map(drop);
    report.expect(
        matches!(fifth, Err(PoolError::Exhausted { .. })),
        "try_acquire does not wait: a fifth is refused at once",
    );
    let late = timeout(Duration::from_millis(50), pool.acquire()).await;
    report.expect(
        late.is_err() && pool.stats().waiting == 0,
        "a time limit is the executor's: one that gives up leaves the queue",
    );
    drop(held);
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn priorities(server: &Server, report: &mut Report) -> Outcome {
    report.event("acquire_with: by priority, then in order");
    let pool = pool(server, Limits { min: 1, max: 1, ..Limits::default() })?;
    let (turns, mut order) = mpsc::unbounded_channel();
    let held = pool.acquire().await?;
    let asking = [("report", Priority::LOW), ("page", Priority::NORMAL), ("probe", Priority::HIGH)];
    for (waiting, (name, priority)) in asking.into_iter().enumerate() {
        let (asked, turns) = (Arc::clone(&pool), turns.clone());
        tokio::spawn(async move {
            let connection = asked.acquire_with(priority).await;
            let _ = turns.send(if connection.is_ok() { name } else { "refused" });
        });
        while pool.stats().waiting <= waiting {
            tokio::task::yield_now().await;
        }
    }
    drop((held, turns));
    let mut names = Vec::new();
    while let Some(name) = order.recv().await {
        names.push(name);
    }
    report.expect(
        names == ["probe", "page", "report"],
        format_args!("they came as report, page, probe; they were served as {}", names.join(", ")),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn background(server: &Server, report: &mut Report) -> Outcome {
    report.event("maintain, in a task of its own");
    let pool = pool(server, Limits::default())?;
    let maintenance = pools::spawn_maintenance(&pool, Duration::from_millis(20));
    let connected = until(2, || pool.stats().idle).await;
    let killed = server.kill_clients()?;
    let replaced = until(2, || pool.stats().destroyed).await;
    report.expect(
        (connected, killed, replaced) == (2, 2, 2),
        format_args!(
            "{killed} idle connections are killed at the server: {replaced} are replaced before anybody asks"
        ),
    );
    until(2, || pool.stats().idle).await;
    maintenance.abort();
    let _ = maintenance.await;
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn closing(server: &Server, report: &mut Report) -> Outcome {
    report.event("close: the end");
    let pool = pool(server, Limits { min: 1, max: 1, ..Limits::default() })?;
    let last = pool.acquire().await?;
    let waiting = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.acquire().await.map(drop) }
    });
    until(1, || pool.stats().waiting).await;
    pool.close();
    let refused = matches!(waiting.await?, Err(PoolError::Closed));
    drop(last);
    let stats = pool.stats();
    report.expect(
        refused && stats.size == 0,
        "who waits is told so; the last connection is closed when it comes back",
    );
    report.books(&stats, Some(server));
    Ok(())
}

/// Looks until it is as wanted, or until it is in vain; what it is then.
pub(crate) async fn until<T: Copy + PartialEq>(wanted: T, mut look: impl FnMut() -> T) -> T {
    let until = Instant::now() + LONG;
    loop {
        let is = look();
        if is == wanted || Instant::now() > until {
            return is;
        }
        sleep(Duration::from_millis(2)).await;
    }
}
