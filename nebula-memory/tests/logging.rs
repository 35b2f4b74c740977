//! What allocators tell of what they do, to whom, and what that must not break.
#![cfg(all(not(loom), feature = "stats"))]

use std::alloc::Layout;
use std::panic::panic_any;
use std::ptr::NonNull;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nebula_memory::allocator::Budgeted;
use nebula_memory::logging::{Level, LogSink, LogValue, Loggable, Logged, MemoryOperation, Operation};
use nebula_memory::{AllocError, Allocator, Arena, Budget, Checkpoint, Resettable, SystemAllocator};

/// Remembers what it is told.
#[derive(Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    is_deaf: AtomicBool,
}

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }

    /// The operations, without their fields.
    fn names(&self) -> Vec<String> {
        let name = |line: &String| line.split("operation=").nth(1)?.split(' ').next().map(String::from);
        self.take().iter().filter_map(name).collect()
    }
}

impl LogSink for Lines {
    fn is_enabled(&self, level: Level) -> bool {
        !self.is_deaf.load(Ordering::Relaxed) || level <= Level::Warn
    }

    fn log(&self, operation: &MemoryOperation<'_>) {
        self.lines.lock().unwrap().push(operation.to_string());
    }
}

const WORD: Layout = Layout::new::<u64>();

/// Allocates and gives back.
fn pair(memory: &impl Allocator) {
    let block = memory.allocate(WORD).unwrap().cast();
    // SAFETY: just allocated.
    unsafe { memory.deallocate(block, WORD) };
}

#[test]
fn every_operation_has_its_fields() {
    let lines = Lines::default();
    let memory = Logged::of_type("system", "main", SystemAllocator, &lines);
    let block = memory.allocate(WORD).unwrap().cast();
    let large = Layout::from_size_align(100, 8).unwrap();
    // SAFETY: allocated above with that layout.
    let block = unsafe { memory.grow(block, WORD, large) }.unwrap().cast();
    // SAFETY: as it was grown.
    let block = unsafe { memory.shrink(block, large, WORD) }.unwrap().cast();
    // SAFETY: as it was shrunk.
    unsafe { memory.deallocate(block, WORD) };
    drop(memory);
    let told = lines.take();
    let begins = [
        "create",
        "allocate size=8",
        "grow size=100",
        "shrink size=8",
        "deallocate size=8",
        "destroy memory_used=0",
    ];
    assert_eq!(told.len(), begins.len(), "{told:#?}");
    for (line, begin) in told.iter().zip(begins) {
        let begin = format!("allocator=main allocator_type=system operation={begin}");
        assert!(line.starts_with(&begin), "{line} does not begin with {begin}");
    }
    let used = |line: &String| line.split("memory_used=").nth(1)?.split(' ').next().map(String::from);
    assert_eq!(told[1..5].iter().map(|line| used(line).unwrap()).collect::<Vec<_>>(), ["8", "100", "8", "0"]);
    assert!(told[1..5].iter().all(|line| line.contains(" duration=") && line.contains(" addr=0x")));
}

#[test]
fn refused_blocks_are_errors_and_states_are_told() {
    let lines = Lines::default();
    let budget = Budget::new(10);
    let memory = Logged::new("small", Budgeted::new(SystemAllocator, &budget), &lines);
    assert!(memory.allocate(Layout::from_size_align(11, 1).unwrap()).is_err());
    assert_eq!(
        lines.take()[1],
        "allocator=small allocator_type=allocator operation=refuse size=11 memory_used=0"
    );

    let mut arena = Logged::of_type("arena", "scratch", Arena::new(), &lines);
    arena.reset();
    let mark = Checkpoint::checkpoint(&arena);
    // SAFETY: nothing was allocated since.
    unsafe { Checkpoint::restore(&arena, mark) };
    assert_eq!(lines.names(), ["create", "reset", "checkpoint", "restore"]);
}

