use core::fmt;

use super::AllocError;

/// What is written around the parts of an error.
#[derive(Clone, Copy)]
pub(super) struct Style {
    alarm: &'static str,
    advice: &'static str,
    quiet: &'static str,
    end: &'static str,
}

impl Style {
    pub(super) const PLAIN: Self = Self { alarm: "", advice: "", quiet: "", end: "" };
    /// As terminals understand it (ECMA-48).
    #[cfg(feature = "std")]
    pub(super) const COLORED: Self =
        Self { alarm: "\u{1b}[1;31m", advice: "\u{1b}[33m", quiet: "\u{1b}[2m", end: "\u{1b}[0m" };
}

/// `1 byte`, `2 bytes`.
struct Counted(usize, &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// Writes an error; with the scopes it happened in, if `whole`.
pub(super) fn write_error(
    error: &AllocError,
    f: &mut fmt::Formatter<'_>,
    style: Style,
    whole: bool,
) -> fmt::Result {
    let Style { alarm, advice, quiet, end } = style;
    writeln!(f, "{alarm}❌ Memory Allocation Error{end}")?;
    writeln!(f, "   {quiet}Code:{end} {alarm}{}{end} ({})", error.code, error.code.message())?;
    write!(f, "   {quiet}Allocator:{end} {}", error.allocator.as_str())?;
    if let Some(name) = error.type_name() {
        write!(f, " of `{name}`")?;
    }
    if let Some(state) = error.state() {
        let held = Counted(state.capacity, error.allocator.unit());
        write!(f, " ({held}, {} available)", state.available)?;
    }
    writeln!(f)?;
    if let Some(layout) = error.layout() {
        let size = Counted(layout.size(), "byte");
        writeln!(f, "   {quiet}Layout:{end} {size} (alignment: {})", layout.align())?;
    }
    if let Some(block) = error.block_address() {
        writeln!(f, "   {quiet}Block:{end} at {block:#x}")?;
    }
    if whole {
        error.trail.describe(f)?;
    }
    write!(f, "\n{advice}💡 Suggestion:{end}\n   {}", error.suggestion())
}

impl fmt::Display for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_error(self, f, Style::PLAIN, f.alternate())
    }
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;
    use std::string::ToString;

    use crate::error::{AllocError, AllocatorKind};

    #[test]
    fn reads_as_designed() {
        let layout = Layout::from_size_align(2048, 8).unwrap();
        let error = AllocError::out_of_memory(AllocatorKind::Bump, layout).with_room(4096, 48);
        assert_eq!(
            error.to_string(),
            "❌ Memory Allocation Error
   Code: ALLOC_OUT_OF_MEMORY (the allocator has no block of this size left)
   Allocator: bump (4096 bytes, 48 available)
   Layout: 2048 bytes (alignment: 8)

💡 Suggestion:
   Give the allocator more capacity, reset it, or end a scope before this one"
        );
        let too_large = AllocError::out_of_memory(AllocatorKind::Bump, layout).with_room(1024, 1024);
        assert!(error.is_retryable() && !too_large.is_retryable());
        assert!(std::format!("{too_large:?}").contains("more than it has when it is empty"));
        let overflow = AllocError::capacity_overflow(AllocatorKind::Arena).to_string();
        assert!(overflow.contains("   Allocator: arena\n\n💡"), "{overflow}");
        let pool = AllocError::pool_exhausted(layout, 16).to_string();
        assert!(pool.contains("pool (16 slots, 0 available)"), "{pool}");
        let typed = AllocError::pool_exhausted(layout, 1).with_type::<u8>();
        assert!(typed.to_string().contains("   Allocator: pool of `u8` (1 slot, 0 available)\n"), "{typed}");
        assert_ne!(typed, AllocError::pool_exhausted(layout, 1));
    }
}
