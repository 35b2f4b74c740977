//! What the memory of a run does, for those who look: a page, or a server.
//!
//! * `statistics`: a collector, and a thread that makes it look
//! * `health`: whether all is well
//! * `server`: everything of it by HTTP

mod health;
mod server;
mod statistics;

pub(crate) use server::Server;
pub(crate) use statistics::Statistics;
