//! Brings the bytes of a file, decompressed.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use flate2::bufread::MultiGzDecoder;

use super::ring::Ring;
use crate::flow::error::FlowError;

/// The bytes that are handed over at once.
pub(super) const BLOCK: usize = 64 * 1024;
/// One being filled, one being read, two to even out.
const BLOCKS: usize = 4;
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// Whether a file is worth a thread of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speed {
    /// A stream of records: read and decompressed ahead, on another thread.
    Stream,
    /// A table that is read once, at the start.
    Table,
}

/// Where blocks of bytes come from.
pub(super) struct Feed {
    path: PathBuf,
    gzip: bool,
    /// Of the file as it is stored.
    size: u64,
    source: Blocks,
}

enum Blocks {
    Here(Box<dyn Read>),
    Thread { ring: Arc<Ring>, handle: Option<JoinHandle<()>> },
}

impl Feed {
    /// Opens `path`; `progress` counts the bytes of the file that have been read.
    pub(super) fn open(path: &Path, speed: Speed, progress: &Arc<AtomicU64>) -> Result<Self, FlowError> {
        let cannot = |source: io::Error| {
            let help = match source.kind() {
                io::ErrorKind::NotFound => {
                    "file names in a workflow are relative to the data folder; choose it with `--data DIR`"
                }
                io::ErrorKind::PermissionDenied => "allow this user to read the file",
                _ => "a source is a CSV file, plain or compressed with gzip",
            };
            FlowError::Read { path: path.to_owned(), source, help: help.to_owned() }
        };
        let file = File::open(path).map_err(cannot)?;
        let size = file.metadata().map_err(cannot)?.len();
        let counted = Counted { file, progress: Arc::clone(progress) };
        let mut buffered = BufReader::with_capacity(BLOCK / 2, counted);
        let gzip = buffered.fill_buf().map_err(cannot)?.starts_with(&GZIP_MAGIC);
        let mut reader: Box<dyn Read + Send> =
            if gzip { Box::new(MultiGzDecoder::new(buffered)) } else { Box::new(buffered) };
        let source = match speed {
            Speed::Table => Blocks::Here(reader),
            Speed::Stream => {
                let ring = Arc::new(Ring::new(BLOCKS, BLOCK));
                let producer = Arc::clone(&ring);
                let work = move || {
                    // A panic here must reach the reader as an error: it would wait for ever otherwise.
                    let outcome = catch_unwind(AssertUnwindSafe(|| produce(&mut *reader, &producer)));
                    producer.finish(
                        outcome
                            .unwrap_or_else(|_| Err(io::Error::other("the decompressing thread panicked"))),
                    );
                };
                let handle = thread::Builder::new().name("flow-reader".into()).spawn(work).map_err(cannot)?;
                Blocks::Thread { ring, handle: Some(handle) }
            }
        };
        Ok(Self { path: path.to_owned(), gzip, size, source })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// About how many bytes the file gives; text usually shrinks to a quarter.
    pub(super) fn expected_bytes(&self) -> u64 {
        if self.gzip { self.size.saturating_mul(4) } else { self.size }
    }

    /// Puts the next bytes into `block`, whose old content is spent; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Vec<u8>) -> Result<bool, FlowError> {
        let outcome = match &mut self.source {
            Blocks::Thread { ring, .. } => ring.next(std::mem::take(block)).map(|next| match next {
                Some(next) => {
                    *block = next;
                    true
                }
                None => false,
            }),
            Blocks::Here(reader) => {
                block.reserve_exact(BLOCK.saturating_sub(block.len()));
                fill(&mut **reader, block).map(|()| !block.is_empty())
            }
        };
        outcome.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> FlowError {
        if self.gzip && source.raw_os_error().is_none() {
            return FlowError::Gzip { path: self.path.clone(), detail: source.to_string() };
        }
        let help = "the file could be opened, but not read to its end".to_owned();
        FlowError::Read { path: self.path.clone(), source, help }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Blocks::Thread { ring, handle } = &mut self.source {
            ring.close();
            if let Some(handle) = handle.take() {
                // The thread catches its own panics, and reports them through the ring.
                let _ = handle.join();
            }
        }
    }
}

fn produce(reader: &mut dyn Read, ring: &Ring) -> io::Result<()> {
    while let Some(mut block) = ring.empty() {
        fill(reader, &mut block)?;
        if block.is_empty() {
            break;
        }
        ring.fill(block);
    }
    Ok(())
}

/// Fills `block` as far as the reader goes.
fn fill(reader: &mut dyn Read, block: &mut Vec<u8>) -> io::Result<()> {
    block.resize(BLOCK, 0);
    let mut len = 0;
    while len < BLOCK {
        match reader.read(&mut block[len..]) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    block.truncate(len);
    Ok(())
}

/// Counts what has been read of a file.
struct Counted {
    file: File,
    progress: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
