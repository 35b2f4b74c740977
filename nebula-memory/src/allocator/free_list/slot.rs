use core::cell::UnsafeCell;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ptr::NonNull;

/// An alignment in a type: `Align<64>`.
#[derive(Clone, Copy, Debug)]
pub struct Align<const BYTES: usize>;

mod sealed {
    pub trait Sealed {}
}

/// The alignments a pool's slots can have: the powers of two up to 65 536.
#[diagnostic::on_unimplemented(
    message = "a pool cannot align its slots as asked",
    label = "not a power of two up to 65536",
    note = "the alignment is the third parameter of `FixedPool`, in bytes: 1, 2, 4, … 65536"
)]
pub trait SlotAlign: sealed::Sealed {
    /// A type of size zero with this alignment.
    #[doc(hidden)]
    type Marker: Copy;
}

macro_rules! alignments {
    ($($bytes:literal $marker:ident),* $(,)?) => {$(
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        #[repr(align($bytes))]
        pub struct $marker;
        impl sealed::Sealed for Align<$bytes> {}
        impl SlotAlign for Align<$bytes> {
            type Marker = $marker;
        }
    )*};
}

alignments! {
    1 A1, 2 A2, 4 A4, 8 A8, 16 A16, 32 A32, 64 A64, 128 A128, 256 A256, 512 A512, 1024 A1024,
    2048 A2048, 4096 A4096, 8192 A8192, 16384 A16384, 32768 A32768, 65536 A65536,
}

/// The memory of one slot: never empty, so that every slot has an address of its own.
#[repr(C)]
pub(super) union Slot<T, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    align: [<Align<ALIGN> as SlotAlign>::Marker; 0],
    filler: u8,
    value: ManuallyDrop<MaybeUninit<T>>,
}

impl<T, const ALIGN: usize> Slot<T, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    pub(super) const NEW: Self = Self { value: ManuallyDrop::new(MaybeUninit::uninit()) };

    /// In a cell, because slots are written through a shared pool.
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    pub(super) const FREE: UnsafeCell<Self> = UnsafeCell::new(Self::NEW);

    /// Which of `slots` holds its value at `value`.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "a capacity fits u32")]
    pub(super) fn index_of(slots: &[UnsafeCell<Self>], value: NonNull<T>) -> u32 {
        let index = (value.addr().get() - slots.as_ptr().addr()) / size_of::<Self>();
        debug_assert!(index < slots.len(), "a slot of another pool");
        index as u32
    }
}

/// The capacity of a pool, as the free lists hold it.
#[expect(clippy::cast_possible_truncation, reason = "asserted")]
pub(super) const fn checked_capacity(capacity: usize) -> u32 {
    assert!(capacity > 0, "a pool of capacity zero can hold nothing: it must be at least 1");
    assert!(capacity < u32::MAX as usize, "a pool has fewer than 2^32 - 1 slots");
    capacity as u32
}
