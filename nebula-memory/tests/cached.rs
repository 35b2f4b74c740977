//! Functions whose results are kept.
#![cfg(all(not(loom), feature = "cache", feature = "std", feature = "macros"))]
#![expect(
    clippy::cast_possible_truncation,
    clippy::items_after_statements,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "functions of all kinds"
)]

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::cached;

/// A counter of calls for each test: they run at the same time.
macro_rules! counter {
    ($name:ident) => {
        static $name: AtomicUsize = AtomicUsize::new(0);
    };
}

fn count(counter: &AtomicUsize) -> usize {
    counter.fetch_add(1, Ordering::Relaxed)
}

fn counted(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::Relaxed)
}

#[test]
fn a_function_calls_itself() {
    counter!(CALLS);
    #[cached]
    fn fibonacci(n: u64) -> u64 {
        count(&CALLS);
        if n < 2 {
            return n;
        }
        fibonacci(n - 1) + fibonacci(n - 2)
    }
    assert_eq!(fibonacci(90), 2_880_067_194_370_816_120);
    assert_eq!(fibonacci(90), 2_880_067_194_370_816_120);
    assert_eq!(counted(&CALLS), 91);
}

#[test]
fn every_argument_is_part_of_the_key() {
    counter!(CALLS);
    #[cached]
    fn join(a: &str, mut b: String, c: Option<&[u8]>, d: (u8, char)) -> String {
        count(&CALLS);
        b.push_str(a);
        format!("{b}{c:?}{d:?}")
    }
    let ask = |a, b: &str, c, d| join(a, b.to_owned(), c, d);
    let first = ask("a", "b", None, (1, 'x'));
    assert_eq!(first, "baNone(1, 'x')");
    assert_eq!(ask("a", "b", None, (1, 'x')), first);
    assert_eq!(counted(&CALLS), 1);
    for (a, b, c, d) in [
        ("b", "a", None, (1, 'x')),
        ("a", "b", Some(&[][..]), (1, 'x')),
        ("a", "b", Some(&[0][..]), (1, 'x')),
        ("a", "b", None, (2, 'x')),
        ("ab", "", None, (1, 'x')),
        ("", "ab", None, (1, 'x')),
    ] {
        assert_ne!(ask(a, b, c, d), first);
    }
    assert_eq!(counted(&CALLS), 7);
}

#[test]
fn errors_are_not_kept() {
    counter!(CALLS);
    #[cached]
    fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
        count(&CALLS);
        let number: u32 = text.parse()?;
        Ok(number)
    }
    #[cached(keep = all)]
    fn parse_all(text: &str) -> Result<u32, std::num::ParseIntError> {
        count(&CALLS);
        text.parse()
    }
    for calls in 1..=3 {
        assert!(parse("x").is_err());
        assert_eq!(counted(&CALLS), calls);
    }
    assert_eq!((parse("7"), parse("7")), (Ok(7), Ok(7)));
    assert_eq!(counted(&CALLS), 4);
    assert!(parse_all("x").is_err() && parse_all("x").is_err());
    assert_eq!(counted(&CALLS), 5);
}

#[test]
fn none_is_kept_unless_it_is_not_to_be() {
    counter!(CALLS);
    #[cached(keep = some, name = halves)]
    fn half(n: u32) -> Option<u32> {
        count(&CALLS);
        n.is_multiple_of(2).then_some(n / 2)
    }
    #[cached]
    fn third(n: u32) -> Option<u32> {
        count(&CALLS);
        n.is_multiple_of(3).then_some(n / 3)
    }
    assert_eq!((half(1), half(1), half(4), half(4)), (None, None, Some(2), Some(2)));
    assert_eq!((counted(&CALLS), halves().get(&4), halves().len()), (3, Some(2), 1));
    assert_eq!((third(1), third(1)), (None, None));
    assert_eq!(counted(&CALLS), 4);
}

#[test]
fn the_cache_is_of_the_size_that_was_asked_for() {
    #[cached(capacity = 2 + 1, policy = lru, name = doubles)]
    fn double(n: u8) -> u16 {
        u16::from(n) * 2
    }
    for n in 0..100 {
        double(n);
        assert!(doubles().len() <= 3);
    }
    assert_eq!((doubles().len(), doubles().contains(&99), doubles().contains(&96)), (3, true, false));
    assert_eq!(doubles().remove(&99), Some(198));
}

