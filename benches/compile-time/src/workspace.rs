//! The generated packages, and cargo on them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs};

use crate::code;
use crate::contender::{CONTENDERS, Contender, SHAPES, Shape};

/// What is timed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// `cargo check`, all anew.
    Check,
    /// `cargo check` after the body of an unrelated function in the file was edited.
    Edit,
    /// `cargo build`, all anew.
    Build,
    /// `cargo build --release`, all anew.
    Release,
}

impl Mode {
    pub(crate) const ALL: [Self; 4] = [Self::Check, Self::Edit, Self::Build, Self::Release];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Edit => "check, edit",
            Self::Build => "build",
            Self::Release => "release",
        }
    }

    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check | Self::Edit => &["check"],
            Self::Build => &["build"],
            Self::Release => &["build", "--release"],
        }
    }

    /// As a user has it: only release builds are not incremental; but what is compiled anew must not be helped.
    const fn incremental(self) -> &'static str {
        match self {
            Self::Edit => "1",
            _ => "0",
        }
    }
}

pub(crate) struct Workspace {
    root: PathBuf,
    offline: bool,
}

impl Workspace {
    /// Writes all packages.
    pub(crate) fn generate(offline: bool) -> Result<Self, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = here.ancestors().nth(2).ok_or("the package has moved")?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
        let this = Self { root: target.join("compile-time"), offline };
        let nebula = repository.join("nebula-memory").display().to_string();
        let mut members = Vec::new();
        for shape in SHAPES {
            for contender in CONTENDERS {
                let name = contender.package(shape);
                let dependency = contender.dependency.replace("NEBULA", &nebula);
                this.package(&name, &dependency, &contender.source(shape, 0))?;
                members.push(format!("{name:?}"));
            }
        }
        this.package(code::PACKAGE, &format!("nebula-memory = {{ path = {nebula:?} }}"), code::SOURCE)?;
        members.push(format!("{:?}", code::PACKAGE));
        let profile = "[profile.release]\nlto = false\ncodegen-units = 1\n";
        let manifest =
            format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n{profile}", members.join(", "));
        write(&this.root.join("Cargo.toml"), &manifest)?;
        Ok(this)
    }

    fn package(&self, name: &str, dependency: &str, source: &str) -> Result<(), String> {
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{dependency}\n"
        );
        write(&self.root.join(name).join("Cargo.toml"), &manifest)?;
        write(&self.root.join(name).join("src/lib.rs"), source)
    }

    /// Compiles all dependencies, and the packages once.
    pub(crate) fn prepare(&self, shape: Shape, mode: Mode) -> Result<(), String> {
        for contender in CONTENDERS {
            self.time(contender, shape, mode, u32::MAX)?;
        }
        Ok(())
    }

    /// One run of cargo on one package, whose file has changed.
    pub(crate) fn time(
        &self,
        contender: &Contender,
        shape: Shape,
        mode: Mode,
        round: u32,
    ) -> Result<Duration, String> {
        let package = contender.package(shape);
        let file = self.root.join(&package).join("src/lib.rs");
        let edit = if mode == Mode::Edit { round } else { 0 };
        write(&file, &contender.source(shape, edit))?;
        // Cargo compares times, and a fast machine may do both in one tick of the file system's clock.
        let later = SystemTime::now() + Duration::from_millis(10);
        let opened = fs::File::options().append(true).open(&file);
        opened.and_then(|file| file.set_modified(later)).map_err(|error| error.to_string())?;
        let mut cargo = self.cargo(mode.arguments());
        cargo.args(["--quiet", "--package", &package]).env("CARGO_INCREMENTAL", mode.incremental());
        let target = self.root.join(if mode == Mode::Edit { "target-incremental" } else { "target" });
        cargo.arg("--target-dir").arg(target);
        let start = Instant::now();
        run(&mut cargo)?;
        Ok(start.elapsed())
    }

    /// The size of a file with all macros expanded.
    pub(crate) fn expanded_bytes(&self, contender: &Contender, shape: Shape) -> Result<usize, String> {
        let mut cargo = self.cargo(&["rustc", "--quiet", "--profile", "check"]);
        cargo.args(["--package", &contender.package(shape), "--target-dir"]).arg(self.root.join("target"));
        // To look, on any compiler, at what it would compile.
        cargo.args(["--", "-Zunpretty=expanded"]).env("RUSTC_BOOTSTRAP", "1").env("CARGO_INCREMENTAL", "0");
        Ok(run(&mut cargo)?.len())
    }

    /// `cargo build` of the smallest package, with all dependencies, in an empty directory.
    pub(crate) fn clean_build(&self, contender: &Contender) -> Result<Duration, String> {
        let target = self.root.join("target-clean");
        if target.exists() {
            fs::remove_dir_all(&target).map_err(|error| error.to_string())?;
        }
        let mut cargo = self.cargo(&["build", "--quiet"]);
        cargo.args(["--package", &contender.package(SHAPES[0]), "--target-dir"]).arg(target);
        let start = Instant::now();
        run(&mut cargo)?;
        Ok(start.elapsed())
    }

    /// The assembly of an optimised package.
    pub(crate) fn assembly(&self, package: &str) -> Result<String, String> {
        let file = self.root.join(package).join("code.s");
        let mut cargo = self.cargo(&["rustc", "--quiet", "--release", "--package", package]);
        cargo.arg("--target-dir").arg(self.root.join("target"));
        cargo.args(["--", &format!("--emit=asm={}", file.display())]);
        run(&mut cargo)?;
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(arguments).arg("--manifest-path").arg(self.root.join("Cargo.toml"));
        if self.offline {
            cargo.arg("--offline");
        }
        for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR"] {
            cargo.env_remove(flags);
        }
        cargo.stdin(Stdio::null());
        cargo
    }
}

/// Runs a command and returns what it printed.
fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// Writes a file unless it says so already, so that nothing is compiled again for it.
fn write(file: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = file.parent().ok_or("a file is in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| format!("{}: {error}", file.display()))
}
