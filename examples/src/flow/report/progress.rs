//! Shows how far a run has come, on a terminal.

use std::{
    io::IsTerminal,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::counting;

/// A bar on standard error, drawn by a thread of its own; without a terminal, nothing.
pub(crate) struct Progress {
    read: Arc<AtomicU64>,
    display: Option<Display>,
}

struct Display {
    total: Arc<AtomicU64>,
    label: Arc<Mutex<String>>,
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let read = Arc::<AtomicU64>::default();
        let display = std::io::stderr().is_terminal().then(|| Display::new(Arc::clone(&read)));
        Self { read, display }
    }

    /// What is being done.
    pub(crate) fn label(&self, label: String) {
        if let Some(display) = &self.display {
            *display.label.lock().unwrap_or_else(PoisonError::into_inner) = label;
        }
    }

    /// The next file is `path`.
    pub(crate) fn begin(&self, path: &Path) {
        self.read.store(0, Ordering::Relaxed);
        if let Some(display) = &self.display {
            let size = path.metadata().map_or(0, |data| data.len());
            display.total.store(size, Ordering::Relaxed);
        }
    }

    /// Counts the bytes of the file that have been read.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }
}

impl Display {
    fn new(read: Arc<AtomicU64>) -> Self {
        let total = Arc::<AtomicU64>::default();
        let label = Arc::<Mutex<String>>::default();
        let done = Arc::<AtomicBool>::default();
        let thread = {
            let (total, label, done) = (Arc::clone(&total), Arc::clone(&label), Arc::clone(&done));
            move || {
                let _left_out = counting::leave_out();
                let bar = ProgressBar::new(0);
                if let Ok(style) =
                    ProgressStyle::with_template("{spinner} {msg:36} {wide_bar:.cyan/dim} {percent:>3}%")
                {
                    bar.set_style(style.progress_chars("━╸─"));
                }
                while !done.load(Ordering::Relaxed) {
                    thread::park_timeout(Duration::from_millis(60));
                    bar.set_length(total.load(Ordering::Relaxed));
                    bar.set_message(label.lock().unwrap_or_else(PoisonError::into_inner).clone());
                    bar.set_position(read.load(Ordering::Relaxed));
                    bar.tick();
                }
                bar.finish_and_clear();
            }
        };
        let thread = thread::Builder::new().name("flow-progress".into()).spawn(thread).ok();
        Self { total, label, done, thread }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // Whatever became of the bar, the results matter more.
            let _ = thread.join();
        }
    }
}
