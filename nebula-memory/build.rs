//! Tells the crate whether this compiler takes unstable features.
//!
//! Without this, the feature `nightly`, and with it `--all-features`, would not build on a stable compiler; with it, the
//! feature adds nothing there.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(nebula_nightly)");
    if env::var_os("CARGO_FEATURE_NIGHTLY").is_some() && is_nightly() == Some(true) {
        println!("cargo::rustc-cfg=nebula_nightly");
    }
}

/// Whether the compiler calls itself one of the nightly channel, or built from source.
fn is_nightly() -> Option<bool> {
    let output = Command::new(env::var_os("RUSTC")?).arg("-V").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.contains("-nightly") || version.contains("-dev"))
}
