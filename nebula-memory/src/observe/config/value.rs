use core::fmt;
use core::time::Duration;
use std::borrow::ToOwned;
use std::format;
use std::string::{String, ToString};

use super::{ByteSize, HumanDuration};
use crate::Growth;
use crate::logging::Level;
use crate::observe::suggest::nearest;

/// The value of a setting.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A number of bytes.
    Size(ByteSize),
    /// A number of things.
    Count(u64),
    /// A length of time.
    Duration(Duration),
    /// How an arena grows.
    Growth(Growth),
    /// How much is logged.
    Level(LogLevel),
    /// There is no limit.
    Unlimited,
}

impl Value {
    /// A number of bytes.
    pub const fn size(bytes: u64) -> Self {
        Self::Size(ByteSize::new(bytes))
    }

    /// A limit in bytes; the largest number is none.
    pub const fn limit(bytes: usize) -> Self {
        if bytes == usize::MAX { Self::Unlimited } else { Self::size(bytes as u64) }
    }

    /// A limit for a number of things; the largest number is none.
    pub const fn limit_of_things(things: usize) -> Self {
        if things == usize::MAX { Self::Unlimited } else { Self::Count(things as u64) }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(size) => size.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Duration(duration) => HumanDuration(*duration).fmt(f),
            Self::Growth(Growth::Double) => f.write_str("double"),
            Self::Growth(Growth::Fixed) => f.write_str("fixed"),
            Self::Growth(Growth::Incremental(bytes)) => ByteSize::from(*bytes).fmt(f),
            Self::Level(level) => level.fmt(f),
            Self::Unlimited => f.write_str("no limit"),
        }
    }
}

/// How much is logged: all that is at least as bad. The [levels](crate::logging::Level) of operations, and none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Allocations that failed.
    Error,
    /// What will fail soon.
    Warn,
    /// What is made and ended.
    #[default]
    Info,
    /// Scopes, checkpoints, resets.
    Debug,
    /// Every allocation.
    Trace,
}

