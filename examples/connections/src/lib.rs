//! A pool of connections to a real Redis, on `nebula-memory`.
//!
//! What a program would have of this is in [`recipe`] (how a connection is made, checked and reset) and [`pools`] (how many
//! there are and for how long). The rest shows what it does: [`tour`] uses every option once, [`failures`] breaks things and
//! looks whether the books still balance, [`compare`] does the same to two other pools, with the same load.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`recipe`] | connections for threads and for tasks: made, checked, reset |
//! | [`pools`] | the two pools, with their options |
//! | [`tour`] | one option after the other |
//! | [`failures`] | a killed server, killed connections, panics, cancelled tasks, leaks, a slow server |
//! | [`compare`] | the same for `deadpool` and `bb8` |
//! | [`server`] | a Redis that lives as long as this program |
//! | [`report`] | what is printed, and whether all of it was as it should be |

pub mod compare;
pub mod failures;
pub mod pools;
pub mod recipe;
pub mod report;
pub mod server;
pub mod tour;

/// What ends the program: the server does not start, say. What the pools do wrong is counted by [`report::Report`] instead.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
