//! A write into a block that was freed, and who finds it: [`Poisoned`] at its next check; built for
//! `AddressSanitizer` (`RUSTFLAGS="-Zsanitizer=address --cfg nebula_asan"`) or run under valgrind (feature `valgrind`), the
//! sanitizer at the write itself.

use std::alloc::Layout;

use nebula_memory::{Allocator, Poisoned, SystemAllocator};

fn main() -> Result<(), nebula_memory::AllocError> {
    let memory = Poisoned::new(SystemAllocator);
    let layout = Layout::new::<[u8; 24]>();
    let block = memory.allocate(layout)?.cast::<u8>();
    // SAFETY: allocated above. That the block is used afterwards is the mistake to be found; the memory is still there,
    // in quarantine.
    unsafe { memory.deallocate(block, layout) };
    println!("before the write: {:?}", memory.check().map_err(|error| error.code()));
    // SAFETY: within what was the block.
    let place = unsafe { block.add(3) };
    // SAFETY: none: this is the mistake.
    unsafe { place.write_volatile(7) };
    match memory.check() {
        Ok(()) => println!("nobody noticed"),
        Err(error) => println!("after the write:\n{error}"),
    }
    Ok(())
}
