//! Fixed pools: slots for values of one type, taken and given back in any order.
//!
//! * `contender`: what a pool has to do here, and the list of those that do it
//! * `ours`, `peers`: how each of them does it
//! * `rows`: the workloads of one thread
//! * `shared`: pools that two threads use
//! * `objects`: larger objects that are acquired, touched and released, on one thread and on two
//! * `object_ours`: the pools of ours that keep objects
//! * `check`: whether they really do it

mod check;
mod contender;
mod object_ours;
mod objects;
mod ours;
mod peers;
mod rows;
mod shared;

pub use check::check;
pub use rows::cases;
