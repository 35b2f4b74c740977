use core::fmt;
use core::panic::Location;
use std::time::Duration;

/// An object in use: where it was acquired and how long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The line that acquired it.
    pub location: &'static Location<'static>,
    /// How long it has been held.
    pub held_for: Duration,
}

impl fmt::Display for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acquired at {}, {:.1?} ago", self.location, self.held_for)
    }
}

/// What a pool says of objects that never came back, if it was not told what to do with that.
///
/// Leak detection is asked for by name; silence would be of no use to who asked.
pub(super) fn to_stderr(type_name: &'static str) -> impl Fn(&[Lease]) + Send + Sync {
    move |leases| {
        std::eprintln!("nebula-memory: {} objects `{type_name}` never came back to their pool", leases.len());
        for lease in leases {
            std::eprintln!("    {lease}");
        }
    }
}