#[test]
fn what_nobody_listens_to_is_not_told() {
    struct Important<'a>(&'a Lines);
    impl LogSink for Important<'_> {
        const LEVEL: Level = Level::Info;

        fn log(&self, operation: &MemoryOperation<'_>) {
            self.0.log(operation);
        }
    }

    let lines = Lines::default();
    pair(&Logged::new("compiled out", SystemAllocator, Important(&lines)));
    assert_eq!(lines.names(), ["create", "destroy"]);

    lines.is_deaf.store(true, Ordering::Relaxed);
    let memory = Logged::new("not enabled", SystemAllocator, &lines);
    pair(&memory);
    assert_eq!(lines.names(), [""; 0]);
    lines.is_deaf.store(false, Ordering::Relaxed);
    pair(&memory);
    assert_eq!(lines.names(), ["allocate", "deallocate"]);
}

#[test]
fn one_in_so_many_is_told_and_all_are_counted() {
    let lines = Lines::default();
    let memory = Logged::new("hot", SystemAllocator, &lines).sampled(10);
    let blocks: Vec<_> = (0..100).map(|_| memory.allocate(WORD).unwrap()).collect();
    assert_eq!((lines.names().len(), memory.in_use()), (11, 800));
    for block in blocks {
        // SAFETY: allocated above.
        unsafe { memory.deallocate(block.cast(), WORD) };
    }
    assert_eq!((lines.names().len(), memory.in_use()), (10, 0));
}

#[test]
fn it_warns_once_each_time_that_too_much_is_in_use() {
    let lines = Lines::default();
    lines.is_deaf.store(true, Ordering::Relaxed);
    let memory = Logged::new("full", SystemAllocator, &lines).warn_above(1 << 20);
    let page = Layout::from_size_align(1 << 17, 8).unwrap();
    for _ in 0..2 {
        let blocks: Vec<_> = (0..12).map(|_| memory.allocate(page).unwrap()).collect();
        assert_eq!(
            lines.take(),
            ["allocator=full allocator_type=allocator operation=near_capacity memory_used=1179648"]
        );
        for block in blocks {
            // SAFETY: allocated above.
            unsafe { memory.deallocate(block.cast(), page) };
        }
    }
}

/// Else the owner of a block that has moved would go on using the old one.
#[test]
fn a_sink_that_panics_breaks_nothing() {
    struct Panics;
    impl LogSink for Panics {
        fn log(&self, _: &MemoryOperation<'_>) {
            panic!("no paper");
        }
    }

    let memory = Logged::new("panics", SystemAllocator, Panics);
    let block = memory.allocate(WORD).unwrap().cast();
    let large = Layout::from_size_align(100_000, 8).unwrap();
    // SAFETY: allocated above with that layout.
    let block = unsafe { memory.grow(block, WORD, large) }.unwrap().cast();
    // SAFETY: as it was grown.
    unsafe { memory.deallocate(block, large) };
    assert_eq!(memory.in_use(), 0);
}

/// What it allocates from what it logs is not logged, or there would be no end.
#[test]
fn a_sink_may_use_what_it_listens_to() {
    static LINES: Lines = Lines { lines: Mutex::new(Vec::new()), is_deaf: AtomicBool::new(false) };
    struct Curious;
    static MEMORY: std::sync::OnceLock<Logged<SystemAllocator, Curious>> = std::sync::OnceLock::new();
    impl LogSink for Curious {
        fn log(&self, operation: &MemoryOperation<'_>) {
            if let Some(memory) = MEMORY.get() {
                pair(memory);
            }
            LINES.log(operation);
        }
    }

    let memory = MEMORY.get_or_init(|| Logged::new("static", SystemAllocator, Curious));
    pair(memory);
    assert_eq!(LINES.names(), ["create", "allocate", "deallocate"]);
    assert_eq!(memory.in_use(), 0);
}

#[test]
fn it_is_an_allocator_for_arenas() {
    let lines = Lines::default();
    let arena: Arena<_> = Arena::new_in(Logged::new("chunks", SystemAllocator, &lines));
    assert_eq!(arena.alloc_str("text").len(), 4);
    drop(arena);
    assert_eq!(lines.names(), ["create", "allocate", "deallocate", "destroy"]);
}

#[test]
fn fields_have_names_and_values() {
    let operation = MemoryOperation::new("a", "arena", Operation::Allocate).with_size(3).with_addr(255);
    let fields = operation.log_fields();
    assert_eq!(fields[2], ("operation", LogValue::Text("allocate")));
    assert_eq!(fields[3..], [("size", LogValue::Number(3)), ("addr", LogValue::Address(255))]);
    assert_eq!(fields[4].1.to_string(), "0xff");
    assert_eq!(operation.operation.level(), Level::Trace);
    assert!(Level::Error < Level::Trace);
}

