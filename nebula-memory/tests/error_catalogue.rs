//! Holds `docs/ERRORS.md` and [`AllocErrorCode`] together: a chapter for each code and a code for each chapter, the
//! same words in both, and examples that do what the page says.
#![cfg(feature = "alloc")]

use nebula_memory::{AllocError, AllocErrorCode, AllocatorKind};

const CATALOGUE: &str = include_str!("../../docs/ERRORS.md");
const EXAMPLES: &str = include_str!("error_catalogue.rs");

/// Everything between the heading of a code and the next heading of its level.
fn chapter(code: AllocErrorCode) -> &'static str {
    let heading = format!("\n## `{code}`\n");
    let (_, rest) = CATALOGUE.split_once(&heading).unwrap_or_else(|| panic!("`{code}` has no chapter"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// The code blocks of `text`, as lines without their indentation.
fn examples(text: &str) -> Vec<Vec<&str>> {
    let blocks = text.split("\n```rust\n").skip(1);
    blocks.map(|rest| rest.split("\n```").next().unwrap_or(rest).lines().map(str::trim).collect()).collect()
}

#[test]
fn every_code_has_a_chapter_in_order_and_every_chapter_a_code() {
    let chapters: Vec<_> = CATALOGUE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes: Vec<_> = AllocErrorCode::ALL.iter().map(|code| format!("`{code}`")).collect();
    assert_eq!(chapters, codes);
}

#[test]
fn chapters_say_what_the_errors_say() {
    for &code in AllocErrorCode::ALL {
        let chapter = chapter(code);
        let message = format!("**What happened:** {}.\n", code.message());
        let suggestion = format!("**Suggestion:** {}.\n", code.suggestion());
        assert!(chapter.contains(&message), "the chapter of `{code}` lacks {message:?}");
        assert!(chapter.contains(&suggestion), "the chapter of `{code}` lacks {suggestion:?}");
        for part in ["\n### Cause\n", "\n### Remedies\n", "\n1. ", "\n2. ", "\n3. ", "\nBad: ", "\nGood: "] {
            assert!(chapter.contains(part), "the chapter of `{code}` lacks {part:?}");
        }
    }
}

#[test]
fn the_table_has_a_row_for_each_code() {
    for &code in AllocErrorCode::ALL {
        let anchor = code.as_str().to_lowercase();
        let retryable = if code.is_retryable() { "yes" } else { "no" };
        let message = code.message();
        let row = format!("| [`{code}`](#{anchor}) | `AllocErrorCode::{code:?}` | {retryable} | {message} |");
        assert!(CATALOGUE.lines().any(|line| line == row), "the table lacks {row}");
    }
}

#[test]
fn the_page_shows_what_is_printed() {
    let layout = core::alloc::Layout::from_size_align(2048, 8).unwrap();
    let error = AllocError::out_of_memory(AllocatorKind::Bump, layout).with_room(4096, 48);
    assert!(CATALOGUE.contains(&format!("```text\n{error}\n```")), "{error}");
}

#[test]
fn examples_are_the_ones_below() {
    let source: Vec<_> = EXAMPLES.lines().map(str::trim).collect();
    for &code in AllocErrorCode::ALL {
        let examples = examples(chapter(code));
        assert_eq!(examples.len(), 2, "the chapter of `{code}` has a bad and a good example");
        for example in examples {
            let found = source.windows(example.len()).any(|lines| lines == example);
            assert!(found, "an example of `{code}` is not in {}:\n{}", file!(), example.join("\n"));
        }
    }
}

mod example {
    use std::error::Error;

    use std::alloc::Layout;
    #[cfg(feature = "std")]
    use std::time::Duration;

    #[cfg(all(feature = "cache", feature = "std"))]
    use std::num::ParseIntError;

    #[cfg(all(feature = "cache", feature = "std"))]
    use nebula_memory::cache::layers::{BreakerError, CircuitBreakerLayer, ComputeCache};
    #[cfg(feature = "std")]
    use nebula_memory::pool::ObjectPool;
    use nebula_memory::{
        AllocErrorCode, Allocator, AllocatorKind, Arena, ArenaOptions, BumpAllocator, KIB, LocalFixedPool,
        Poisoned, PoolAllocator, PoolOptions, StackAllocator, SystemAllocator,
    };

    type Outcome = Result<(), Box<dyn Error>>;

    const LONGEST_RECORD: usize = 1 << 16;

    #[track_caller]
    fn assert_fails(example: fn() -> Outcome, code: AllocErrorCode) {
        let error = example().expect_err("the bad example fails");
        assert_eq!(error.downcast::<nebula_memory::AllocError>().unwrap().code(), code);
    }

    #[test]
    fn out_of_memory() {
        fn bad() -> Outcome {
            let memory = BumpAllocator::new(1024);
            for line in 0..100 {
                memory.try_alloc([line; 64])?;
            }
            Ok(())
        }

        fn good() -> Outcome {
            let mut memory = BumpAllocator::new(1024);
            for line in 0..100 {
                let scope = memory.scope();
                scope.try_alloc([line; 64])?;
            }
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::OutOfMemory);
        good().unwrap();
    }

    #[test]
    fn capacity_overflow() {
        fn bad() -> Outcome {
            let arena = Arena::new();
            let header = u64::MAX.to_le_bytes();
            let length = usize::try_from(u64::from_le_bytes(header)).unwrap_or(usize::MAX);
            let record = arena.try_alloc_slice_fill_with(length, |_| 0_u32)?;
            record.fill(1);
            Ok(())
        }

        fn good() -> Outcome {
            let arena = Arena::new();
            let header = 3_u64.to_le_bytes();
            let length = usize::try_from(u64::from_le_bytes(header)).unwrap_or(usize::MAX);
            if length > LONGEST_RECORD {
                return Err("the record is too long".into());
            }
            let record = arena.try_alloc_slice_fill_with(length, |_| 0_u32)?;
            assert_eq!(record, [0; 3]);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::CapacityOverflow);
        good().unwrap();
    }

    #[test]
    fn pool_exhausted() {
        fn bad() -> Outcome {
            let pool = LocalFixedPool::<[u8; 64], 2>::new();
            let mut sent = Vec::new();
            for byte in 0..3 {
                sent.push(pool.alloc_with(|| [byte; 64])?);
            }
            Ok(())
        }

        fn good() -> Outcome {
            let pool = LocalFixedPool::<[u8; 64], 2>::new();
            for byte in 0..3 {
                let message = pool.alloc_with(|| [byte; 64])?;
                drop(message);
            }
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::PoolExhausted);
        good().unwrap();
    }

    #[test]
    fn invalid_layout() {
        fn bad() -> Outcome {
            let pool = PoolAllocator::for_type::<u64>(16);
            let values = pool.typed::<[u64; 4]>()?;
            drop(values.alloc_with(|| [0; 4])?);
            Ok(())
        }

        fn good() -> Outcome {
            let pool = PoolAllocator::for_type::<[u64; 4]>(16);
            let values = pool.typed::<[u64; 4]>()?;
            drop(values.alloc_with(|| [0; 4])?);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::InvalidLayout);
        good().unwrap();
    }

    #[test]
    #[cfg(feature = "macros")]
    fn invalid_options() {
        fn bad() -> Outcome {
            let options =
                ArenaOptions::builder().initial_capacity(64 * KIB).max_capacity(16 * KIB).build()?;
            drop(Arena::with_options(&options)?);
            Ok(())
        }

        fn good() -> Outcome {
            let options =
                ArenaOptions::builder().initial_capacity(16 * KIB).max_capacity(64 * KIB).build()?;
            drop(Arena::with_options(&options)?);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::InvalidOptions);
        good().unwrap();
    }

    /// Whatever way they are given, and whatever is made with them; and nothing is asked of anybody.
    #[test]
    fn options_that_contradict_each_other() {
        let mut options = ArenaOptions::new();
        (options.initial_capacity, options.max_capacity) = (64 * KIB, Some(16 * KIB));
        let errors = [options.check().unwrap_err(), Arena::with_options(&options).unwrap_err()];
        for error in errors {
            assert_eq!(
                (error.code(), error.allocator()),
                (AllocErrorCode::InvalidOptions, AllocatorKind::Arena)
            );
            assert_eq!((error.layout().unwrap().size(), error.capacity()), (64 * KIB, Some(16 * KIB)));
            assert!(!error.is_retryable());
        }

        let block = Layout::new::<[u64; 4]>();
        for (blocks, max) in [(0, None), (0, Some(4)), (4, Some(0))] {
            let mut options = PoolOptions::new(blocks);
            options.max_blocks = max;
            let error = PoolAllocator::try_new(block, &options).unwrap_err();
            assert_eq!(
                (error.code(), error.allocator(), error.layout(), error.capacity()),
                (AllocErrorCode::InvalidOptions, AllocatorKind::BlockPool, Some(block), Some(0))
            );
        }
    }

    #[track_caller]
    #[cfg(feature = "std")]
    fn assert_pool_fails(example: fn() -> Outcome, code: AllocErrorCode) {
        let error = example().expect_err("the bad example fails");
        assert_eq!(error.downcast::<nebula_memory::pool::PoolError>().unwrap().code(), code);
    }

    #[test]
    #[cfg(feature = "std")]
    fn pool_timeout() {
        fn bad() -> Outcome {
            let pool = ObjectPool::new(1, Vec::<u8>::new);
            let first = pool.acquire_timeout(Duration::from_millis(1))?;
            let second = pool.acquire_timeout(Duration::from_millis(1))?;
            drop((first, second));
            Ok(())
        }

        fn good() -> Outcome {
            let pool = ObjectPool::new(1, Vec::<u8>::new);
            for _ in 0..2 {
                let buffer = pool.acquire_timeout(Duration::from_millis(1))?;
                drop(buffer);
            }
            Ok(())
        }

        assert_pool_fails(bad, AllocErrorCode::PoolTimeout);
        good().unwrap();
    }

    #[test]
    #[cfg(feature = "std")]
    fn pool_closed() {
        fn bad() -> Outcome {
            let pool = ObjectPool::new(2, String::new);
            pool.close();
            let text = pool.acquire()?;
            drop(text);
            Ok(())
        }

        fn good() -> Outcome {
            let pool = ObjectPool::new(2, String::new);
            let text = pool.acquire()?;
            drop(text);
            pool.close();
            Ok(())
        }

        assert_pool_fails(bad, AllocErrorCode::PoolClosed);
        good().unwrap();
    }

    #[test]
    #[cfg(feature = "std")]
    fn pool_create() {
        fn bad() -> Outcome {
            let pool = ObjectPool::builder().try_create(|| "not a number".parse::<u32>()).build()?;
            let number = pool.acquire()?;
            drop(number);
            Ok(())
        }

        fn good() -> Outcome {
            let pool = ObjectPool::builder().try_create(|| "7".parse::<u32>()).min(1).build()?;
            let number = pool.acquire()?;
            assert_eq!(*number, 7);
            Ok(())
        }

        assert_pool_fails(bad, AllocErrorCode::PoolCreate);
        good().unwrap();
    }

    #[track_caller]
    #[cfg(all(feature = "cache", feature = "std"))]
    fn assert_load_fails(example: fn() -> Outcome, code: AllocErrorCode) {
        let error = example().expect_err("the bad example fails");
        assert_eq!(error.downcast::<BreakerError<ParseIntError>>().unwrap().code(), code);
    }

    #[test]
    #[cfg(all(feature = "cache", feature = "std"))]
    fn circuit_open() {
        fn bad() -> Outcome {
            let rates = ComputeCache::<(&str, u32), u32>::new(100).with_circuit_breaker();
            for day in 0..5 {
                rates.try_get_or_compute(("north", day), || "no answer".parse()).unwrap_err();
            }
            rates.try_get_or_compute(("south", 0), || "7".parse())?;
            Ok(())
        }

        fn good() -> Outcome {
            let by_server = CircuitBreakerLayer::new().class_by(|key: &(&str, u32)| key.0.to_string());
            let rates = ComputeCache::<(&str, u32), u32>::new(100).layer(by_server);
            for day in 0..5 {
                rates.try_get_or_compute(("north", day), || "no answer".parse()).unwrap_err();
            }
            rates.try_get_or_compute(("south", 0), || "7".parse())?;
            Ok(())
        }

        assert_load_fails(bad, AllocErrorCode::CircuitOpen);
        good().unwrap();
    }

    #[test]
    #[cfg(all(feature = "cache", feature = "std"))]
    fn cache_load() {
        fn bad() -> Outcome {
            let ages = ComputeCache::<&str, u32>::new(100).with_circuit_breaker();
            let age = ages.try_get_or_compute("nobody", || "no such user".parse())?;
            assert_eq!(age, 7);
            Ok(())
        }

        fn good() -> Outcome {
            let ages = ComputeCache::<&str, Option<u32>>::new(100).with_circuit_breaker();
            let age = ages.try_get_or_compute("nobody", || Ok::<_, ParseIntError>("none".parse().ok()))?;
            assert_eq!(age, None);
            Ok(())
        }

        assert_load_fails(bad, AllocErrorCode::CacheLoad);
        good().unwrap();
    }

    #[test]
    fn budget_exceeded() {
        fn bad() -> Outcome {
            let mut options = ArenaOptions::new();
            options.max_capacity = Some(16 * 1024);
            let arena = Arena::with_options(&options)?;
            for request in 0..100 {
                arena.try_alloc([request; 1024])?;
            }
            Ok(())
        }

        fn good() -> Outcome {
            let mut options = ArenaOptions::new();
            options.max_capacity = Some(16 * 1024);
            let mut arena = Arena::with_options(&options)?;
            for request in 0..100 {
                let scope = arena.scope();
                scope.try_alloc([request; 1024])?;
            }
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::BudgetExceeded);
        good().unwrap();
    }

    #[test]
    fn lifo_violation() {
        fn bad() -> Outcome {
            let stack = StackAllocator::new(1024);
            let layout = Layout::new::<u64>();
            let first = (&stack).allocate(layout)?.cast();
            let second = (&stack).allocate(layout)?.cast();
            // SAFETY: neither block is used after this.
            unsafe { stack.try_deallocate(first, layout) }?;
            // SAFETY: as above.
            unsafe { stack.try_deallocate(second, layout) }?;
            Ok(())
        }

        fn good() -> Outcome {
            let mut stack = StackAllocator::new(1024);
            {
                let frame = stack.frame();
                let first = frame.try_alloc(1_u64)?;
                let second = frame.try_alloc(2_u64)?;
                *first += *second;
            }
            assert_eq!(stack.used(), 0);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::LifoViolation);
        good().unwrap();
    }

    #[test]
    fn double_free() {
        fn bad() -> Outcome {
            let pool = PoolAllocator::for_type::<u64>(16);
            let block = pool.try_allocate_block()?.cast();
            // SAFETY: not used after this.
            unsafe { pool.try_deallocate(block) }?;
            // SAFETY: wrong, and answered with an error.
            unsafe { pool.try_deallocate(block) }?;
            Ok(())
        }

        fn good() -> Outcome {
            let pool = PoolAllocator::for_type::<u64>(16);
            let value = pool.typed::<u64>()?.alloc_with(|| 7)?;
            drop(value);
            assert_eq!(pool.blocks_in_use(), 0);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::DoubleFree);
        good().unwrap();
    }

    #[test]
    fn foreign_pointer() {
        fn bad() -> Outcome {
            let (red, blue) = (PoolAllocator::for_type::<u64>(16), PoolAllocator::for_type::<u64>(16));
            let block = red.try_allocate_block()?.cast();
            blue.try_allocate_block()?;
            // SAFETY: wrong, and answered with an error.
            unsafe { blue.try_deallocate(block) }?;
            Ok(())
        }

        fn good() -> Outcome {
            let (red, blue) = (PoolAllocator::for_type::<u64>(16), PoolAllocator::for_type::<u64>(16));
            let boxes = [red.typed()?.alloc_with(|| 1_u64)?, blue.typed()?.alloc_with(|| 2_u64)?];
            drop(boxes);
            assert_eq!(red.blocks_in_use() + blue.blocks_in_use(), 0);
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::ForeignPointer);
        good().unwrap();
    }

    /// The sanitizer would stop at the stray write itself, as it should.
    #[test]
    #[cfg(not(nebula_asan))]
    fn corruption() {
        fn bad() -> Outcome {
            let memory = Poisoned::new(SystemAllocator);
            let block = memory.allocate(Layout::new::<[u8; 4]>())?.cast::<u8>();
            for index in 0..5 {
                // SAFETY: wrong for the last one, which is in the red zone behind the block.
                let place = unsafe { block.add(index) };
                // SAFETY: as above.
                unsafe { place.write(0) };
            }
            memory.check()?;
            Ok(())
        }

        fn good() -> Outcome {
            let memory = Poisoned::new(SystemAllocator);
            let arena = Arena::<_, 1>::new_in(&memory);
            let block = arena.try_alloc([0_u8; 4])?;
            block.fill(1);
            memory.check()?;
            Ok(())
        }

        assert_fails(bad, AllocErrorCode::Corruption);
        good().unwrap();
    }
}
