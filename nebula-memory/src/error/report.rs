use core::fmt;
use std::io::IsTerminal;

use super::AllocError;
use super::display::{Style, write_error};

/// An error as it is shown to people: with the scopes it happened in, and with colours where they are seen.
///
/// ```
/// use nebula_memory::{BumpAllocator, error::Report};
///
/// let error = BumpAllocator::new(8).try_alloc([0_u8; 9]).unwrap_err();
/// eprintln!("{}", Report::new(&error)); // coloured if standard error is a terminal
/// assert!(!Report::new(&error).colored(false).to_string().contains('\u{1b}'));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Report<'e> {
    error: &'e AllocError,
    colored: bool,
}

impl<'e> Report<'e> {
    /// Coloured if standard error is a terminal that shows colours, and `NO_COLOR` is not set.
    pub fn new(error: &'e AllocError) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { error, colored: std::io::stderr().is_terminal() && !refused && !dumb }
    }

    /// Coloured or not, whatever standard error is.
    #[must_use]
    pub fn colored(self, colored: bool) -> Self {
        Self { colored, ..self }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_error(self.error, f, if self.colored { Style::COLORED } else { Style::PLAIN }, true)
    }
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;
    use std::format;
    use std::string::ToString;

    use super::Report;
    use crate::error::{AllocError, AllocatorKind};

    #[test]
    fn colours_are_all_that_differs() {
        let error = AllocError::out_of_memory(AllocatorKind::Bump, Layout::new::<u64>()).with_room(64, 3);
        let plain = Report::new(&error).colored(false).to_string();
        assert_eq!(plain, format!("{error:#}"));
        let colored = Report::new(&error).colored(true).to_string();
        assert!(colored.contains("\u{1b}[1;31m") && colored.contains("\u{1b}[0m"));
        let stripped = ["\u{1b}[1;31m", "\u{1b}[33m", "\u{1b}[2m", "\u{1b}[0m"]
            .iter()
            .fold(colored, |text, code| text.replace(code, ""));
        assert_eq!(stripped, plain);
    }
}
