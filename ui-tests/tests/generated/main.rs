//! Random structs with both derives, each built in random ways beside a plain struct literal.
//!
//! One program with all of them is written, compiled and run, as a user's would be. It is the same in every run;
//! `NEBULA_SEED=7` writes another, `NEBULA_STRUCTS=500` a longer one, each 100 about half a minute of compiling.

mod field;
mod item;
mod random;

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use random::Random;

/// What every struct of the program uses.
const PRELUDE: &str = r"
#![allow(dead_code, non_snake_case, unused_mut, clippy::all)]
#![deny(unused_variables, unused_imports, deprecated)]
#![forbid(unsafe_code)]
use nebula_memory::{Builder, FixedPool, Pooled};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    static ALIVE: Cell<i32> = const { Cell::new(0) };
    static HOOKS: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// Counts how many of it there are.
#[derive(Debug, PartialEq)]
pub struct Noisy(u32);

pub fn noisy(n: u32) -> Noisy {
    ALIVE.set(ALIVE.get() + 1);
    Noisy(n)
}

impl Default for Noisy {
    fn default() -> Self {
        noisy(99)
    }
}

impl Clone for Noisy {
    fn clone(&self) -> Self {
        noisy(self.0)
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

/// A value of a setter that panics.
fn fails<T>() -> T {
    resume_unwind(Box::new(()))
}

fn acquired<T>(_: &mut T) {
    let (a, r) = HOOKS.get();
    HOOKS.set((a + 1, r));
}

fn released<T>(_: &mut T) {
    let (a, r) = HOOKS.get();
    HOOKS.set((a, r + 1));
}
";

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn generated_structs_behave_like_plain_ones() {
    let (seed, structs) = (number("NEBULA_SEED", 1), number("NEBULA_STRUCTS", 60));
    let mut random = Random::new(seed);
    let mut program = format!("//! Seed {seed}.{PRELUDE}");
    for index in 0..structs {
        program.push_str(&item::Item::random(&mut random, index).code(&mut random));
    }
    program.push_str("\nfn main() {\n");
    for index in 0..structs {
        writeln!(program, "    m{index}::run();").expect("writing to a string");
    }
    program.push_str("    assert_eq!(ALIVE.get(), 0);\n}\n");

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated_structs.rs");
    fs::write(&path, program).expect("the program can be written");
    trybuild::TestCases::new().pass(path);
}
