use core::fmt;
use std::borrow::ToOwned;
use std::string::String;
use std::sync::Arc;

use super::entry::Entry;
use super::suggest::nearest;

/// Why a [`Registry`](super::Registry) does not do as told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// Another component has this name.
    NameTaken {
        /// The name.
        name: String,
        /// One that is free.
        suggestion: String,
    },
    /// A name has to have something in it.
    InvalidName {
        /// The name.
        name: String,
    },
    /// There is no component of this name.
    Unknown {
        /// The name.
        name: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// The component has gone.
    Gone {
        /// Its name.
        name: String,
    },
    /// The component is of another type.
    WrongType {
        /// Its name.
        name: String,
        /// Its type.
        found: &'static str,
        /// The type that was asked for.
        wanted: &'static str,
    },
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken { name, suggestion } => {
                write!(
                    f,
                    "a component is called `{name}` already: call this one `{suggestion}`, or remove the other"
                )
            }
            Self::InvalidName { name } => {
                write!(f, "{name:?} is no name for a component: it needs a letter or a digit")
            }
            Self::Unknown { name, suggestion } => {
                write!(f, "no component is called `{name}`")?;
                suggestion.as_ref().map_or(Ok(()), |name| write!(f, ": did you mean `{name}`?"))
            }
            Self::Gone { name } => write!(f, "the component `{name}` has gone: it was dropped by its owners"),
            Self::WrongType { name, found, wanted } => {
                write!(f, "the component `{name}` is of the type `{found}`, not `{wanted}`")
            }
        }
    }
}

impl core::error::Error for RegistryError {}

#[cold]
pub(super) fn unknown(name: &str, entries: &[Arc<Entry>]) -> RegistryError {
    let living = entries.iter().filter(|entry| entry.is_alive()).map(|entry| &*entry.name);
    let suggestion = nearest(name, living).map(String::from);
    RegistryError::Unknown { name: name.to_owned(), suggestion }
}
