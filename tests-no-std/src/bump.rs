//! [`BumpAllocator`] over memory that somebody else owns.

use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicBool, Ordering};

use nebula_memory::{AllocErrorCode, BumpAllocator, alloc, memory_scope};

const HEAP_BYTES: usize = 1024;

#[repr(align(16))]
struct Heap([MaybeUninit<u8>; HEAP_BYTES]);

static mut HEAP: Heap = Heap([const { MaybeUninit::uninit() }; HEAP_BYTES]);
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The static buffer, for the first who asks.
fn take_heap() -> Option<&'static mut [MaybeUninit<u8>]> {
    if TAKEN.swap(true, Ordering::AcqRel) {
        return None;
    }
    let heap = &raw mut HEAP;
    // SAFETY: only one caller gets here, because the flag is never cleared, and nothing else names `HEAP`; so the
    // reference is the only one there will ever be.
    Some(unsafe { &mut (*heap).0 })
}

#[derive(Debug, PartialEq)]
struct Reading {
    sensor: u16,
    millivolts: [u32; 4],
}

/// A buffer in the caller's frame.
///
/// # Panics
/// If anything is not as it should be.
pub fn on_the_stack() {
    let mut buffer = [MaybeUninit::uninit(); 256];
    let mut memory: BumpAllocator<_> = BumpAllocator::from_buffer(&mut buffer);

    let reading = alloc!(memory, Reading { sensor: 7, millivolts: [3300; 4] });
    reading.millivolts[0] = 1800;
    let name = memory.alloc_str("battery");
    let squares = alloc!(memory, [u16; 5] = |index| u16::try_from(index * index).unwrap_or(0));
    assert_eq!(*reading, Reading { sensor: 7, millivolts: [1800, 3300, 3300, 3300] });
    assert_eq!((&*name, &*squares), ("battery", &[0, 1, 4, 9, 16][..]));

    let error = memory.try_alloc([0_u8; 256]).unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::OutOfMemory);
    memory.reset();
    assert_eq!(memory.used(), 0);
}

/// A buffer that lives as long as the program.
///
/// # Panics
/// If anything is not as it should be, or when called a second time: the buffer is handed out once.
pub fn in_a_static() {
    let buffer = take_heap().expect("this function runs once");
    let memory: BumpAllocator<_> = BumpAllocator::from_buffer(buffer);
    assert_eq!(memory.capacity(), HEAP_BYTES);
    let ticks = memory.alloc_slice_fill_with(HEAP_BYTES / 8, |index| index as u64);
    assert_eq!(ticks.last(), Some(&127));
    assert!(memory.try_alloc(1_u64).is_err());
}

/// Scopes reuse the same bytes, and values of the outer one stay usable.
///
/// # Panics
/// If anything is not as it should be.
pub fn scopes() {
    let mut buffer = [MaybeUninit::uninit(); 64];
    let mut memory: BumpAllocator<_> = BumpAllocator::from_buffer(&mut buffer);
    let sum = memory_scope!("sum", memory, {
        let sum = memory.alloc(0_u32);
        for round in 1..=100 {
            memory_scope!(memory, |inner| {
                let line = inner.alloc_slice_copy(&[round; 8]);
                *sum += line.iter().sum::<u32>();
            });
        }
        *sum
    });
    assert_eq!(sum, 8 * 5050);
}
