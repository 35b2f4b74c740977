//! Arguments: unknown, without value, of a wrong kind; the function is still there.
use nebula_memory::arena;

#[arena(capasity = 64)]
fn typo() -> u8 {
    *arena.alloc(1)
}
#[arena(capacity)]
fn word() -> u8 {
    *arena.alloc(1)
}
#[arena(name = "memory")]
fn quoted() -> u8 {
    *arena.alloc(1)
}
#[arena(threading = shared)]
fn later() {}
#[arena(name = a, name = b)]
fn twice() {}

fn main() { let _ = (typo(), word(), quoted(), later(), twice()); }
