use std::{io, path::PathBuf};

use nebula_memory::cache::sim::TraceError;

/// A trace cannot be replayed, or what was found cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {}: {cause}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// The file is not a trace.
    #[error("{}, {cause}", path.display())]
    Trace {
        /// Which file.
        path: PathBuf,
        /// In which line, and what is wrong there.
        cause: TraceError,
    },
    /// There is nothing in it.
    #[error("{} has no requests", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// All sizes are less than one entry.
    #[error("{} has {unique} keys: every size asked for is less than one entry of that", path.display())]
    Small {
        /// Which file.
        path: PathBuf,
        /// Its different keys.
        unique: usize,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// Standard output is closed, or worse.
    #[error("cannot write the results: {0}")]
    Output(#[from] io::Error),
}
