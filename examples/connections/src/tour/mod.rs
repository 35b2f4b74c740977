//! Every option of the two pools, once.

mod tasks;
mod threads;

pub(crate) use tasks::until;

use crate::Outcome;
use crate::report::Report;
use crate::server::Server;

/// For threads, then for tasks.
///
/// # Errors
/// If the server does not answer.
pub async fn run(server: &Server, report: &mut Report) -> Outcome {
    // Here nothing else is to be done meanwhile, so blocking this thread is fine.
    tokio::task::block_in_place(|| threads::run(server, report))?;
    tasks::run(server, report).await
}
