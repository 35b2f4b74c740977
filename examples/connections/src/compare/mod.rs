//! The same load and the same failures for three pools: ours, `deadpool` and `bb8`.
//!
//! All three have one backend (`backend`), so what differs is the pool.

mod backend;
mod failures;
mod load;
mod pools;
mod table;

use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

/// How fast they are, and then what they do when things break.
///
/// # Errors
/// If the server does not answer when it should.
pub async fn run(server: &mut Server, report: &mut Report, rounds: usize) -> Outcome {
    report.part("Beside other pools", "one backend, one process, in turn");
    load::run(server, rounds).await?;
    failures::run(server, report).await
}
