//! Functions whose results are kept, and that wait.
#![cfg(all(not(loom), feature = "async", feature = "cache", feature = "macros"))]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

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

fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

async fn pause() {
    tokio::task::yield_now().await;
}

struct Shop {
    factor: u64,
}

impl Shop {
    #[cached(key = |self, item| -> (u64, String) { (self.factor, item.to_owned()) }, name = Self::prices)]
    async fn price(&self, item: &str) -> Result<u64, String> {
        pause().await;
        let length = length_of(item).await?;
        Ok(length * self.factor)
    }

    #[cached(single_flight, skip = [self])]
    async fn shared(self: Arc<Self>, item: String) -> u64 {
        pause().await;
        item.len() as u64 * self.factor
    }
}

#[cached]
async fn length_of(item: &str) -> Result<u64, String> {
    if item.is_empty() {
        return Err("what?".to_owned());
    }
    pause().await;
    Ok(item.len() as u64)
}

#[tokio::test]
async fn results_are_kept_and_errors_are_not() {
    let shop = Shop { factor: 7 };
    assert_eq!((shop.price("tea").await, shop.price("tea").await), (Ok(21), Ok(21)));
    assert_eq!(shop.price("").await, Err("what?".to_owned()));
    assert_eq!(Shop { factor: 2 }.price("tea").await, Ok(6));
    assert_eq!(Shop::prices().len(), 2);
    // Found at once, without a wait.
    assert!(poll(&mut Box::pin(shop.price("tea"))).is_ready());
    assert_eq!(Arc::new(shop).shared("tea".to_owned()).await, 21);
}

#[tokio::test]
async fn nothing_happens_before_it_is_polled_and_nothing_stays_of_what_is_dropped() {
    counter!(CALLS);
    #[cached(name = slow_ones)]
    async fn slow(n: u32) -> u32 {
        count(&CALLS);
        pause().await;
        n
    }
    drop(slow(1));
    assert_eq!(counted(&CALLS), 0);
    let mut begun = Box::pin(slow(1));
    assert!(poll(&mut begun).is_pending());
    drop(begun);
    assert_eq!((counted(&CALLS), slow_ones().len()), (1, 0));
    assert_eq!((slow(1).await, counted(&CALLS), slow_ones().len()), (1, 2, 1));
}

#[tokio::test]
async fn one_task_computes_for_all() {
    counter!(CALLS);
    #[cached(single_flight, skip = [note], name = slow_ones)]
    async fn slow(text: &str, maybe: Option<&[u8]>, mut note: &str) -> Result<String, String> {
        count(&CALLS);
        pause().await;
        if text.is_empty() {
            note = "nothing";
            return Err(note.to_owned());
        }
        Ok(format!("{text} {maybe:?} {note}"))
    }
    let all = (0..64).map(|_| tokio::spawn(async { slow(&"a".repeat(2), Some(&[1]), "noted").await }));
    for one in all.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap().unwrap(), "aa Some([1]) noted");
    }
    assert_eq!((counted(&CALLS), slow_ones().len()), (1, 1));
    assert_eq!(slow("", None, "").await, Err("nothing".to_owned()));
    assert_eq!((counted(&CALLS), slow_ones().len()), (2, 1));
}

/// Whoever is polled carries on what another one has begun.
#[tokio::test]
async fn a_task_that_is_not_polled_again_hangs_nobody() {
    counter!(CALLS);
    #[cached(single_flight)]
    async fn slow(n: u32) -> u32 {
        count(&CALLS);
        pause().await;
        n * 2
    }
    let mut first = Box::pin(slow(4));
    assert!(poll(&mut first).is_pending());
    let second = tokio::time::timeout(Duration::from_secs(60), slow(4)).await;
    assert_eq!((second, counted(&CALLS)), (Ok(8), 1));
    assert_eq!(first.await, 8);
}

#[tokio::test]
async fn a_panic_lets_the_next_one_try() {
    counter!(CALLS);
    #[cached(single_flight)]
    async fn slow(n: u32) -> u32 {
        pause().await;
        assert!(count(&CALLS) > 0, "the first one");
        n * 2
    }
    assert!(tokio::spawn(slow(4)).await.unwrap_err().is_panic());
    assert_eq!((slow(4).await, counted(&CALLS)), (8, 2));
}

/// The compiler does not see that a future is `Send` within itself.
#[tokio::test]
async fn a_flight_in_a_flight() {
    counter!(CALLS);
    #[cached(single_flight)]
    async fn fibonacci(n: u64) -> u64 {
        count(&CALLS);
        pause().await;
        if n < 2 { n } else { again(n - 1).await + again(n - 2).await }
    }
    fn again(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
        Box::pin(fibonacci(n))
    }
    let all: Vec<_> = (0..4).map(|_| tokio::spawn(fibonacci(60))).collect();
    for one in all {
        assert_eq!(one.await.unwrap(), 1_548_008_755_920);
    }
    assert_eq!(counted(&CALLS), 61);
}

#[tokio::test]
async fn a_function_that_waits_calls_itself() {
    counter!(CALLS);
    #[cached]
    async fn fibonacci(n: u64) -> u64 {
        count(&CALLS);
        pause().await;
        if n < 2 { n } else { Box::pin(fibonacci(n - 1)).await + Box::pin(fibonacci(n - 2)).await }
    }
    assert_eq!((fibonacci(60).await, counted(&CALLS)), (1_548_008_755_920, 61));
}

/// Futures are as `Send` as what they hold.
#[test]
fn futures_are_send() {
    fn is_send(_: &impl Send) {}
    let shop = Shop { factor: 1 };
    is_send(&shop.price("a"));
    is_send(&length_of("a"));
    is_send(&Arc::new(Shop { factor: 1 }).shared(String::new()));
}

/// Behind a pointer too: there is hardly another way to have one in a `static`.
#[tokio::test]
async fn one_computation_in_a_cache_of_the_users_own() {
    use nebula_memory::cache::layers::AsyncDedupCache;
    use std::sync::LazyLock;

    struct Owner {
        squares: Arc<AsyncDedupCache<u64, u64>>,
    }
    impl Owner {
        #[cached(cache = self.squares, single_flight)]
        async fn square(self: Arc<Self>, n: u64) -> u64 {
            pause().await;
            count(&CALLS);
            n * n
        }
    }
    counter!(CALLS);
    static LENGTHS: LazyLock<AsyncDedupCache<String, usize>> = LazyLock::new(|| AsyncDedupCache::new(10));
    #[cached(cache = LENGTHS, single_flight)]
    async fn length(text: &str) -> Result<usize, String> {
        pause().await;
        count(&CALLS);
        if text.is_empty() { Err("nothing".to_owned()) } else { Ok(text.len()) }
    }
    let tasks = [(); 4].map(|()| tokio::spawn(length("tea")));
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(3));
    }
    assert_eq!((counted(&CALLS), LENGTHS.get("tea")), (1, Some(3)));
    assert_eq!(length("").await, Err("nothing".to_owned()));
    let owner = Arc::new(Owner { squares: Arc::new(AsyncDedupCache::new(10)) });
    let (one, other) = tokio::join!(Arc::clone(&owner).square(7), Arc::clone(&owner).square(7));
    assert_eq!((one, other, counted(&CALLS), owner.squares.get(&7)), (49, 49, 3, Some(49)));
}
