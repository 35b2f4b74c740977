//! What sanitizers are told: that memory must not be touched, so that they stop at the write itself, not at the next
//! check.

use core::ptr::NonNull;

/// Nobody may touch this memory.
///
/// # Safety
/// The memory is nobody's but ours.
pub(super) unsafe fn forbid(start: NonNull<u8>, len: usize) {
    #[cfg(nebula_asan)]
    // SAFETY: the runtime of the sanitizer, told of memory that is ours.
    unsafe {
        asan::__asan_poison_memory_region(start.as_ptr().cast(), len);
    }
    #[cfg(all(feature = "valgrind", target_arch = "x86_64", target_os = "linux", not(miri)))]
    valgrind::request(valgrind::MAKE_MEM_NOACCESS, start, len);
    let _ = (start, len);
}

/// This memory may be touched, and what is in it counts as written.
///
/// # Safety
/// The memory is nobody's but ours.
pub(super) unsafe fn allow(start: NonNull<u8>, len: usize) {
    #[cfg(nebula_asan)]
    // SAFETY: the runtime of the sanitizer, told of memory that is ours.
    unsafe {
        asan::__asan_unpoison_memory_region(start.as_ptr().cast(), len);
    }
    #[cfg(all(feature = "valgrind", target_arch = "x86_64", target_os = "linux", not(miri)))]
    valgrind::request(valgrind::MAKE_MEM_DEFINED, start, len);
    let _ = (start, len);
}

#[cfg(nebula_asan)]
mod asan {
    unsafe extern "C" {
        pub(super) fn __asan_poison_memory_region(start: *const core::ffi::c_void, size: usize);
        pub(super) fn __asan_unpoison_memory_region(start: *const core::ffi::c_void, size: usize);
    }
}

#[cfg(all(feature = "valgrind", target_arch = "x86_64", target_os = "linux", not(miri)))]
mod valgrind {
    use core::ptr::NonNull;

    /// Requests of memcheck, as its manual numbers them: `'M'`, `'C'`, and a count.
    const MEMCHECK: usize = 0x4D43_0000;
    pub(super) const MAKE_MEM_NOACCESS: usize = MEMCHECK;
    pub(super) const MAKE_MEM_DEFINED: usize = MEMCHECK + 2;

    /// A client request: rotations that change nothing together, which valgrind recognises and a processor does not.
    pub(super) fn request(code: usize, start: NonNull<u8>, len: usize) {
        let arguments = [code, start.addr().get(), len, 0, 0, 0];
        // SAFETY: the rotations restore the register, the exchange is of a register with itself; valgrind reads the
        // arguments and writes the result.
        unsafe {
            core::arch::asm!(
                "rol rdi, 3",
                "rol rdi, 13",
                "rol rdi, 61",
                "rol rdi, 51",
                "xchg rbx, rbx",
                in("rax") &raw const arguments,
                inout("rdx") 0_usize => _,
                out("rdi") _,
            );
        }
    }
}
