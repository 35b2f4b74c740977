//! `ObjectPool`: connections for threads.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use nebula_memory::pool::{PoolError, Priority};

use crate::Outcome;
use crate::pools::{self, Limits, ThreadPool};
use crate::report::{Report, settle};
use crate::server::Server;

/// All of it.
pub(super) fn run(server: &Server, report: &mut Report) -> Outcome {
    report.part("For threads", "ObjectPool, at least 2 connections and at most 4");
    numbers(server, report)?;
    reset(server, report)?;
    priorities(server, report)?;
    ages(server, report)?;
    background(server, report)?;
    leases(server, report)?;
    closing(server, report)
}

fn pool(server: &Server, limits: Limits) -> Result<Arc<ThreadPool>, PoolError> {
    pools::for_threads(server.recipe(), limits, |_| ())
}

fn pool_of_one(server: &Server, limits: Limits) -> Result<Arc<ThreadPool>, PoolError> {
    pool(server, Limits { min: 1, max: 1, ..limits })
}

fn numbers(server: &Server, report: &mut Report) -> Outcome {
    report.event("min, max: how many there are");
    let pool = pool(server, Limits::default())?;
    report.expect(pool.stats().idle == 2, "2 are connected before anybody asks");
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(pool.acquire()?);
    }
    report.expect(pool.stats().created == 4, "4 at once: two more are made");
    let fifth = pool.try_acquire().map(drop);
    report
        .expect(matches!(fifth, Err(PoolError::Exhausted { .. })), format_args!("a fifth: {}", told(fifth)));
    let late = pool.acquire_timeout(Duration::from_millis(50)).map(drop);
    report
        .expect(matches!(late, Err(PoolError::Timeout { .. })), format_args!("after 50 ms: {}", told(late)));
    drop(held);
    for _ in 0..100 {
        redis::cmd("INCR").arg("visits").exec(&mut pool.acquire()?)?;
    }
    let stats = pool.stats();
    let reused = stats.reuse_percent().unwrap_or(0.0);
    report.expect(
        stats.created == 4,
        format_args!("100 commands later there are still those 4: {reused:.0}% were used before"),
    );
    report.books(&stats, Some(server));
    Ok(())
}

fn reset(server: &Server, report: &mut Report) -> Outcome {
    report.event("reset on release: nothing of the one before is found");
    let pool = pool_of_one(server, Limits::default())?;
    {
        let mut connection = pool.acquire()?;
        redis::cmd("SELECT").arg(5).exec(&mut connection)?;
        redis::cmd("WATCH").arg("balance").exec(&mut connection)?;
        redis::cmd("MULTI").exec(&mut connection)?;
    }
    let info: String = redis::cmd("CLIENT").arg("INFO").query(&mut pool.acquire()?)?;
    let field = |name: &str| info.split(' ').find_map(|field| field.strip_prefix(name)).unwrap_or("?").trim();
    report.expect(
        field("db=") == "0" && field("multi=") == "-1" && pool.stats().created == 1,
        "left with database 5, a watched key and a transaction; the same connection comes back without",
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

fn priorities(server: &Server, report: &mut Report) -> Outcome {
    report.event("acquire_with: who waits is served by priority, then in order");
    let pool = pool_of_one(server, Limits::default())?;
    let (turns, order) = mpsc::channel();
    let asking = [
        ("report", Priority::LOW),
        ("page", Priority::NORMAL),
        ("page 2", Priority::NORMAL),
        ("probe", Priority::HIGH),
    ];
    std::thread::scope(|threads| -> Outcome {
        let held = pool.acquire()?;
        for (waiting, (name, priority)) in asking.into_iter().enumerate() {
            let (pool, turns) = (&pool, turns.clone());
            threads.spawn(move || {
                // Told while it is held, so that the next one comes later.
                let connection = pool.acquire_with(priority);
                let _ = turns.send(if connection.is_ok() { name } else { "refused" });
            });
            settle(waiting + 1, || pool.stats().waiting);
        }
        drop(held);
        Ok(())
    })?;
    drop(turns);
    let order: Vec<_> = order.iter().collect();
    report.expect(
        order == ["probe", "page", "page 2", "report"],
        format_args!("they came as report, page, page 2, probe; they were served as {}", order.join(", ")),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

fn ages(server: &Server, report: &mut Report) -> Outcome {
    report.event("idle_timeout, max_lifetime, maintain: connections do not stay for ever");
    let idle = Duration::from_millis(80);
    let pool = pool(server, Limits { idle, ..Limits::default() })?;
    pool.reserve(4)?;
    std::thread::sleep(idle);
    let done = pool.maintain()?;
    report.expect(
        (done.destroyed, done.created) == (4, 2),
        format_args!(
            "idle for {idle:?}: maintain closes {}, and connects {} again, the least",
            done.destroyed, done.created
        ),
    );
    report.books(&pool.stats(), Some(server));
    drop(pool);

    let lifetime = Duration::from_millis(300);
    let pool = pool_of_one(server, Limits { lifetime, ..Limits::default() })?;
    let number = || -> Outcome<u64> { Ok(redis::cmd("CLIENT").arg("ID").query(&mut pool.acquire()?)?) };
    let (first, second) = (number()?, number()?);
    std::thread::sleep(lifetime);
    let third = number()?;
    report.expect(
        first == second && second != third,
        format_args!("a lifetime of {lifetime:?}: connection {first}, {second}, and then {third}"),
    );
    report.books(&pool.stats(), Some(server));
    Ok(())
}

fn background(server: &Server, report: &mut Report) -> Outcome {
    report.event("spawn_maintenance: somebody looks after connections that nobody uses");
    let pool = pool(server, Limits::default())?;
    let maintenance = pool.spawn_maintenance(Duration::from_millis(20));
    let killed = server.kill_clients()?;
    let replaced = settle(2, || pool.stats().destroyed);
    report.expect(
        killed == 2 && replaced == 2,
        format_args!(
            "{killed} idle connections are killed at the server: {replaced} are replaced before anybody asks"
        ),
    );
    drop(maintenance);
    settle(0, || pool.stats().held);
    report.books(&pool.stats(), Some(server));
    Ok(())
}

fn leases(server: &Server, report: &mut Report) -> Outcome {
    report.event("track_leaks: who has a connection, and since when");
    let pool = pool(server, Limits::default())?;
    let _kept = pool.acquire()?;
    let _also = pool.acquire()?;
    std::thread::sleep(Duration::from_millis(30));
    let told = pool.leak_report(Duration::from_millis(30));
    report.expect(
        pool.leases().len() == 2 && told.is_some(),
        told.unwrap_or_default().replace("\n    ", "\n        "),
    );
    Ok(())
}

fn closing(server: &Server, report: &mut Report) -> Outcome {
    report.event("close: the end");
    let pool = pool_of_one(server, Limits::default())?;
    let last = pool.acquire()?;
    let waiting = std::thread::scope(|threads| {
        let waiting = threads.spawn(|| pool.acquire().map(drop));
        settle(1, || pool.stats().waiting);
        pool.close();
        waiting.join()
    });
    let refused = matches!(waiting, Ok(Err(PoolError::Closed)));
    report.expect(refused, "who waits is told so; whoever has a connection may keep it for now");
    drop(last);
    let stats = pool.stats();
    report.expect(stats.size == 0, "when it comes back it is closed");
    report.books(&stats, Some(server));
    Ok(())
}

fn told(outcome: Result<(), PoolError>) -> String {
    outcome.map_or_else(|error| error.to_string(), |()| "a connection".to_owned())
}