impl LogLevel {
    const NAMES: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    pub(super) const ALL: [Self; 6] =
        [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// Its name, in lower case.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> Self {
        Self::ALL[level as usize]
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value as it was found, before it is known what it should be.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    /// Of a variable, or of the command line: a number is a text too.
    Written(String),
    Text(String),
    Integer(i128),
    Float(f64),
    Bool(bool),
    /// `a table`, `an array`, `a date`.
    Other(&'static str),
    Typed(Value),
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Takes {
    /// At least so many bytes.
    Size {
        least: u64,
    },
    /// From so many to so many.
    Count {
        least: u64,
        most: u64,
    },
    /// At least so many nanoseconds.
    Duration {
        least: u64,
    },
    Growth,
    Level,
}

impl Takes {
    /// What is allowed, for messages.
    fn allowed(self) -> String {
        match self {
            Self::Size { .. } => "write a size, such as \"64 MiB\" or a number of bytes".to_owned(),
            Self::Count { least, .. } => format!("write a whole number, at least {least}"),
            Self::Duration { .. } => "write a length of time, such as \"250 ms\" or \"5 min\"".to_owned(),
            Self::Growth => "write \"double\", \"fixed\" or by how much, such as \"64 KiB\"".to_owned(),
            Self::Level => format!("write one of \"{}\"", LogLevel::NAMES.join("\", \"")),
        }
    }

    /// The value, if it is one of these.
    pub(super) fn read(self, raw: &Raw) -> Result<Value, String> {
        let value = match raw {
            Raw::Typed(value) => self.accept(value.clone()),
            Raw::Written(text) => self.parse(text.trim(), true)?,
            Raw::Text(text) => self.parse(text.trim(), false)?,
            Raw::Integer(number) => self.integer(*number)?,
            Raw::Float(_) | Raw::Bool(_) | Raw::Other(_) => None,
        };
        let value =
            value.ok_or_else(|| format!("{} is not what belongs here: {}", Found(raw), self.allowed()))?;
        self.in_range(value)
    }

    /// A value of a program is of the right kind or not.
    fn accept(self, value: Value) -> Option<Value> {
        match (self, &value) {
            (Self::Size { .. }, Value::Count(count)) => Some(Value::size(*count)),
            (Self::Growth, Value::Size(size)) => Some(Value::Growth(Growth::Incremental(size.as_usize()))),
            (Self::Size { .. }, Value::Size(_))
            | (Self::Count { .. }, Value::Count(_))
            | (Self::Duration { .. }, Value::Duration(_))
            | (Self::Growth, Value::Growth(_))
            | (Self::Level, Value::Level(_)) => Some(value),
            _ => None,
        }
    }

    fn integer(self, number: i128) -> Result<Option<Value>, String> {
        if let Self::Duration { .. } = self {
            return match number {
                0 => Ok(Some(Value::Duration(Duration::ZERO))),
                _ => Err(format!(
                    "{number} has no unit: write \"{number} s\", \"{number} ms\" or \"{number} min\""
                )),
            };
        }
        let whole = || u64::try_from(number).map_err(|_| self.out_of_range(&number));
        Ok(match self {
            Self::Size { .. } => Some(Value::size(whole()?)),
            Self::Count { .. } => Some(Value::Count(whole()?)),
            Self::Growth => self.accept(Value::size(whole()?)),
            Self::Duration { .. } | Self::Level => None,
        })
    }

    /// `loose`: where there are no types, a number is written as all else.
    fn parse(self, text: &str, loose: bool) -> Result<Option<Value>, String> {
        Ok(match self {
            Self::Count { .. } if loose => match text.parse::<i128>() {
                Ok(number) => self.integer(number)?,
                Err(_) => None,
            },
            Self::Count { .. } => None,
            Self::Size { .. } => {
                let size: ByteSize = text.parse().map_err(|error| format!("{error}"))?;
                Some(Value::Size(size))
            }
            Self::Duration { .. } => {
                let HumanDuration(duration) = text.parse().map_err(|error| format!("{error}"))?;
                Some(Value::Duration(duration))
            }
            Self::Growth => match text.to_lowercase().as_str() {
                "double" => Some(Value::Growth(Growth::Double)),
                "fixed" => Some(Value::Growth(Growth::Fixed)),
                other => {
                    let meant = nearest(other, ["double", "fixed"]);
                    let size = text.parse::<ByteSize>();
                    match (size, meant) {
                        (Ok(size), _) => self.accept(Value::Size(size)),
                        (Err(_), Some(meant)) => return Err(did_you_mean(text, meant)),
                        (Err(_), None) => None,
                    }
                }
            },
            Self::Level => {
                let lower = text.to_lowercase();
                match LogLevel::ALL.into_iter().find(|level| level.name() == lower) {
                    Some(level) => Some(Value::Level(level)),
                    None => match nearest(&lower, LogLevel::NAMES) {
                        Some(meant) => return Err(did_you_mean(text, meant)),
                        None => None,
                    },
                }
            }
        })
    }

    fn in_range(self, value: Value) -> Result<Value, String> {
        let good = match (self, &value) {
            (Self::Size { least }, Value::Size(size)) => {
                size.get() >= least && usize::try_from(size.get()).is_ok()
            }
            (Self::Count { least, most }, Value::Count(count)) => (least..=most).contains(count),
            (Self::Duration { least }, Value::Duration(duration)) => duration.as_nanos() >= least.into(),
            (Self::Growth, Value::Growth(Growth::Incremental(bytes))) => *bytes > 0,
            _ => true,
        };
        if good { Ok(value) } else { Err(self.out_of_range(&value)) }
    }

    fn out_of_range(self, value: &dyn fmt::Display) -> String {
        let range = match self {
            Self::Size { least } => format!("at least {}", ByteSize::new(least)),
            Self::Count { least, most: u64::MAX } => format!("at least {least}"),
            Self::Count { least, most } => format!("from {least} to {most}"),
            Self::Duration { least } => format!("at least {}", HumanDuration(Duration::from_nanos(least))),
            Self::Growth => "\"double\", \"fixed\" or more than nothing".to_owned(),
            Self::Level => String::new(),
        };
        format!("{value} is out of range: it must be {range}")
    }
}

fn did_you_mean(text: &str, meant: &str) -> String {
    format!("`{text}` is not known: did you mean \"{meant}\"?")
}

/// What was found, for messages.
struct Found<'r>(&'r Raw);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Raw::Written(text) => write!(f, "`{text}`"),
            Raw::Text(text) => write!(f, "the text \"{text}\""),
            Raw::Integer(number) => write!(f, "the number {number}"),
            Raw::Float(number) => write!(f, "the number {number}"),
            Raw::Bool(truth) => write!(f, "`{truth}`"),
            Raw::Other(what) => f.write_str(what),
            Raw::Typed(value) => f.write_str(&value.to_string()),
        }
    }
}

/// A value that is set by a program: a number, a [`ByteSize`], a [`Duration`], or a text as it would be in a file.
#[derive(Clone, Debug)]
pub struct Setting(pub(super) Raw);

macro_rules! setting {
    ($($type:ty: |$value:ident| $raw:expr;)*) => {$(
        impl From<$type> for Setting {
            fn from($value: $type) -> Self {
                Self($raw)
            }
        }
    )*};
}

setting! {
    Value: |value| Raw::Typed(value);
    ByteSize: |size| Raw::Typed(Value::Size(size));
    Duration: |duration| Raw::Typed(Value::Duration(duration));
    Growth: |growth| Raw::Typed(Value::Growth(growth));
    LogLevel: |level| Raw::Typed(Value::Level(level));
    &str: |text| Raw::Written(text.to_owned());
    String: |text| Raw::Written(text);
    u64: |number| Raw::Integer(number.into());
    u32: |number| Raw::Integer(number.into());
    i32: |number| Raw::Integer(number.into());
    usize: |number| Raw::Integer(number as i128);
}
