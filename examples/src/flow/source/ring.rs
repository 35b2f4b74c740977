//! Blocks of bytes handed from one thread to another and back.
//!
//! A fixed set of buffers goes round: filled by the producer, emptied by the consumer. Nothing is allocated
//! after the start; the standard channels may allocate when a thread first waits.

use std::{
    collections::VecDeque,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// The buffers and who may use them.
pub(super) struct Ring {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    empty: Vec<Vec<u8>>,
    full: VecDeque<Vec<u8>>,
    /// Set once, by the producer.
    end: Option<io::Result<()>>,
    /// Set by the consumer when it wants no more.
    closed: bool,
}

impl Ring {
    pub(super) fn new(blocks: usize, block_size: usize) -> Self {
        let state = State {
            empty: (0..blocks).map(|_| Vec::with_capacity(block_size)).collect(),
            full: VecDeque::with_capacity(blocks),
            end: None,
            closed: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The lock is never held while code runs that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'l>(&self, guard: MutexGuard<'l, State>) -> MutexGuard<'l, State> {
        self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner)
    }

    /// For the producer: a buffer to fill, or `None` when nothing more is wanted.
    pub(super) fn empty(&self) -> Option<Vec<u8>> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(block) = state.empty.pop() {
                return Some(block);
            }
            state = self.wait(state);
        }
    }

    /// For the producer: a filled buffer.
    pub(super) fn fill(&self, block: Vec<u8>) {
        self.lock().full.push_back(block);
        self.changed.notify_one();
    }

    /// For the producer: no more will come.
    pub(super) fn finish(&self, result: io::Result<()>) {
        self.lock().end = Some(result);
        self.changed.notify_one();
    }

    /// For the consumer: gives `spent` back and takes the next filled buffer; `None` at the end.
    pub(super) fn next(&self, spent: Vec<u8>) -> io::Result<Option<Vec<u8>>> {
        let mut state = self.lock();
        if spent.capacity() > 0 {
            state.empty.push(spent);
            self.changed.notify_one();
        }
        loop {
            if let Some(block) = state.full.pop_front() {
                return Ok(Some(block));
            }
            if let Some(end) = &mut state.end {
                return std::mem::replace(end, Ok(())).map(|()| None);
            }
            state = self.wait(state);
        }
    }

    /// For the consumer: nothing more is wanted.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }
}
