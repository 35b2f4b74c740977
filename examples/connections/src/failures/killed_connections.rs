//! Connections are cut, idle ones and one in use: by an administrator, a firewall, a time limit of the server.

use tokio::task::block_in_place;

use super::{MAX, full, full_for_tasks, pool_of_tasks, pool_of_threads, works, works_for_tasks};
use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.event("CLIENT KILL: all connections are cut, one of them while it is in use");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    tasks(server, report).await
}

fn threads(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_threads(server)?;
    let mut held = pool.acquire()?;
    let killed = server.kill_clients()?;
    let noticed = !works(&mut held);
    drop(held);
    report.expect(killed == MAX && noticed, "who had one gets an error from it, and gives it back");
    report.expect(full(&pool)?, format_args!("nobody else notices: the next {MAX} are new, each works"));
    report.books(&pool.stats(), Some(server));
    Ok(())
}

async fn tasks(server: &Server, report: &mut Report) -> Outcome {
    let pool = pool_of_tasks(server).await?;
    let mut held = pool.acquire().await?;
    let killed = server.kill_clients()?;
    let noticed = !works_for_tasks(&mut held).await;
    drop(held);
    report.expect(killed == MAX && noticed, "who had one gets an error from it, and gives it back");
    report.expect(
        full_for_tasks(&pool).await?,
        format_args!("nobody else notices: the next {MAX} are new, each works"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}
