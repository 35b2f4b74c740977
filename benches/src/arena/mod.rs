//! Arenas: many values of any kind, freed together.
//!
//! * `contender`: what an arena has to do here, and the list of those that do it
//! * `ours`, `peers`: how each of them does it
//! * `rows`, `tree`: the workloads of every arena
//! * `typed`: the same workloads for those that hold one type, and for boxes
//! * `vector`: vectors that grow in the arena
//! * `function`: a function with an arena of its own
//! * `drops`: values that have to be dropped
//! * `threads`: arenas that threads share
//! * `statistics`: what it costs to know
//! * `check`: whether they really do it

mod check;
mod contender;
mod drops;
mod function;
mod ours;
mod peers;
mod rows;
mod statistics;
mod threads;
mod tree;
mod typed;
mod vector;

pub use check::check;
pub use rows::cases;
