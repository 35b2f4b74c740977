//! A child gives back to its parent when it is dropped, so it cannot outlive it.

use nebula_memory::Budget;

fn main() {
    let _child = {
        let parent = Budget::new(100);
        parent.child(50)
    };
}
