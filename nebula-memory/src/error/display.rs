use core::fmt;

use super::AllocError;

impl fmt::Display for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "❌ Memory Allocation Error")?;
        writeln!(f, "   Code: {} ({})", self.code, self.code.message())?;
        write!(f, "   Allocator: {}", self.allocator.as_str())?;
        if let Some(room) = self.room() {
            write!(f, " ({} {}, {} available)", room.capacity, self.allocator.unit(), room.available)?;
        }
        writeln!(f)?;
        if let Some(layout) = self.layout() {
            writeln!(f, "   Layout: {} bytes (alignment: {})", layout.size(), layout.align())?;
        }
        if let Some(block) = self.block_address() {
            writeln!(f, "   Block: at {block:#x}")?;
        }
        if f.alternate() {
            self.trail.describe(f)?;
        }
        write!(f, "\n💡 Suggestion:\n   {}", self.suggestion())
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
    }
}
