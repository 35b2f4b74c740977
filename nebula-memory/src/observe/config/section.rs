use core::time::Duration;
use std::string::String;
use std::vec::Vec;

use super::value::Takes;
use super::{ByteSize, LogLevel, Value};
use crate::Growth;

/// A key of a section.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
}

/// Two settings that do not go together: their keys, and why.
pub(super) struct Contradiction(pub(super) &'static str, pub(super) &'static str, pub(super) String);

/// The settings of one thing.
pub(super) trait Section {
    fn keys(&self) -> &'static [Key];

    /// What was said of this key.
    fn get(&self, key: &str) -> Option<Value>;

    /// Says it; a value that the key takes.
    fn set(&mut self, key: &str, value: Option<Value>);

    fn contradictions(&self) -> Vec<Contradiction>;
}

/// A type that a field of a section has.
pub(super) trait Field: Sized + Copy {
    fn to_value(self) -> Value;
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! field {
    ($($type:ty: $pattern:pat => $field:expr, |$it:ident| $value:expr;)*) => {$(
        impl Field for $type {
            fn to_value(self) -> Value {
                let $it = self;
                $value
            }

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    $pattern => Some($field),
                    _ => None,
                }
            }
        }
    )*};
}

field! {
    ByteSize: Value::Size(size) => size, |size| Value::Size(size);
    usize: Value::Count(count) => usize::try_from(count).unwrap_or(Self::MAX), |count| Value::Count(count as u64);
    Duration: Value::Duration(duration) => duration, |duration| Value::Duration(duration);
    Growth: Value::Growth(growth) => growth, |growth| Value::Growth(growth);
    LogLevel: Value::Level(level) => level, |level| Value::Level(level);
}

/// Types of sections, each setting of which is said once: its name, its type, and what it takes.
macro_rules! sections {
    ($(
        $(#[$doc:meta])*
        $section:ident, contradictions: |$this:ident| $contradictions:expr, {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $takes:expr,)*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $section {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
        }

        impl $section {
            pub(super) const KEYS: &'static [Key] = &[$(Key { name: stringify!($field), takes: $takes },)*];
        }

        impl Section for $section {
            fn keys(&self) -> &'static [Key] {
                Self::KEYS
            }

            fn get(&self, key: &str) -> Option<Value> {
                match key {
                    $(stringify!($field) => self.$field.map(Field::to_value),)*
                    _ => None,
                }
            }

            fn set(&mut self, key: &str, value: Option<Value>) {
                match key {
                    $(stringify!($field) => self.$field = value.and_then(Field::from_value),)*
                    _ => {}
                }
            }

            fn contradictions(&self) -> Vec<Contradiction> {
                let $this = self;
                $contradictions
            }
        }
    )*};
}

pub(super) use sections;