#[test]
fn results_are_weighed() {
    #[cached(capacity = 1 KiB, weigh = |key, value| { let _: &usize = key; value.len() as u32 }, name = lines)]
    fn line(length: usize) -> String {
        "-".repeat(length)
    }
    for length in 1..200 {
        assert_eq!(line(length).len(), length);
        assert!(lines().weight() <= 1024);
    }
    assert!(lines().len() >= 4);
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Shelf {
    name: String,
    room: u32,
}

counter!(OF_SHELVES);

impl Shelf {
    #[cached(with_self)]
    fn label(&self, number: u32) -> String {
        count(&OF_SHELVES);
        format!("{} {number}", self.name)
    }

    #[cached(key = |self, number| -> u32 { self.room + number }, name = Self::rooms)]
    fn room(&self, number: u32) -> u32 {
        count(&OF_SHELVES);
        self.room + number
    }

    #[cached(skip = [self, unused])]
    fn square(self, number: u32, unused: &mut Vec<f64>) -> u32 {
        unused.push(1.0);
        number * number
    }

    #[cached]
    fn made(name: &str) -> Self {
        Self { name: name.to_owned(), room: 1 }
    }
}

#[test]
fn methods_say_what_self_means() {
    let (a, b) = (Shelf::made("a"), Shelf::made("b"));
    assert_eq!((a.label(1), b.label(1), a.label(1)), ("a 1".to_owned(), "b 1".to_owned(), "a 1".to_owned()));
    assert_eq!(counted(&OF_SHELVES), 2);
    assert_eq!((a.room(3), b.room(3), Shelf { room: 2, ..a.clone() }.room(2)), (4, 4, 4));
    assert_eq!((counted(&OF_SHELVES), Shelf::rooms().len()), (3, 1));
    let mut seen = Vec::new();
    assert_eq!((a.square(3, &mut seen), b.square(3, &mut seen), seen.len()), (9, 9, 1));
}

#[test]
fn a_key_is_what_a_closure_makes() {
    counter!(CALLS);
    #[cached(key = |url, _depth| -> &str {
        if let Some(end) = url.find('/') {
            return &url[..end];
        }
        url
    }, name = hosts)]
    fn host(url: &str, _depth: f64) -> usize {
        count(&CALLS);
        url.find('/').unwrap_or(url.len())
    }
    assert_eq!((host("a.org/b", 1.0), host("a.org", 2.0), host("a.org/c/d", 3.0)), (5, 5, 5));
    assert_eq!((counted(&CALLS), hosts().get("a.org")), (1, Some(5)));
}

#[test]
fn a_panic_keeps_nothing() {
    counter!(CALLS);
    #[cached(name = results)]
    fn divide(a: u32, b: u32) -> u32 {
        count(&CALLS);
        a / b
    }
    for calls in 1..=2 {
        std::panic::catch_unwind(|| divide(1, 0)).unwrap_err();
        assert_eq!((counted(&CALLS), results().len()), (calls, 0));
    }
    assert_eq!(divide(4, 2), 2);
    assert!(results().contains(&(4, 2)));
}

#[test]
fn a_cache_of_the_users_own() {
    use nebula_memory::cache::SharedCache;
    use std::sync::LazyLock;
    static SQUARES: LazyLock<SharedCache<u64, u64>> = LazyLock::new(|| SharedCache::new(10));
    #[cached(cache = SQUARES)]
    fn square(n: u64) -> u64 {
        n * n
    }
    assert_eq!((square(7), SQUARES.get(&7)), (49, Some(49)));
    SQUARES.insert(7, 50);
    assert_eq!(square(7), 50);

    struct Owner {
        factor: u64,
        products: SharedCache<u64, u64>,
    }
    impl Owner {
        #[cached(cache = self.products)]
        fn product(&self, n: u64) -> u64 {
            n * self.factor
        }
    }
    let owners = [2, 3].map(|factor| Owner { factor, products: SharedCache::new(10) });
    assert_eq!(owners.each_ref().map(|owner| owner.product(5)), [10, 15]);
    assert_eq!(owners.each_ref().map(|owner| owner.product(5)), [10, 15]);
}

