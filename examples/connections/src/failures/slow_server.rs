//! The server is there, but does not answer for longer than anybody is willing to wait.

use std::time::Duration;

use nebula_memory::pool::PoolError;
use tokio::task::block_in_place;

use super::{MAX, full, full_for_tasks, pool_of_tasks, pool_of_threads, works, works_for_tasks};
use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

/// Longer than two of the recipe's time limits: for a health check, and for a new connection.
const SLOW: Duration = Duration::from_millis(1400);

pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.event("CLIENT PAUSE: the server answers nobody for 1.4 s; the recipe waits 0.5 s for an answer");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    tasks(server, report).await
}

fn threads(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_threads(server)?;
    let mut held = pool.acquire()?;
    server.pause(SLOW)?;
    let in_use = std::thread::scope(|threads| {
        let asking = threads.spawn(|| matches!(pool.acquire(), Err(PoolError::Create(_))));
        let in_use = works(&mut held);
        asking.join().is_ok_and(|refused| refused) && !in_use
    });
    server.wait_for_answer()?;
    report.expect(in_use, "who asks, and who has one, are told after their time: nobody hangs");
    // The answer to what was given up arrives now. It must not be taken for that to the next question.
    report.expect(works(&mut held), "the late answer is not mistaken for the next one");
    drop(held);
    report.expect(full(&pool)?, format_args!("after that {MAX} connections at once, each works"));
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn tasks(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    let mut held = pool.acquire().await?;
    server.pause(SLOW)?;
    let (asking, in_use) = tokio::join!(pool.acquire(), works_for_tasks(&mut held));
    let refused = matches!(asking, Err(PoolError::Create(_))) && !in_use;
    drop(asking);
    server.wait_for_answer()?;
    report.expect(refused, "who asks, and who has one, are told after their time: nobody hangs");
    report.expect(works_for_tasks(&mut held).await, "the late answer is not mistaken for the next one");
    drop(held);
    report.expect(
        full_for_tasks(&pool).await?,
        format_args!("after that {MAX} connections at once, each works"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}
