//! An allocator that finds stray writes: red zones around blocks, patterns in freed ones.
//!
//! * `allocator`: [`Poisoned`]
//! * `record`: one block with its red zones, and whether they are as they were left
//! * `tools`: what sanitizers are told
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a stray write destroys the bookkeeping | records lie elsewhere, on the heap |
//! | memory that was tampered with is handed out again | a block that fails its check is never given back |
//! | the checks themselves race or alias | blocks are read through raw pointers, freed ones and red zones only |

mod allocator;
mod record;
mod tools;

pub use allocator::Poisoned;
