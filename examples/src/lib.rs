//! Real programs on `nebula-memory`.
//!
//! [`flow`] is a workflow engine in the spirit of n8n. It is written once over a trait
//! that says where values live, and runs on the standard library's memory or on ours.

pub mod flow;
