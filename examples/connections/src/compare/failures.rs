//! What each pool does with each failure.

use std::time::{Duration, Instant};

use redis::RedisResult;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::backend::{Backend, Connection};
use super::pools::{BB8_TRIES_FOR, Bb8, Contender, Deadpool, Full, Nebula};
use super::table::table;
use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

const MAX: usize = 8;

/// What is not done by then is not done at once, also on a machine that does other things.
const SOON: Duration = Duration::from_secs(1);

/// What a pool did, in words, and whether that is what a user would want.
type Finding = (String, bool);

pub(super) async fn run(server: &mut Server, report: &mut Report) -> Outcome {
    println!("\n  what each does when things break, with at most {MAX} connections");
    let ours = column::<Nebula<Full>>(server).await?;
    let deadpool = column::<Deadpool>(server).await?;
    let bb8 = column::<Bb8>(server).await?;
    let mut table = table(&["", "nebula-memory", Deadpool::NAME, Bb8::NAME], false);
    for (((name, ours), (_, deadpool)), (_, bb8)) in ours.iter().zip(&deadpool).zip(&bb8) {
        let cell = |finding: &Finding| {
            format!("{} {}", if finding.1 { "✓" } else { "✗" }, finding.0.replace('\n', "\n  "))
        };
        table.add_row([(*name).to_owned(), cell(ours), cell(deadpool), cell(bb8)]);
    }
    println!("{table}");
    println!(
        "  All with the same backend, which sends a PING when a connection is handed out again: that finds what is broken, not\n  \
         what was left behind. bb8 is told to give up after {BB8_TRIES_FOR:?}; by itself it tries for 30 s.\n"
    );
    // What the others do is told, and not judged.
    let wrong: Vec<_> = ours.iter().filter(|(_, (_, good))| !good).map(|(name, _)| *name).collect();
    let but = if wrong.is_empty() { String::new() } else { format!(", but not {wrong:?}") };
    report.expect(wrong.is_empty(), format_args!("nebula-memory: all {} as they should be{but}", ours.len()));
    Ok(())
}

/// All failures of one pool.
async fn column<C: Contender>(server: &mut Server) -> Outcome<Vec<(&'static str, Finding)>> {
    let mut found = Vec::new();
    let start = |server: &Server| {
        let backend = Backend::new(server.client(), true);
        C::start(backend.clone(), MAX).map(|pool| (pool, backend))
    };

    let (pool, _) = start(server)?;
    hold_all(&pool).await?;
    server.kill();
    found.push(("the server is down", told(&pool).await));
    server.restart()?;
    found.push(("and up again", use_all(&pool).await));

    let (pool, _) = start(server)?;
    hold_all(&pool).await?;
    server.kill_clients()?;
    found.push(("idle connections are cut", use_all(&pool).await));

    let (pool, _) = start(server)?;
    found.push(("a holder panics\nin another database", panic_in_database(&pool).await?));

    let (pool, backend) = start(server)?;
    backend.panic_next(MAX);
    found.push(("connecting panics, 8 times", panic_in_backend(&pool).await));

    let (pool, _) = start(server)?;
    found.push(("99 of 100 in the queue\nare aborted", abort_in_queue(&pool).await?));

    let (pool, _) = start(server)?;
    hold_all(&pool).await?;
    server.pause(Duration::from_millis(150))?;
    found.push(("cancelled in the check,\nwhile the server is slow", cancel_half_way(&pool, server).await?));

    let (pool, _) = start(server)?;
    found.push(("a guard is leaked", leak(&pool).await?));
    drop(pool);
    server.kill_clients()?;
    Ok(found)
}

/// Makes all connections there may be.
async fn hold_all<C: Contender>(pool: &C) -> Outcome<Vec<C::Guard>> {
    let mut held = Vec::new();
    for _ in 0..MAX {
        held.push(pool.get().await?);
    }
    Ok(held)
}

