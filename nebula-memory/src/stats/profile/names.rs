//! What the functions on a stack are called.

use super::profile::Frame;
use super::stack::Stack;

/// Without the feature `profile` stacks are empty.
#[cfg(not(feature = "profile"))]
pub(super) fn frames(_: &Stack) -> std::vec::Vec<Frame> {
    std::vec::Vec::new()
}

#[cfg(feature = "profile")]
pub(super) use known::frames;

#[cfg(feature = "profile")]
mod known {
    use std::collections::HashMap;
    use std::format;
    use std::string::{String, ToString};
    use std::sync::{Mutex, PoisonError};
    use std::vec::Vec;

    use super::super::stack::Code;
    use super::{Frame, Stack};

    /// What was looked up, by address: one address may be in several functions, one inlined in the other.
    static KNOWN: Mutex<Option<HashMap<usize, Vec<Frame>>>> = Mutex::new(None);

    /// The functions, the innermost first, without those that are this crate's way from the allocator.
    pub(in super::super) fn frames(stack: &Stack) -> Vec<Frame> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_default();
        let mut frames = Vec::new();
        for &code in stack.frames() {
            frames.extend_from_slice(known.entry(code.0.addr()).or_insert_with(|| look_up(code)));
        }
        let own = frames.iter().take_while(|frame| !is_entrance(&frame.function)).count();
        // Past the entrance, if there is one; where it was inlined, past what is ours.
        let skip = if own < frames.len() {
            own + frames[own..].iter().take_while(|frame| is_entrance(&frame.function)).count()
        } else {
            frames.iter().rposition(|frame| is_ours(&frame.function)).map_or(0, |last| last + 1)
        };
        frames.drain(..skip);
        frames
    }

    /// What a program calls to allocate.
    fn is_entrance(function: &str) -> bool {
        ["__rust_alloc", "__rust_alloc_zeroed", "__rust_realloc", "__rdl_alloc", "__rg_alloc"]
            .iter()
            .any(|name| function.rsplit("::").next().is_some_and(|last| last.starts_with(name)))
    }

    fn is_ours(function: &str) -> bool {
        function.contains("nebula_memory::stats::profile::") || function.starts_with("backtrace::")
    }

    fn look_up(code: Code) -> Vec<Frame> {
        let mut frames = Vec::new();
        // The address is where the call returns to, which may be in the next line, or the next function.
        let call = if cfg!(miri) { code.0 } else { code.0.wrapping_byte_sub(1) };
        backtrace::resolve(call, |symbol| {
            frames.push(Frame {
                function: symbol.name().map_or_else(|| unknown(code), |name| format!("{name:#}")),
                file: symbol.filename().map(|file| file.display().to_string()),
                line: symbol.lineno(),
            });
        });
        if frames.is_empty() {
            frames.push(Frame { function: unknown(code), file: None, line: None });
        }
        frames
    }

    fn unknown(code: Code) -> String {
        format!("{:#x}", code.0.addr())
    }
}