#[cfg(feature = "tracing")]
mod bridge {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use nebula_memory::SystemAllocator;
    use nebula_memory::logging::{Level, Logged, TracingSink};
    use tracing::field::{Field, Visit};
    use tracing::level_filters::LevelFilter;
    use tracing::{Event, Metadata, Subscriber, span};

    /// Remembers events at a level and above.
    struct Memory(LevelFilter, Arc<Mutex<Vec<Fields>>>);

    #[derive(Default, Debug)]
    struct Fields(BTreeMap<&'static str, String>);

    impl Visit for Fields {
        fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
            self.0.insert(field.name(), format!("{value:?}"));
        }
    }

    impl Subscriber for Memory {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "nebula_memory" && self.0 >= *metadata.level()
        }

        fn max_level_hint(&self) -> Option<LevelFilter> {
            Some(self.0)
        }

        fn event(&self, event: &Event<'_>) {
            let mut fields = Fields::default();
            event.record(&mut fields);
            fields.0.insert("level", event.metadata().level().to_string());
            self.1.lock().unwrap().push(fields);
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    /// The filter is the process's, so one test for all.
    #[test]
    fn events_have_levels_and_fields() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let at = |filter, work: &dyn Fn()| {
            tracing::subscriber::with_default(Memory(filter, Arc::clone(&told)), work);
            std::mem::take(&mut *told.lock().unwrap())
        };
        let work = || super::pair(&Logged::new("traced", SystemAllocator, TracingSink::new()));
        let all = at(LevelFilter::TRACE, &work);
        assert_eq!(all.len(), 4, "{all:#?}");
        let allocate = &all[1].0;
        assert_eq!(
            (&*allocate["level"], &*allocate["operation"], &*allocate["size"]),
            ("TRACE", "\"allocate\"", "8")
        );
        assert_eq!((&*allocate["memory_used"], &*allocate["allocator"]), ("8", "\"traced\""));
        assert!(allocate.contains_key("duration") && allocate.contains_key("addr"));
        assert_eq!((&*all[0].0["level"], all[0].0.contains_key("size")), ("INFO", false));

        assert_eq!(at(LevelFilter::INFO, &work).len(), 2);
        assert_eq!(at(LevelFilter::ERROR, &work).len(), 0);
        let quiet = || {
            super::pair(&Logged::new(
                "quiet",
                SystemAllocator,
                TracingSink::<{ Level::Error as u8 }>::at_most(),
            ));
        };
        assert_eq!(at(LevelFilter::TRACE, &quiet).len(), 0);
    }
}

/// The system's allocator; counts the blocks that were given up.
#[derive(Default)]
struct GivenUp(AtomicUsize);

// SAFETY: everything is passed on.
unsafe impl Allocator for &GivenUp {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        SystemAllocator.allocate(layout)
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        self.0.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { SystemAllocator.deallocate(block, layout) };
    }
}

/// What panics again when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

/// Panics: when asked, or when told.
struct Spiteful {
    when_asked: bool,
}

impl LogSink for Spiteful {
    const LEVEL: Level = Level::Warn;

    fn is_enabled(&self, _: Level) -> bool {
        assert!(!self.when_asked, "asked");
        true
    }

    fn log(&self, _: &MemoryOperation<'_>) {
        panic_any(Bomb);
    }
}

#[test]
fn nothing_unwinds_after_a_block_was_given_up() {
    for when_asked in [false, true] {
        let heap = GivenUp::default();
        let memory = Logged::new("main", &heap, Spiteful { when_asked }).warn_above(1000);
        let large = Layout::from_size_align(1 << 20, 8).unwrap();
        let block = memory.allocate(WORD).unwrap().cast();
        // It is more than is allowed without a warning, which is told when the old block has gone.
        // SAFETY: just allocated.
        let block = unsafe { memory.grow(block, WORD, large) }.unwrap().cast();
        assert_eq!(heap.0.load(Ordering::Relaxed), 1);
        // SAFETY: as it was grown.
        unsafe { memory.deallocate(block, large) };
        assert!(memory.allocate(Layout::from_size_align(isize::MAX as usize - 7, 8).unwrap()).is_err());
    }
}
