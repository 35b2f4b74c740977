//! Every method that all arenas, bump allocators, stacks and their scopes have, each with a block of its own.

/// Calls every `try_` method; the first error ends it.
macro_rules! try_every_method {
    ($memory:expr, $drops:expr, $size:expr) => {{
        const SIZE: usize = $size;
        let (memory, drops) = (&$memory, $drops);
        let source = [7_u8; SIZE];
        let boxed = memory.try_alloc_box((drops.guard(), source))?;
        let number = memory.try_alloc(source)?;
        let made = memory.try_alloc_with(|| source)?;
        memory.try_alloc_uninit::<[u8; SIZE]>()?;
        let text = memory.try_alloc_str(&"x".repeat(SIZE))?;
        let copied = memory.try_alloc_slice_copy(&source)?;
        let cloned = memory.try_alloc_slice_clone(&source)?;
        let filled = memory.try_alloc_slice_fill_with(SIZE, |index| index)?;
        memory.try_alloc_slice_uninit::<u64>(SIZE)?;
        let same = memory.try_alloc_slice_fill(SIZE, &7_u8)?;
        memory.try_alloc_cstr(&std::ffi::CString::new(vec![b'c'; SIZE]).unwrap())?;
        let failed = memory.try_alloc_try_with(|| Err::<[u8; SIZE], _>(()))?;
        let succeeded = memory.try_alloc_try_with(|| Ok::<_, ()>(source))?.unwrap();
        // Written piece by piece, and collected without knowing how many there are.
        let written = memory.try_alloc_fmt(format_args!("{0}{0}{1:>2$}", "y".repeat(SIZE / 2), 'z', SIZE))?;
        let guards =
            memory.try_alloc_box_from_iter((0..SIZE).filter(|_| true).map(|index| (drops.guard(), index)))?;
        let exact = memory.try_alloc_box_from_iter((0..SIZE).map(|_| drops.guard()))?;
        let numbers = memory.try_alloc_slice_from_iter((0..2 * SIZE).filter(|number| number % 2 == 0))?;
        assert!(failed.is_err());
        assert!([number, made, succeeded, copied, cloned, same].iter().all(|bytes| **bytes == source[..]));
        assert_eq!((boxed.1, text.len(), written.len()), (source, SIZE, SIZE / 2 * 2 + SIZE));
        assert!(filled.iter().enumerate().all(|(index, value)| index == *value));
        assert!(guards.iter().enumerate().all(|(index, (_, value))| index == *value));
        assert_eq!((exact.len(), numbers.len(), numbers[SIZE - 1]), (SIZE, SIZE, 2 * SIZE - 2));
    }};
}

/// Calls every method that panics, one by one, each of which unwinds if there is no memory.
macro_rules! every_method {
    ($memory:expr, $drops:expr, $size:expr) => {{
        const SIZE: usize = $size;
        let (memory, drops) = (&$memory, $drops);
        let source = [7_u8; SIZE];
        let text = "x".repeat(SIZE);
        let boxed = unwinding(|| memory.alloc_box((drops.guard(), source)))?;
        let number = unwinding(|| memory.alloc(source))?;
        let made = unwinding(|| memory.alloc_with(|| source))?;
        unwinding(|| memory.alloc_uninit::<[u8; SIZE]>())?;
        let text = unwinding(|| memory.alloc_str(&text))?;
        let copied = unwinding(|| memory.alloc_slice_copy(&source))?;
        let cloned = unwinding(|| memory.alloc_slice_clone(&source))?;
        unwinding(|| memory.alloc_slice_fill_with(SIZE, |index| index))?;
        unwinding(|| memory.alloc_slice_uninit::<u64>(SIZE))?;
        let same = unwinding(|| memory.alloc_slice_fill(SIZE, &7_u8))?;
        let c_string = std::ffi::CString::new(vec![b'c'; SIZE]).unwrap();
        unwinding(|| memory.alloc_cstr(&c_string))?;
        let failed = unwinding(|| memory.alloc_try_with(|| Err::<[u8; SIZE], _>(())))?;
        let succeeded = unwinding(|| memory.alloc_try_with(|| Ok::<_, ()>(source)))?.unwrap();
        let written =
            unwinding(|| memory.alloc_fmt(format_args!("{0}{0}{1:>2$}", "y".repeat(SIZE / 2), 'z', SIZE)))?;
        let guards =
            unwinding(|| memory.alloc_box_from_iter((0..SIZE).filter(|_| true).map(|_| drops.guard())))?;
        let numbers = unwinding(|| memory.alloc_slice_from_iter(0..SIZE))?;
        assert!(failed.is_err());
        assert!([number, made, succeeded, copied, cloned, same].iter().all(|bytes| **bytes == source[..]));
        assert_eq!((boxed.1, text.len(), written.len()), (source, SIZE, SIZE / 2 * 2 + SIZE));
        assert_eq!((guards.len(), numbers.len()), (SIZE, SIZE));
    }};
}

pub(crate) use {every_method, try_every_method};
