//! A value built by `acquire()…finish()` is never copied as a whole, neither in a debug nor in a release build.
//!
//! How this is shown: `fixtures/no_memcpy.rs`, a crate with a struct of 4096 bytes, is compiled twice to LLVM's
//! intermediate code, which holds all that was instantiated for it (setters, guard, `finish`, the pool's box). There
//! a copy of a type is a call of `llvm.memcpy` or `llvm.memmove` with its size as a number. The only function with
//! one of 4096 bytes or more must be the one that copies such a struct on purpose, which also shows that the search
//! finds them.
#![cfg(all(feature = "macros", not(miri)))]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const WHOLE: u64 = 4096;

/// Compiles the fixture and returns its intermediate code.
fn compile(opt_level: &str) -> String {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_memcpy");
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(&package).unwrap();
    let manifest = format!(
        "[package]\nname = \"no-memcpy\"\nedition = \"2024\"\n[workspace]\n[lib]\npath = '{}'\n\
         [dependencies]\nnebula-memory = {{ path = '{}', default-features = false, features = [\"macros\"] }}\n",
        source.join("tests/fixtures/no_memcpy.rs").display(),
        source.display(),
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::copy(source.join("../Cargo.lock"), package.join("Cargo.lock")).unwrap();
    let ir = package.join(format!("{opt_level}.ll"));
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["rustc", "--offline", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(package.join("target"))
        .args(["--", "-Ccodegen-units=1", &format!("--emit=llvm-ir={}", ir.display())])
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", opt_level)
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(PathBuf::from(&ir)).unwrap()
}

/// The functions that copy a whole struct.
fn copying_functions(ir: &str) -> Vec<&str> {
    let mut function = "";
    let mut found = Vec::new();
    for line in ir.lines() {
        if line.starts_with("define") {
            function = line;
        } else if line.contains("call")
            && ["@llvm.mem", "@memcpy", "@memmove"].iter().any(|name| line.contains(name))
        {
            let sizes = line.split(['(', ',', ')']).filter_map(|part| part.trim().strip_prefix("i64 "));
            if sizes.filter_map(|size| size.parse().ok()).any(|size: u64| size >= WHOLE) {
                found.push(function);
            }
        }
    }
    found
}

#[test]
fn no_whole_copies() {
    for opt_level in ["0", "3"] {
        let ir = compile(opt_level);
        assert!(ir.contains("no_memcpy4page"), "the function that builds is there");
        let found = copying_functions(&ir);
        let (expected, others): (Vec<&str>, Vec<&str>) =
            found.into_iter().partition(|line| line.contains("copies_a_page"));
        assert_eq!(expected.len(), 1, "the search finds a copy at opt-level {opt_level}");
        assert!(others.is_empty(), "copies of the whole struct at opt-level {opt_level}: {others:#?}");
    }
}
