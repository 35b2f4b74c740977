//! The server is gone, and comes back.

use nebula_memory::pool::PoolError;
use tokio::task::block_in_place;

use super::{MAX, full, full_for_tasks, pool_of_tasks, pool_of_threads};
use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

pub(super) async fn run(server: &mut Server, report: &mut Report) -> Outcome {
    report.event("the server is killed, and later started again");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    tasks(server, report).await
}

fn threads(server: &mut Server, report: &mut Report) -> Outcome {
    let pool = pool_of_threads(server)?;
    server.kill();
    let mut why = String::new();
    for _ in 0..2 * MAX {
        if let Err(error @ PoolError::Create(_)) = pool.acquire() {
            why = error.to_string();
        }
    }
    let down = pool.stats();
    report.expect(
        (down.size, down.destroyed, down.failed) == (0, MAX, 2 * MAX),
        format_args!("down: all {} who ask are told at once, by `{why}`", down.failed),
    );
    server.restart()?;
    report.expect(full(&pool)?, format_args!("up: {MAX} connections at once, each works"));
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn tasks(server: &mut Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    server.kill();
    let mut refused = 0;
    for _ in 0..2 * MAX {
        refused += usize::from(matches!(pool.acquire().await, Err(PoolError::Create(_))));
    }
    let down = pool.stats();
    report.expect(
        (refused, down.size, down.destroyed, down.failed) == (2 * MAX, 0, MAX, 2 * MAX),
        format_args!("down: all {refused} who ask are told at once"),
    );
    server.restart()?;
    report.expect(full_for_tasks(&pool).await?, format_args!("up: {MAX} connections at once, each works"));
    report.books(&pool.stats(), Some(server));
    Ok(())
}
