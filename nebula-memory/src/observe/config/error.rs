use core::fmt;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

/// Where a setting was set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It is a default.
    Default,
    /// In a file.
    File {
        /// Its path, as it was given.
        path: Arc<str>,
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
    },
    /// In a variable of the environment.
    Variable(String),
    /// By the program.
    Code,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: 0, .. } => f.write_str(path),
            Self::File { path, line, column } => write!(f, "{path}:{line}:{column}"),
            Self::Variable(name) => f.write_str(name),
            Self::Code => f.write_str("set by the program"),
        }
    }
}

/// One thing that is wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) origin: Origin,
    pub(super) path: String,
    pub(super) message: String,
}

impl Problem {
    /// Where.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The path of the setting, or of what was taken for one; empty if it is the file as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, and what to write.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// All that is wrong in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub(super) problems: Vec<Problem>,
}

impl ConfigError {
    /// Each, at least one, in the order of their sources.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.problems {
            [problem] => write!(f, "the configuration is not valid: {problem}"),
            problems => {
                write!(f, "the configuration is not valid, for {} reasons:", problems.len())?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl core::error::Error for ConfigError {}
