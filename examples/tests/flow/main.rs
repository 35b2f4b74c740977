//! The program as its users see it.

mod errors;
mod folder;
mod nodes;
mod observed;
mod shipped;