/// What is generic has a cache for each type, whether the function or what it is in is generic.
#[test]
fn types_do_not_share_a_cache() {
    trait Named {
        const NAME: &'static str;

        #[cached]
        fn name() -> String {
            Self::NAME.to_owned()
        }
    }
    impl Named for u8 {
        const NAME: &'static str = "u8";
    }
    impl Named for str {
        const NAME: &'static str = "str";
    }
    struct Of<T: ?Sized>(Cell<Box<T>>);
    impl<T: Named + ?Sized> Of<T> {
        #[cached]
        fn length(extra: usize) -> usize {
            T::NAME.len() + extra
        }
    }
    #[cached(name = sizes)]
    fn size<T: 'static, const N: usize>(times: usize) -> usize {
        size_of::<[T; N]>() * times
    }
    #[cached]
    fn shown(value: impl std::fmt::Debug + Clone + std::hash::Hash + Eq + Send + Sync + 'static) -> String {
        format!("{value:?}")
    }
    for _ in 0..2 {
        assert_eq!((u8::name(), str::name()), ("u8".to_owned(), "str".to_owned()));
        assert_eq!((Of::<u8>::length(1), Of::<str>::length(1)), (3, 4));
        assert_eq!((size::<u8, 1>(2), size::<u64, 1>(2), size::<u64, 2>(2)), (2, 16, 32));
        assert_eq!((shown(1_u8), shown("1"), shown('1')), ("1".into(), "\"1\"".into(), "'1'".into()));
    }
    assert_eq!((sizes::<u8, 1>().len(), sizes::<u8, 9>().len()), (1, 0));
    let _ = |of: Of<u8>| of.0.into_inner();
}

#[test]
fn unsafe_functions_and_borrowed_forms() {
    #[cached]
    unsafe fn first(values: &[u8]) -> u8 {
        // SAFETY: the caller says that there is one.
        unsafe { *values.get_unchecked(0) }
    }
    #[cached]
    fn longest(words: &[String], at_least: &usize, twice: &&str) -> Option<String> {
        #![allow(clippy::needless_return)]
        return words
            .iter()
            .filter(|word| word.len() >= *at_least + twice.len())
            .max_by_key(|word| word.len())
            .cloned();
    }
    #[cached]
    fn nothing_at_all() -> &'static str {
        "nothing"
    }
    for _ in 0..2 {
        // SAFETY: there is one.
        assert_eq!(unsafe { first(&[7]) }, 7);
    }
    let words = ["a".to_owned(), "abc".to_owned()];
    assert_eq!(longest(&words, &1, &"x").as_deref(), Some("abc"));
    assert_eq!(longest(&words, &1, &"x").as_deref(), Some("abc"));
    assert_eq!((nothing_at_all(), nothing_at_all()), ("nothing", "nothing"));
}

#[test]
fn figures_are_told_by_the_cache() {
    #[cached(stats, name = doubles)]
    fn double(n: u32) -> u32 {
        n * 2
    }
    #[cached(stats, single_flight, weigh = |_, _| 2, capacity = 4, policy = fifo, name = triples)]
    fn triple(n: u32) -> u32 {
        n * 3
    }
    for n in [1, 2, 3, 1, 2, 3] {
        assert_eq!((double(n), triple(n)), (n * 2, n * 3));
    }
    let stats = doubles().stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions), (3, 3, 3, 0));
    // Each one that comes in drives out the next one to be asked for.
    let stats = triples().inner().store().stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions), (0, 6, 6, 4));
}

#[test]
fn every_policy_has_a_name() {
    macro_rules! each {
        ($($policy:ident)*) => {$({
            #[cached(policy = $policy, capacity = 8, ttl = "1h", tti = std::time::Duration::from_secs(60), name = cache)]
            fn double(n: u32) -> u32 {
                n * 2
            }
            for n in 0..100 {
                assert_eq!((double(n), double(n)), (n * 2, n * 2));
                assert!(cache().len() <= 8);
            }
            assert_eq!(cache().capacity(), 8);
        })*};
    }
    each!(lru lfu fifo random sieve s3fifo elastic wtinylfu adaptive);
}

/// Whichever thread comes first, all of them find one cache.
#[test]
fn threads_make_one_cache_for_each_type() {
    #[cached(name = of_types)]
    fn shown<T: std::fmt::Debug + Clone + std::hash::Hash + Eq + Send + Sync + 'static>(value: T) -> String {
        format!("{value:?}")
    }
    let start = std::sync::Barrier::new(4);
    let caches: Vec<_> = std::thread::scope(|threads| {
        let all = [(); 4].map(|()| {
            threads.spawn(|| {
                start.wait();
                assert_eq!((shown(1_u8), shown('1'), shown("1")), ("1".into(), "'1'".into(), "\"1\"".into()));
                let address = |cache: *const ()| cache.addr();
                [
                    address(std::ptr::from_ref(of_types::<u8>()).cast()),
                    address(std::ptr::from_ref(of_types::<char>()).cast()),
                    address(std::ptr::from_ref(of_types::<&'static str>()).cast()),
                ]
            })
        });
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(caches.iter().all(|addresses| *addresses == caches[0]));
    let [a, b, c] = caches[0];
    assert!(a != b && b != c && a != c);
    assert_eq!((of_types::<u8>().len(), of_types::<char>().len()), (1, 1));
}
