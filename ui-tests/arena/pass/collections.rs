//! Collections and owning boxes in the arena of a function.
#![deny(warnings)]
use allocator_api2::vec::Vec;
use nebula_memory::arena;

#[arena]
fn sum(values: &[u32]) -> u32 {
    let mut doubled = Vec::new_in(&arena);
    doubled.extend(values.iter().map(|v| v * 2));
    let text = arena.alloc_box(String::from("abc"));
    doubled.iter().sum::<u32>() + text.len() as u32
}

fn main() {
    assert_eq!(sum(&[1, 2, 3]), 15);
}
