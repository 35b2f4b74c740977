//! A guard is leaked: the connection never comes back, and nobody can tell but the pool.

use std::mem::forget;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nebula_memory::pool::{Lease, PoolError};
use tokio::task::block_in_place;
use tokio::time::timeout;

use super::{MAX, limits};
use crate::Outcome;
use crate::pools;
use crate::report::Report;
use crate::server::Server;

/// What was told when the pool ended.
type Told = Arc<Mutex<Vec<Lease>>>;

pub(super) async fn run(server: &Server, report: &mut Report) -> Outcome {
    report.event("a guard is leaked");
    report.who("threads");
    block_in_place(|| threads(server, report))?;
    report.who("tasks");
    tasks(server, report).await
}

fn threads(server: &Server, report: &mut Report) -> Outcome {
    let (told, tell) = ear();
    let pool = pools::for_threads(server.recipe(), limits(), tell)?;
    forget(pool.acquire()?);
    let held = (1..MAX).map(|_| pool.acquire()).collect::<Result<Vec<_>, _>>()?;
    let lost = matches!(pool.try_acquire(), Err(PoolError::Exhausted { .. }));
    pool.resize(MAX + 1);
    let made_up = pool.try_acquire().is_ok();
    drop(held);
    report.expect(
        lost && made_up,
        format_args!(
            "its share of the pool is lost: {} of {MAX} are left; `resize({})` makes up for it",
            MAX - 1,
            MAX + 1
        ),
    );
    report.expect(pool.leases().len() == 1, format_args!("it is {}", first(&pool.leases())));
    report.books(&pool.stats(), Some(server));
    drop(pool);
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    report.expect(told.len() == 1, "when the pool is dropped its report says so once more");
    // The connection itself is still open, and is for ever.
    server.kill_clients()?;
    Ok(())
}

async fn tasks(server: &Server, report: &mut Report) -> Outcome {
    let (told, tell) = ear();
    let pool = pools::for_tasks(server.recipe(), limits(), tell)?;
    forget(pool.acquire().await?);
    let mut held = Vec::new();
    for _ in 1..MAX {
        held.push(pool.acquire().await?);
    }
    let lost = timeout(Duration::from_millis(20), pool.acquire()).await.is_err();
    pool.resize(MAX + 1);
    let made_up = pool.acquire().await.is_ok();
    drop(held);
    report.expect(lost && made_up, "the same");
    report.expect(pool.leases().len() == 1, format_args!("it is {}", first(&pool.leases())));
    report.books(&pool.stats(), Some(server));
    drop(pool);
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    report.expect(told.len() == 1, "when the pool is dropped its report says so once more");
    // The connection itself is still open, and is for ever.
    server.kill_clients()?;
    Ok(())
}

/// What listens to what a pool tells of leaks.
fn ear() -> (Told, impl Fn(&[Lease]) + Send + Sync + 'static) {
    let told = Told::default();
    let mine = Arc::clone(&told);
    (told, move |leases: &[Lease]| {
        mine.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(leases);
    })
}

fn first(leases: &[Lease]) -> String {
    leases.first().map_or_else(|| "nowhere".to_owned(), |lease| format!("known: {lease}"))
}