/// How many connections can be had at the same time.
async fn capacity<C: Contender>(pool: &C) -> usize {
    let mut held = Vec::new();
    while held.len() < MAX {
        match timeout(SOON, pool.get()).await {
            Ok(Ok(connection)) => held.push(connection),
            _ => break,
        }
    }
    held.len()
}

async fn works(connection: &mut Connection) -> bool {
    let echoed: RedisResult<u64> = redis::cmd("ECHO").arg(42).query_async(connection).await;
    echoed == Ok(42)
}

fn share(capacity: usize) -> String {
    format!("{capacity} of {MAX} left")
}

async fn told<C: Contender>(pool: &C) -> Finding {
    let since = Instant::now();
    let refused = timeout(Duration::from_secs(5), pool.get()).await;
    let took = since.elapsed();
    let text = if took < SOON { "told at once".to_owned() } else { format!("told after {took:.0?}") };
    (text, matches!(refused, Ok(Err(_))) && took < SOON)
}

async fn use_all<C: Contender>(pool: &C) -> Finding {
    let mut users = JoinSet::new();
    for _ in 0..4 * MAX {
        let pool = pool.clone();
        users.spawn(async move {
            match pool.get().await {
                Ok(mut connection) => works(&mut connection).await,
                Err(_) => false,
            }
        });
    }
    let bad = users.join_all().await.into_iter().filter(|good| !good).count();
    let left = capacity(pool).await;
    (format!("{bad} of {} users see it\n{}", 4 * MAX, share(left)), bad == 0 && left == MAX)
}

async fn panic_in_database<C: Contender>(pool: &C) -> Outcome<Finding> {
    let mut connection = pool.get().await?;
    let panicked = tokio::spawn(async move {
        let selected: RedisResult<()> = redis::cmd("SELECT").arg(1).exec_async(&mut *connection).await;
        assert!(selected.is_ok(), "not selected");
        // Not printed, because it is meant.
        std::panic::resume_unwind(Box::new("as expected"));
    });
    if panicked.await.is_ok() {
        return Err("did not panic".into());
    }
    let info: String = redis::cmd("CLIENT").arg("INFO").query_async(&mut *pool.get().await?).await?;
    let good = info.contains(" db=0 ");
    Ok((
        if good { "closed: the next one\nhas a new one" } else { "the next one works\nin that database" }
            .into(),
        good,
    ))
}

async fn panic_in_backend<C: Contender>(pool: &C) -> Finding {
    for _ in 0..MAX {
        let pool = pool.clone();
        let asking = tokio::spawn(async move { timeout(SOON / 4, pool.get()).await.is_ok() });
        let _ = asking.await;
    }
    let left = capacity(pool).await;
    (share(left), left == MAX)
}

async fn abort_in_queue<C: Contender>(pool: &C) -> Outcome<Finding> {
    let held = hold_all(pool).await?;
    let mut queue: Vec<_> = (0..100)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.get().await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let last = queue.pop().ok_or("nobody waits")?;
    drop(held);
    queue.iter().for_each(tokio::task::JoinHandle::abort);
    // Those that were done before they were aborted hold a connection until they are asked.
    for task in queue {
        drop(task.await);
    }
    let served = timeout(SOON, last).await.is_ok_and(|last| last.is_ok_and(|last| last.is_ok()));
    let left = capacity(pool).await;
    Ok((share(left), served && left == MAX))
}

async fn cancel_half_way<C: Contender>(pool: &C, server: &Server) -> Outcome<Finding> {
    for _ in 0..MAX {
        let _ = timeout(Duration::from_millis(5), pool.get()).await;
    }
    server.wait_for_answer()?;
    let left = capacity(pool).await;
    Ok((share(left), left == MAX))
}

async fn leak<C: Contender>(pool: &C) -> Outcome<Finding> {
    std::mem::forget(pool.get().await?);
    let left = capacity(pool).await;
    let holders = pool.holders();
    let knows = if holders.is_empty() { "does not say where" } else { "says where" };
    Ok((format!("{}\n{knows}", share(left)), holders.len() == 1))
}
