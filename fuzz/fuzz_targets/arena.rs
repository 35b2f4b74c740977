//! Any safe calls of an arena, its scopes and its marks: values keep what was written to them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nebula_memory::{Arena, ArenaOptions, ArenaScope, Growth, SystemAllocator, TypedArena};

/// What is alive, and what it must be.
#[derive(Default)]
struct Live<'a> {
    bytes: Vec<(&'a mut [u8], u8)>,
    words: Vec<(&'a mut u64, u64)>,
    texts: Vec<(&'a mut str, String)>,
}

impl Live<'_> {
    fn check(&self) {
        assert!(self.bytes.iter().all(|(bytes, mark)| bytes.iter().all(|byte| byte == mark)));
        assert!(self.words.iter().all(|(word, value)| **word == *value));
        assert!(self.texts.iter().all(|(text, expected)| **text == **expected));
    }
}

fn run<const MIN_ALIGN: usize>(
    mut scope: ArenaScope<'_, SystemAllocator, MIN_ALIGN>,
    bytes: &mut &[u8],
    depth: usize,
) {
    let mut live = Live::default();
    while let [kind, size, rest @ ..] = *bytes {
        *bytes = rest;
        let (size, mark) = (usize::from(*size), *kind);
        match kind % 9 {
            0 => live.words.push((scope.alloc(size as u64), size as u64)),
            1 => live.bytes.push((scope.alloc_slice_fill(size, &mark), mark)),
            2 => live.bytes.push((scope.alloc_slice_from_iter(std::iter::repeat_n(mark, size * 8)), mark)),
            3 => {
                let text = "ä".repeat(size);
                live.texts.push((scope.alloc_str(&text), text.clone()));
            }
            4 => {
                let text = scope.alloc_fmt(format_args!("{:>1$}", mark, size));
                live.texts.push((text, format!("{mark:>size$}")));
            }
            5 => drop(scope.alloc_box(vec![mark; size])),
            6 if scope.alloc_try_with(|| if size % 2 == 0 { Ok(7_u64) } else { Err(()) }).is_ok() => {}
            7 if depth < 8 => run(scope.scope(), bytes, depth + 1),
            8 => return,
            _ => {
                if let Ok(page) = scope.try_alloc_slice_fill_with(size * 100, |_| mark) {
                    live.bytes.push((page, mark));
                }
            }
        }
        live.check();
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [size, growth, rest @ ..] = bytes else { return };
    let mut options = ArenaOptions::new();
    options.initial_capacity = usize::from(*size) * 4;
    options.growth = match growth % 3 {
        0 => Growth::Fixed,
        1 => Growth::Double,
        _ => Growth::Incremental(usize::from(*growth)),
    };
    let mut rest_1 = rest;
    let mut arena = Arena::with_options(&options).expect("a small one");
    for _ in 0..2 {
        run(arena.scope(), &mut rest_1, 0);
        arena.reset();
        assert_eq!(arena.stats().current_used, 0);
    }
    let mut rest_8 = rest;
    run(Arena::<_, 8>::new_in(SystemAllocator).scope(), &mut rest_8, 0);

    let mut typed = TypedArena::new();
    let mut model = Vec::new();
    for chunk in rest.chunks(2) {
        match *chunk {
            [0, _] => {
                typed.clear();
                model.clear();
            }
            [kind, many] if kind % 4 == 0 => {
                let values = (0..many).map(|value| value.to_string());
                typed.alloc_extend(values.clone());
                model.extend(values);
            }
            _ => {
                typed.alloc(chunk[0].to_string());
                model.push(chunk[0].to_string());
            }
        }
    }
    assert!(typed.iter_mut().map(|value| &*value).eq(model.iter()));
});
