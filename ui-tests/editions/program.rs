// The same program in each edition: `src/lib.rs` makes a documentation test of it for every one.

use nebula_memory::{Arena, Builder, CacheKey, Pooled, alloc, allocator, arena, cached, memory_scope};
use std::cell::RefCell;

// `gen` and `dyn` became keywords in later editions.
#[derive(Pooled, Debug)]
struct Item<'a> {
    gen: u32,
    r#async: [u8; 2],
    #[pooled(default = 3)]
    dyn_: u32,
    #[pooled(into)]
    name: Option<String>,
    text: &'a str,
}

#[derive(Pooled)]
#[pooled(capacity = 2)]
struct Static {
    gen: [u32; 2],
}

#[derive(Pooled)]
#[pooled(capacity = 2, threading = local, reset, stats, on_exhausted = heap)]
struct Reused {
    #[pooled(reset = clear)]
    gen: Vec<u8>,
    #[pooled(default, reset = gen_anew)]
    r#async: u8,
}

fn gen_anew(gen: &mut u8) {
    *gen += 1;
}

#[derive(Builder)]
#[builder(check = Self::check, error = &'static str)]
struct Options {
    gen: u32,
    r#async: Option<u8>,
}

impl Options {
    fn check(&self) -> Result<(), &'static str> {
        if self.gen == 0 { Err("zero") } else { Ok(()) }
    }
}

#[cached(key = |gen, r#async| -> &str { if *r#async > 3 { return "" } gen })]
fn kept(gen: &str, r#async: u8) -> usize {
    gen.len() + r#async as usize
}

#[cached(single_flight)]
async fn kept_later(gen: &str, r#async: Option<&str>) -> usize {
    gen.len() + r#async.map_or(0, str::len)
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Key {
    gen: String,
    r#async: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Kind {
    Text { gen: String, r#async: u8 },
    Bytes(Vec<u8>),
}

#[arena]
fn gen(gen: u32) -> u32 {
    let cell = arena.alloc(RefCell::new(gen));
    let value = *cell.borrow();
    value
}

#[arena]
async fn later(gen: &str) -> usize {
    arena.alloc_str(gen).len()
}

struct Point {
    gen: u32,
}

allocator! {
    struct Memory {
        gen: pool(64 bytes x 4),
        rest: bump(1 KiB),
        budget: 2 KiB,
        stats: on,
    }
}

fn main() {
    let item = Item::builder().gen(1).async_with(|a| a.write([1, 2])).name("n").text("t").build();
    assert_eq!((item.gen, item.r#async, item.dyn_, item.text), (1, [1, 2], 3, "t"));
    assert_eq!(Static::acquire().unwrap().gen_with(|g| g.fill_with(|i| i as u32)).finish().gen, [0, 1]);
    drop(Reused::acquire().unwrap().gen(vec![1]).finish());
    assert_eq!((Reused::acquire().unwrap().finish().r#async, Reused::pool().stats().acquired), (1, 2));
    assert_eq!(Options::builder().r#async(1).gen(2).build().map(|options| options.gen), Ok(2));
    assert_eq!(gen(5), 5);
    drop(later("x"));
    assert_eq!((kept("a", 1), kept("a", 2), kept("a", 4)), (2, 2, 5));
    drop(kept_later("x", None));
    assert_eq!(KeyRef::new("a", Some(&[1])).to_key().gen, "a");
    let kind = KindRef::Text { gen: "a", r#async: 1 };
    assert!(kind.to_key() == Kind::from(kind) && KindRef::from(&kind.to_key()) == kind);
    assert!(KindRef::Bytes(&[1]).to_key() == Kind::Bytes(vec![1]));
    let mut a = Arena::new();
    assert_eq!(alloc!(a, Point { gen: 2 }).gen, 2);
    let gen = memory_scope!(a, { *a.alloc(RefCell::new(3)).borrow() });
    assert_eq!(gen, 3);
    assert_eq!(allocator!(scoped bump 64 => |gen| { *gen.alloc(4) }), 4);
    let memory = Memory::new();
    assert_eq!((memory.gen().blocks(), memory.stats().live(), memory.budget().limit()), (0, 0, 2048));
    assert_eq!(nebula_memory::budget!(total: 4, per_alloc: 2).limit(), 4);
    let pool = allocator!(pool 8 x 2, { stats: on });
    assert_eq!(pool.allocator().blocks(), 0);
}
