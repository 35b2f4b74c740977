//! Errors without `std`: written to whatever there is to write to.

use core::fmt::{self, Write};

use nebula_memory::LocalFixedPool;

/// As much text as fits.
struct Line<const BYTES: usize> {
    bytes: [u8; BYTES],
    len: usize,
}

impl<const BYTES: usize> Write for Line<BYTES> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// The whole story is told without a heap.
///
/// # Panics
/// If anything is not as it should be.
pub fn reads_well() {
    let pool = LocalFixedPool::<u32, 1>::new();
    let _only = pool.alloc_with(|| 1);
    let error = pool.acquire().unwrap_err();

    let mut line = Line { bytes: [0; 512], len: 0 };
    write!(line, "{error:#}").expect("512 bytes are enough for an error");
    let text = str::from_utf8(&line.bytes[..line.len]).expect("text is UTF-8");
    assert!(text.contains("Code: ALLOC_POOL_EXHAUSTED"), "{text}");
    assert!(text.contains("pool of `u32` (1 slot, 0 available)"), "{text}");
    assert!(text.contains(error.suggestion()), "{text}");
}
