//! Unknown words, with what was probably meant, and what is given twice; all at once.
use nebula_memory::allocator;

allocator! {
    pub struct Words {
        small: pol(64 x 10),
        bugdet: 8 MiB,
        fallbak: system,
        stats: yes,
        threading: sahred,
        new: bump(1),
        other: 64 KiB,
        last: bump(1 MB),
        #[inline]
        marked: bump(64),
    }
}
allocator! {
    struct Twice {
        a: pool(64 x 10),
        a: bump(1 KiB),
        fallback: system,
        fallback: bump(1 KiB),
        threading: shared,
        thread_safe: true,
    }
}
allocator! {
    struct Never { all: system, fallback: system }
}
allocator! {
    struct Generic<T> { all: bump(64) }
}
allocator! {
    struct Empty {}
}
allocator! {
    struct Shape { a: bump, b: pool(64), c: bump(64 x 3), d: system(3), e: bump(1) extra, f }
}
allocator! {
    enum Other {}
}
allocator! {
    pub enum Other {}
}

fn main() {
    let _ = (Words::new().stats(), Twice::new(), Never::new(), Generic::new(), Empty::new(), Shape::new());
}
