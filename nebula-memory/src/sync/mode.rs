mod sealed {
    pub trait Sealed {}
}

/// How an allocator is used by threads: [`Local`] or [`Shared`].
///
/// The choice is a type parameter, made when the program is compiled: no flag is read at run time, and a
/// [`Local`] allocator that is shared between threads does not compile.
pub trait Mode: sealed::Sealed + 'static {}

/// Used by one thread at a time: plain cells, no atomic instruction, `!Sync`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

/// Used by many threads at once: lock-free, `Sync`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shared;

impl sealed::Sealed for Local {}
impl sealed::Sealed for Shared {}
impl Mode for Local {}
impl Mode for Shared {}
