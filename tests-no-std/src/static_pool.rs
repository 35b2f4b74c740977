//! Pools in a `static`, for many threads or interrupt handlers at once.

use nebula_memory::{FixedPool, Pooled};

struct Packet([u8; 1500]);

static PACKETS: FixedPool<Packet, 8, 64> = FixedPool::new();

/// A pool that is written out.
///
/// # Panics
/// If anything is not as it should be.
pub fn by_hand() {
    let slot = PACKETS.acquire().expect("eight slots are free");
    let packet = slot.write_with(|| Packet([0xA5; 1500]));
    assert_eq!(core::ptr::from_ref(&*packet).addr() % 64, 0);
    assert_eq!((packet.0[1499], PACKETS.in_use()), (0xA5, 1));
    drop(packet);
    assert_eq!(PACKETS.available(), PACKETS.capacity());
}

#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Event {
    at: u64,
    #[pooled(default = 1)]
    priority: u8,
    source: Option<u16>,
}

/// A pool that `#[derive(Pooled)]` writes.
///
/// # Panics
/// If anything is not as it should be.
pub fn derived() {
    let event = Event::acquire().expect("four slots are free").at(12).source(3).finish();
    assert_eq!((event.at, event.priority, event.source), (12, 1, Some(3)));
    assert_eq!(size_of_val(&event), size_of::<usize>());
    assert_eq!((Event::CAPACITY, Event::pool().in_use()), (4, 1));
    drop(event);
    assert_eq!(Event::pool().available(), 4);
}

#[derive(Pooled)]
#[pooled(capacity = 2, reset, stats)]
struct Frame {
    number: u32,
    #[pooled(default = [0; 64], reset = keep)]
    bytes: [u8; 64],
    #[pooled(reset = default)]
    length: usize,
}

/// One that counts, and whose objects are used again.
///
/// # Panics
/// If anything is not as it should be.
pub fn reused() {
    for number in 0..10 {
        let mut frame = Frame::acquire().expect("two slots are free").number(number).finish();
        assert_eq!((frame.number, frame.length, u32::from(frame.bytes[63])), (number, 0, number));
        frame.bytes[63] += 1;
        frame.length = 64;
    }
    let stats = Frame::pool().stats();
    assert_eq!((stats.acquired, stats.released, stats.high_water, stats.exhausted), (10, 10, 1, 0));
}
