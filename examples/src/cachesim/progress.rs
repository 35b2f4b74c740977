use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// How many replays are done: a bar on standard error if that is a terminal, else nothing.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Of so many replays.
    #[must_use]
    pub fn new(label: &str, replays: usize) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(replays as u64);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg:36} {wide_bar:.cyan/dim} {pos}/{len}")
        {
            bar.set_style(style.progress_chars("━╸─"));
        }
        bar.set_message(label.to_owned());
        bar.tick();
        Self(bar)
    }

    /// One is done.
    pub fn one_more(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
