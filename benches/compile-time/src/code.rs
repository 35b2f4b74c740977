//! What the optimiser makes of a builder: the same as of writing the fields by hand.

use std::fmt::Write as _;

use crate::workspace::Workspace;

pub(crate) const PACKAGE: &str = "machine-code";

/// A struct of 4 KiB, built by hand and by its builder: with values that are known, and with values from functions
/// that may panic. `literal` is what one would write without either.
pub(crate) const SOURCE: &str = include_str!("code/source.rs");

/// One function.
pub(crate) struct Code {
    pub(crate) instructions: usize,
    /// Bytes of its stack frame, without saved registers.
    pub(crate) stack: usize,
    /// Calls of `memcpy` or `memmove` in it.
    pub(crate) copies: usize,
    /// Its instructions, without what differs from place to place.
    text: String,
}

pub(crate) struct Codes {
    pub(crate) known: [Code; 2],
    pub(crate) panicking: [Code; 2],
    pub(crate) literal: Code,
}

impl Codes {
    /// Whether the builder is, instruction by instruction, what was written by hand.
    pub(crate) fn same(&self) -> bool {
        self.known[0].text == self.known[1].text
    }
}

pub(crate) fn measure(workspace: &Workspace) -> Result<Codes, String> {
    let assembly = workspace.assembly(PACKAGE)?;
    let of =
        |name| find(&assembly, name).ok_or_else(|| format!("there is no function `{name}` in the assembly"));
    Ok(Codes {
        known: [of("known_by_hand")?, of("known_by_builder")?],
        panicking: [of("panicking_by_hand")?, of("panicking_by_builder")?],
        literal: of("panicking_by_literal")?,
    })
}

fn find(assembly: &str, name: &str) -> Option<Code> {
    let mut lines = assembly.lines();
    lines.find(|line| line.strip_suffix(':') == Some(name))?;
    let mut code = Code { instructions: 0, stack: 0, copies: 0, text: String::new() };
    for line in lines.take_while(|line| !line.starts_with(".Lfunc_end")) {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['.', '#']) {
            continue;
        }
        code.instructions += 1;
        if let Some(size) = line.strip_prefix("subq\t$").and_then(|rest| rest.strip_suffix(", %rsp")) {
            code.stack = size.parse().ok()?;
        }
        let called = line.starts_with("call") || line.starts_with("jmp");
        code.copies += usize::from(called && (line.contains("memcpy") || line.contains("memmove")));
        // Labels are numbered through the file.
        let target = if line.starts_with('j') { line.split('\t').next()? } else { line };
        let target = target.split(".L").next()?;
        writeln!(code.text, "{target}").ok()?;
    }
    Some(code)
}
