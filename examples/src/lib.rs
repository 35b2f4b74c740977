//! Real programs on `nebula-memory`.
//!
//! [`cachesim`] replays traces of requests over all policies of a cache.
//! [`flow`] is a workflow engine in the spirit of n8n. It is written once over a trait
//! that says where values live, and runs on the standard library's memory or on ours.

pub mod cachesim;
pub mod flow;
