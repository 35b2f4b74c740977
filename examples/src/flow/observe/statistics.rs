//! A collector, and a thread that makes it look.

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use nebula_memory::stats::{ExportError, HtmlExporter, Kind, StatsCollector, StatsExporter, StatsSnapshot};

use crate::flow::{
    memory::Watched,
    report::{DISPLAY, MEMORY, leave_out},
};

/// How often it looks.
const INTERVAL: Duration = Duration::from_millis(20);
/// How many moments are kept: the last minute.
const KEPT: usize = 3000;

/// Looks at the memory of all runs from now on.
pub(crate) struct Statistics {
    collector: Arc<StatsCollector>,
    /// Dropped, it ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Statistics {
    /// # Errors
    /// If there cannot be a thread.
    pub(crate) fn start() -> io::Result<Self> {
        let collector = Arc::new(StatsCollector::new());
        collector.keep(KEPT);
        Watched::register(&collector);
        // Where the program's own allocations come from, those of the arenas among them.
        for scope in ["run", DISPLAY] {
            collector
                .register_with(scope, Kind::Scope, move || Some(MEMORY.scope(scope).unwrap_or_default()));
        }
        collector.tick();
        let (stop, stopped) = channel::<()>();
        let run = {
            let collector = Arc::clone(&collector);
            move || {
                // Not the collector's own thread, because what it allocates is not the memory of a run.
                let _left_out = leave_out();
                while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    collector.tick();
                }
            }
        };
        let thread = thread::Builder::new().name("flow-statistics".into()).spawn(run)?;
        Ok(Self { collector, stop: Some(stop), thread: Some(thread) })
    }

    pub(super) fn collector(&self) -> Arc<StatsCollector> {
        Arc::clone(&self.collector)
    }

    /// Looks once more.
    pub(crate) fn look(&self) {
        self.collector.tick();
    }

    /// Writes the page.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write_page(&self, file: &Path) -> io::Result<()> {
        let (exporter, now) = page(&self.collector);
        fs::write(file, exporter.export(&now).map_err(other)?)
    }
}

fn other(error: ExportError) -> io::Error {
    io::Error::other(error)
}

/// The page as of the last look. When all runs are over nobody looks any more, so that the time line ends with them.
pub(super) fn page(collector: &StatsCollector) -> (HtmlExporter, Arc<StatsSnapshot>) {
    let history = collector.history();
    let last = history.last().map_or_else(|| Arc::new(collector.snapshot()), Arc::clone);
    (HtmlExporter::new().with_title("flow: memory of the runs").with_history(&history), last)
}

impl Drop for Statistics {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, the message has been printed, and the results matter more.
            let _ = thread.join();
        }
    }
}
