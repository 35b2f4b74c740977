//! What the freestanding program does, one test each, where a failure can say what it is.

use tests_no_std::{bump, error, pool};

#[test]
fn bump_on_the_stack() {
    bump::on_the_stack();
}

#[test]
fn bump_in_a_static() {
    bump::in_a_static();
}

#[test]
fn bump_scopes() {
    bump::scopes();
}

#[test]
fn errors() {
    error::reads_well();
}

#[test]
fn local_pool() {
    pool::on_the_stack();
}

#[cfg(target_has_atomic = "64")]
#[test]
fn static_pools() {
    tests_no_std::static_pool::by_hand();
    tests_no_std::static_pool::derived();
    tests_no_std::static_pool::reused();
}
