use core::fmt;
use core::time::Duration;
use std::vec::Vec;

/// How important an event is; those that are more important are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// A block was refused.
    Error = 1,
    /// Something is about to go wrong.
    Warn = 2,
    /// Something came to be, or went.
    Info = 3,
    /// Something changed its state.
    Debug = 4,
    /// A block was allocated or given back.
    Trace = 5,
}

/// What was done.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A block was allocated.
    Allocate,
    /// A block was given back.
    Deallocate,
    /// A block was made larger.
    Grow,
    /// A block was made smaller.
    Shrink,
    /// A block was refused.
    Refuse,
    /// Everything was freed.
    Reset,
    /// A state was noted.
    Checkpoint,
    /// The allocator went back to a state.
    Restore,
    /// The allocator came to be.
    Create,
    /// The allocator went.
    Destroy,
    /// More is in use than the limit that a warning was asked for.
    NearCapacity,
}

impl Operation {
    /// How important it is.
    pub const fn level(self) -> Level {
        match self {
            Self::Allocate | Self::Deallocate | Self::Grow | Self::Shrink => Level::Trace,
            Self::Reset | Self::Checkpoint | Self::Restore => Level::Debug,
            Self::Create | Self::Destroy => Level::Info,
            Self::NearCapacity => Level::Warn,
            Self::Refuse => Level::Error,
        }
    }

    /// Its name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allocate => "allocate",
            Self::Deallocate => "deallocate",
            Self::Grow => "grow",
            Self::Shrink => "shrink",
            Self::Refuse => "refuse",
            Self::Reset => "reset",
            Self::Checkpoint => "checkpoint",
            Self::Restore => "restore",
            Self::Create => "create",
            Self::Destroy => "destroy",
            Self::NearCapacity => "near_capacity",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The value of a field.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LogValue<'a> {
    /// Text.
    Text(&'a str),
    /// A number of bytes, or of something else.
    Number(u64),
    /// How long something took.
    Duration(Duration),
    /// Where something is in memory.
    Address(usize),
}

impl fmt::Display for LogValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Duration(duration) => write!(f, "{duration:?}"),
            Self::Address(address) => write!(f, "{address:#x}"),
        }
    }
}

/// What can be logged as named fields.
pub trait Loggable {
    /// Names and values, in the order in which they are to be read.
    fn log_fields(&self) -> Vec<(&'static str, LogValue<'_>)>;
}

/// Something that an allocator did.
///
/// ```
/// use nebula_memory::logging::{Loggable, MemoryOperation, Operation};
///
/// let operation = MemoryOperation::new("parser", "arena", Operation::Allocate).with_size(64).with_memory_used(4096);
/// assert_eq!(operation.to_string(), "allocator=parser allocator_type=arena operation=allocate size=64 memory_used=4096");
/// assert_eq!(operation.log_fields().len(), 5);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryOperation<'a> {
    /// The allocator's name.
    pub allocator: &'a str,
    /// What kind of allocator it is.
    pub allocator_type: &'static str,
    /// What it did.
    pub operation: Operation,
    /// The bytes of the block; of one that was resized, its new ones.
    pub size: Option<usize>,
    /// How long it took, if that was measured.
    pub duration: Option<Duration>,
    /// The bytes that are in use after it.
    pub memory_used: Option<u64>,
    /// Where the block is.
    pub addr: Option<usize>,
}

impl<'a> MemoryOperation<'a> {
    /// An operation of which no more is known.
    pub const fn new(allocator: &'a str, allocator_type: &'static str, operation: Operation) -> Self {
        Self {
            allocator,
            allocator_type,
            operation,
            size: None,
            duration: None,
            memory_used: None,
            addr: None,
        }
    }

    /// With the bytes of a block.
    #[must_use]
    pub const fn with_size(mut self, bytes: usize) -> Self {
        self.size = Some(bytes);
        self
    }

    /// With the time that it took.
    #[must_use]
    pub const fn with_duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }

    /// With the bytes that are in use.
    #[must_use]
    pub const fn with_memory_used(mut self, bytes: u64) -> Self {
        self.memory_used = Some(bytes);
        self
    }

    /// With the address of a block.
    #[must_use]
    pub const fn with_addr(mut self, addr: usize) -> Self {
        self.addr = Some(addr);
        self
    }

    fn each(&self, mut tell: impl FnMut(&'static str, LogValue<'a>)) {
        tell("allocator", LogValue::Text(self.allocator));
        tell("allocator_type", LogValue::Text(self.allocator_type));
        tell("operation", LogValue::Text(self.operation.name()));
        if let Some(size) = self.size {
            tell("size", LogValue::Number(size as u64));
        }
        if let Some(duration) = self.duration {
            tell("duration", LogValue::Duration(duration));
        }
        if let Some(used) = self.memory_used {
            tell("memory_used", LogValue::Number(used));
        }
        if let Some(addr) = self.addr {
            tell("addr", LogValue::Address(addr));
        }
    }
}

impl Loggable for MemoryOperation<'_> {
    fn log_fields(&self) -> Vec<(&'static str, LogValue<'_>)> {
        let mut fields = Vec::with_capacity(7);
        self.each(|name, value| fields.push((name, value)));
        fields
    }
}

/// The fields, as `name=value`.
impl fmt::Display for MemoryOperation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut between, mut result) = ("", Ok(()));
        self.each(|name, value| {
            result = result.and_then(|()| write!(f, "{between}{name}={value}"));
            between = " ";
        });
        result
    }
}
