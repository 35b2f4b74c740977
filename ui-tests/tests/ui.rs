//! What must compile and what must not, with the exact message.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` writes the messages anew.

use std::process::Command;

/// The toolchain the messages in `*.stderr` are from: they differ from one to the next.
const TOOLCHAIN: &str = "rustc 1.95.0 ";

const FOLDERS: [&str; 16] = [
    "pooled",
    "builder",
    "arena",
    "scope",
    "alloc",
    "allocator",
    "budget",
    "dealloc",
    "cached",
    "cache_key",
    "runtime",
    "stack",
    "handle",
    "lifecycle",
    "collections",
    "pool",
];

#[test]
fn ui() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("-V").output().expect("rustc runs").stdout;
    let version = String::from_utf8_lossy(&version);
    assert!(
        version.starts_with(TOOLCHAIN),
        "the expected messages are those of `{}`, this is `{}`: run `cargo +1.95.0 test -p ui-tests`",
        TOOLCHAIN.trim_end(),
        version.trim_end(),
    );

    let cases = trybuild::TestCases::new();
    for name in FOLDERS {
        cases.pass(format!("{name}/pass/*.rs"));
        cases.compile_fail(format!("{name}/fail/*.rs"));
    }
}
