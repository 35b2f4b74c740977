//! Kernels for the few places where the compiler's own code leaves something to be won, each with a portable twin that
//! does the same.
//!
//! * `copy`: short copies whose length nobody can predict, as in a parser that copies its tokens
//!
//! Which kernel runs is decided by what the processor can do, asked once.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | an instruction that the processor lacks | the kernel is entered only after it was asked for |
//! | a read or a write beyond the end | masked lanes are not accessed, which the processor guarantees; tests at page ends |
//! | tools that do not understand assembly | Miri and loom get the portable twin |

mod copy;

pub(crate) use copy::copy_bytes;
