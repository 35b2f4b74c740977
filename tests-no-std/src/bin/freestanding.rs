//! The proof that nothing needs `std` or a heap: with `std` this program does not compile, because it brings the panic
//! handler `std` would bring, and with `alloc` neither, because it has no global allocator.
//!
//! A program without `std` cannot unwind, so `panic = "abort"` is what tells:
//! `CARGO_PROFILE_RELEASE_PANIC=abort cargo run --release -p tests-no-std` (optimised, because `core` is compiled for
//! unwinding and would ask for the rest of it). With unwinding this is a hosted program that does the same.
#![cfg_attr(panic = "abort", no_std, no_main)]

#[cfg(not(panic = "abort"))]
fn main() {
    tests_no_std::all();
}

#[cfg(panic = "abort")]
mod bare {
    use core::ffi::c_int;
    use core::panic::PanicInfo;

    // The start-up code that calls `main`, and `memcpy`; not an allocator.
    #[link(name = "c")]
    unsafe extern "C" {
        safe fn abort() -> !;
    }

    // SAFETY: the one symbol of this name: a program without Rust's `main` has to bring its own.
    #[unsafe(no_mangle)]
    extern "C" fn main() -> c_int {
        tests_no_std::all();
        0
    }

    #[panic_handler]
    fn panic(_: &PanicInfo<'_>) -> ! {
        abort()
    }
}
