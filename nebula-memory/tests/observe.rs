//! Lifecycles, health, figures by name, and the registry that knows all of it.
#![cfg(all(not(loom), feature = "observe"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use nebula_memory::allocator::{Budgeted, Fallback, Owned, Segregated, Tracked};
use nebula_memory::logging::{LogSink, Logged, MemoryOperation};
use nebula_memory::observe::{
    Component, Fault, HealthMonitor, HealthPolicy, HealthStatus, Lifecycle, Managed, Metric, Metrics,
    MetricsSnapshot, Registry, RegistryError,
};
use nebula_memory::stats::{AllocatorStats, Kind, Measure};
use nebula_memory::{
    Allocator, Arena, Budget, BumpAllocator, FixedPool, LocalObjectPool, MIB, MemoryError, ObjectPool,
    PoolAllocator, PoolError, PoolOptions, SharedArena, SharedPoolAllocator, StackAllocator, SystemAllocator,
    TypedArena,
};
use proptest::prelude::*;

use std::alloc::Layout;

mod support;

/// Does what a test says, and remembers what was done to it.
#[derive(Debug, Default)]
struct Probe {
    stats: Mutex<AllocatorStats>,
    panics: AtomicBool,
    fails: AtomicBool,
    starts: AtomicUsize,
    stops: AtomicUsize,
    log: Option<(u32, Arc<Mutex<Vec<u32>>>)>,
}

impl Probe {
    fn logging(number: u32, log: &Arc<Mutex<Vec<u32>>>) -> Arc<Self> {
        Arc::new(Self { log: Some((number, Arc::clone(log))), ..Self::default() })
    }

    fn does(&self) -> Result<(), MemoryError> {
        assert!(!self.panics.load(Ordering::Relaxed), "on purpose");
        if self.fails.load(Ordering::Relaxed) {
            return Err(PoolError::Closed.into());
        }
        Ok(())
    }
}

impl Measure for Probe {
    fn kind(&self) -> Kind {
        Kind::Pool
    }

    fn measure(&self) -> AllocatorStats {
        assert!(!self.panics.load(Ordering::Relaxed), "on purpose");
        self.stats.lock().unwrap().clone()
    }
}

impl Component for Probe {
    fn start(&self) -> Result<(), MemoryError> {
        self.starts.fetch_add(1, Ordering::Relaxed);
        self.does()
    }

    fn stop(&self) -> Result<(), MemoryError> {
        self.stops.fetch_add(1, Ordering::Relaxed);
        if let Some((number, log)) = &self.log {
            log.lock().unwrap().push(*number);
        }
        self.does()
    }
}

fn figures(in_use: u64, capacity: Option<u64>, refused: u64) -> AllocatorStats {
    let mut stats = AllocatorStats::default();
    (stats.in_use, stats.capacity, stats.refused) = (in_use, capacity, refused);
    stats
}

/// Whatever it is, each step may be taken twice, and in any order.
fn lives(mut it: impl Lifecycle) {
    for _ in 0..2 {
        it.initialize().unwrap();
        it.initialize().unwrap();
        assert!(it.health_check().is_operational());
        it.shutdown().unwrap();
        it.shutdown().unwrap();
    }
}

struct Silent;

impl LogSink for Silent {
    fn log(&self, _: &MemoryOperation<'_>) {}
}

#[test]
fn everything_has_a_lifecycle() {
    let block = Layout::new::<[u64; 4]>();
    let options = PoolOptions::new(4);
    lives(Arena::new());
    lives(SharedArena::new());
    lives(TypedArena::<String>::new());
    lives(BumpAllocator::new(64));
    lives(StackAllocator::new(64));
    lives(PoolAllocator::try_new(block, &options).unwrap());
    lives(SharedPoolAllocator::try_new(block, &options).unwrap());
    lives(FixedPool::<u64, 4>::new());
    lives(LocalObjectPool::new(4, String::new));
    lives(Budget::new(64));
    lives(Budget::new_shared(64));
    lives(SystemAllocator);
    lives(Tracked::<_>::new(SystemAllocator));
    lives(Budgeted::new(SystemAllocator, Arc::new(Budget::new_shared(64))));
    lives(Owned::new(BumpAllocator::new(64)));
    lives(Fallback::new(Owned::new(BumpAllocator::new(64)), Owned::new(BumpAllocator::new(64))));
    lives(Segregated::<_, _, 64>::new(SystemAllocator, SystemAllocator));
    lives(nebula_memory::Poisoned::new(SystemAllocator));
    lives(Logged::new("bump", BumpAllocator::new(64), Silent));
}

#[test]
fn a_shutdown_gives_back_what_there_is() {
    let mut arena = Arena::with_capacity(4096);
    arena.alloc([0_u8; 100]);
    arena.shutdown().unwrap();
    assert_eq!((arena.allocated_bytes(), arena.stats().current_used), (0, 0));
    arena.initialize().unwrap();
    assert!(arena.allocated_bytes() > 0);

    let mut bump = BumpAllocator::new(64);
    bump.alloc([0_u8; 64]);
    assert!(!bump.health_check().is_healthy());
    bump.shutdown().unwrap();
    assert!(bump.health_check().is_healthy());

    let mut pool = ObjectPool::builder().create(String::new).min(2).max(4).build().unwrap();
    pool.shrink_to(0);
    pool.initialize().unwrap();
    assert_eq!(pool.stats().idle, 2);
    pool.shutdown().unwrap();
    pool.shutdown().unwrap();
    assert_eq!((pool.size(), pool.health_check().reason()), (0, Some("the pool is closed")));
    let error = pool.initialize().unwrap_err();
    assert_eq!(error.code().as_str(), "ALLOC_POOL_CLOSED");
}

#[test]
fn a_block_given_back_twice_is_no_good_health() {
    let mut pool = PoolAllocator::try_new(Layout::new::<u64>(), &PoolOptions::new(4)).unwrap();
    let block = (&pool).allocate(Layout::new::<u64>()).unwrap().cast();
    for _ in 0..2 {
        // SAFETY: the second time it is no block that is in use, which a pool finds out.
        unsafe { (&pool).deallocate(block, Layout::new::<u64>()) };
    }
    let status = pool.health_check();
    assert_eq!(status.reason(), Some("ALLOC_DOUBLE_FREE: a block was given back that is free already"));
    pool.shutdown().unwrap();
}

#[test]
fn reasons_are_sentences_with_figures() {
    let policy = HealthPolicy::new();
    let (mib, tenth) = (MIB as u64, MIB as u64 / 10);
    let reason = |kind, name, stats: &AllocatorStats| policy.assess(kind, name, stats).to_string();
    assert_eq!(
        reason(Kind::Arena, Some("parser"), &figures(62 * mib - 7 * tenth, Some(64 * mib), 0)),
        "degraded: arena `parser`: 61.3 MiB of 64 MiB in use (95 %)"
    );
    assert_eq!(reason(Kind::Cache, None, &figures(64, Some(64), 0)), "healthy");
    assert_eq!(reason(Kind::Budget, None, &figures(u64::MAX, None, 0)), "healthy");
    assert_eq!(reason(Kind::Budget, None, &figures(0, Some(0), 0)), "healthy");
    let all = figures(u64::MAX, Some(u64::MAX), 0);
    assert_eq!(reason(Kind::Pool, None, &all), "degraded: pool: 15.9 EiB of 15.9 EiB in use (100 %)");

    let mut monitor = HealthMonitor::new(policy);
    let mut look = |stats| monitor.look(Kind::Pool, Some("p"), &stats).to_string();
    assert_eq!(look(figures(10, Some(100), 5)), "healthy", "what was refused before the first look is old");
    assert_eq!(
        look(figures(10, Some(100), 6)),
        "degraded: pool `p`: 1 request was refused since the last look, 10 B of 100 B in use (10 %)"
    );
    assert_eq!(look(figures(10, Some(100), 6)), "healthy");
    assert_eq!(
        look(figures(95, Some(100), 9)),
        "unhealthy: pool `p`: 3 requests were refused since the last look, 95 B of 100 B in use (95 %)"
    );
    assert_eq!(look(figures(85, Some(100), 9)), "degraded: pool `p`: 85 B of 100 B in use (85 %)");
    assert_eq!(look(figures(80, Some(100), 9)), "healthy");
    assert_eq!(look(figures(85, Some(100), 9)), "healthy", "not bad before");
    assert_eq!(
        look(figures(0, None, 1)),
        "degraded: pool `p`: 1 request was refused since the last look, 0 B in use",
        "the counts were reset"
    );
}

#[test]
fn the_worst_counts() {
    let (well, first, second) =
        (HealthStatus::Healthy, HealthStatus::degraded("first"), HealthStatus::degraded("second"));
    assert_eq!(well.clone().worst(first.clone()), first);
    assert_eq!(first.clone().worst(second), first, "of two that are as bad, the first");
    assert_eq!(first.clone().worst(well.clone()), first);
    assert!(well < first && first < HealthStatus::unhealthy(""));
}

#[test]
fn figures_are_numbers() {
    let snapshot = MetricsSnapshot::new()
        .with_gauge("nan", f64::NAN)
        .with_gauge("infinite", f64::INFINITY)
        .with_counter("less than nothing", -1.0)
        .with_gauge("below", -1.5)
        .with_counter("n", 1.0)
        .with_counter("n", 2.0);
    assert_eq!(
        snapshot.iter().collect::<Vec<_>>(),
        [("below", Metric::Gauge(-1.5)), ("n", Metric::Counter(2.0))]
    );
    assert_eq!((snapshot.counter("n"), snapshot.gauge("n")), (Some(2.0), None));
    assert_eq!(snapshot.merge("", MetricsSnapshot::new().with_gauge("n", 3.0)).gauge("n"), Some(3.0));

    let metrics = Budget::new(100).metrics();
    assert_eq!(metrics.gauge("memory.available"), Some(100.0));
    assert_eq!(metrics.counter("allocations.total"), Some(0.0));
    assert_eq!(metrics.get("hits.total"), None);
    assert_eq!(Budget::new(usize::MAX).metrics().get("memory.capacity"), None);
}

#[test]
fn errors_say_what_to_write() {
    let registry = Registry::new();
    let probe = Arc::new(Probe::default());
    registry.register("connections", &probe).unwrap();
    let text = |error: RegistryError| error.to_string();
    assert_eq!(
        text(registry.register("connections", &probe).unwrap_err()),
        "a component is called `connections` already: call this one `connections-2`, or remove the other"
    );
    registry.register("connections-2", &probe).unwrap();
    let error = registry.register("connections", &probe).unwrap_err();
    assert!(matches!(error, RegistryError::NameTaken { suggestion, .. } if suggestion == "connections-3"));
    assert_eq!(
        text(registry.register(" ", &probe).unwrap_err()),
        "\" \" is no name for a component: it needs a letter or a digit"
    );
    assert_eq!(
        text(registry.lookup::<Probe>("conections").unwrap_err()),
        "no component is called `conections`: did you mean `connections`?"
    );
    assert_eq!(text(registry.lookup_any("cache").err().unwrap()), "no component is called `cache`");
    assert_eq!(
        text(registry.lookup::<Managed<Arena>>("connections").unwrap_err()),
        "the component `connections` is of the type `observe::Probe`, not \
         `nebula_memory::observe::component::Managed<nebula_memory::arena::owner::Arena>`"
    );
    assert_eq!(
        text(registry.component("part").part_of("conections-2").register(&probe).unwrap_err()),
        "no component is called `conections-2`: did you mean `connections-2`?"
    );
    drop(probe);
    assert_eq!(
        text(registry.lookup::<Probe>("connections").unwrap_err()),
        "the component `connections` has gone: it was dropped by its owners"
    );
    // Nothing is left of what was refused.
    assert_eq!(registry.collector().snapshot().allocators.len(), 2);
}

#[test]
fn a_name_is_free_again_when_its_component_has_gone() {
    let registry = Registry::new();
    for round in 0..3_u32 {
        let probe = Arc::new(Probe::default());
        probe.stats.lock().unwrap().in_use = round.into();
        registry.register("probe", &probe).unwrap();
        assert!(Arc::ptr_eq(&registry.get::<Probe>("probe").unwrap(), &probe));
        assert_eq!(registry.metrics().gauge("probe.memory.used"), Some(f64::from(round)));
        let snapshot = registry.collector().snapshot();
        assert_eq!(snapshot.allocators.len(), 1, "what had the name is forgotten");
        assert_eq!(snapshot.allocator("probe").unwrap().stats.in_use, u64::from(round));
    }
    assert!(registry.is_empty() && registry.get::<Probe>("probe").is_none());
    assert!(!registry.collector().snapshot().allocator("probe").unwrap().alive, "its last figures stay");
    assert!(!registry.remove("probe"), "it has gone by itself");
    assert!(registry.collector().snapshot().allocators.is_empty());
}

#[test]
fn what_has_gone_is_not_remembered_for_ever() {
    let registry = Registry::new();
    let last = if cfg!(miri) { 150 } else { 1000 };
    for number in 1..=last {
        registry.register(format!("request {number}"), &Arc::new(Probe::default())).unwrap();
    }
    let kept = registry.collector().snapshot().allocators;
    assert!(kept.len() < 100 && kept.last().unwrap().name == format!("request {last}"), "{}", kept.len());
}

#[test]
fn components_stop_in_reverse_and_all_of_them() {
    let registry = Registry::new();
    let log = Arc::new(Mutex::new(Vec::new()));
    let probes: Vec<_> = (0..4).map(|number| Probe::logging(number, &log)).collect();
    for (number, probe) in probes.iter().enumerate() {
        registry.register(format!("probe {number}"), probe).unwrap();
    }
    probes[1].panics.store(true, Ordering::Relaxed);
    probes[2].fails.store(true, Ordering::Relaxed);
    let started = registry.initialize();
    assert_eq!(started.done, ["probe 0", "probe 3"]);
    let report = registry.shutdown();
    assert_eq!(*log.lock().unwrap(), [3, 2, 1, 0]);
    assert_eq!(report.done, ["probe 3", "probe 0"]);
    assert!(matches!(&report.failed[0], (name, Fault::Error(error))
        if name == "probe 2" && error.code().as_str() == "ALLOC_POOL_CLOSED"));
    assert!(matches!(&report.failed[1], (name, Fault::Panic(message))
        if name == "probe 1" && message == "on purpose"));
    let text = report.into_result().unwrap_err().to_string();
    assert!(
        text.starts_with("2 of 4 components failed\n`probe 2`: ")
            && text.ends_with("it panicked: on purpose")
    );

    // Those that did are left alone, those that did not are tried again.
    probes[1].panics.store(false, Ordering::Relaxed);
    let again = registry.shutdown();
    assert_eq!((again.done, again.failed.len()), (vec![String::from("probe 1")], 1));
    let stops: Vec<_> = probes.iter().map(|probe| probe.stops.load(Ordering::Relaxed)).collect();
    assert_eq!(stops, [1, 2, 2, 1]);
}

#[test]
fn one_that_panics_is_unhealthy_and_hides_nobody() {
    let registry = Registry::new();
    let (good, bad) = (Arc::new(Probe::default()), Arc::new(Probe::default()));
    registry.register("good", &good).unwrap();
    registry.register("bad", &bad).unwrap();
    bad.panics.store(true, Ordering::Relaxed);
    let health = registry.health();
    assert!(health.component("good").unwrap().status.is_healthy() && !health.is_operational());
    assert_eq!(
        format!("{health:#}"),
        "unhealthy\n  good (pool): healthy\n  \
         bad (pool): unhealthy: pool `bad`: it panicked when it was looked at: on purpose"
    );
    let metrics = registry.metrics();
    assert_eq!((metrics.gauge("components"), metrics.get("bad.memory.used")), (Some(2.0), None));
    assert!(metrics.get("good.memory.used").is_some());
}

/// The last owner may be the one who looks; what then happens is no worse than what happens else.
#[test]
fn a_component_may_end_while_it_is_looked_at() {
    struct Last(Mutex<Option<Arc<Last>>>);
    impl Measure for Last {
        fn kind(&self) -> Kind {
            Kind::Pool
        }

        fn measure(&self) -> AllocatorStats {
            self.0.lock().unwrap().take();
            AllocatorStats::default()
        }
    }
    impl Component for Last {}
    impl Drop for Last {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }

    let registry = Registry::new();
    for look in 0..2 {
        let last = Arc::new(Last(Mutex::default()));
        *last.0.lock().unwrap() = Some(Arc::clone(&last));
        registry.register("last", &last).unwrap();
        drop(last);
        if look == 0 {
            assert!(!registry.health().is_operational());
        } else {
            registry.metrics();
        }
        assert!(registry.is_empty());
    }
}

/// Components may use the registry that looks at them.
#[test]
fn nothing_is_locked_while_components_are_asked() {
    struct Curious(Arc<Registry>, AtomicBool);
    impl Measure for Curious {
        fn kind(&self) -> Kind {
            Kind::Cache
        }

        fn measure(&self) -> AllocatorStats {
            if !self.1.swap(true, Ordering::Relaxed) {
                self.0.health();
                self.0.register("another", &Arc::new(Probe::default())).unwrap();
                self.0.remove("another");
            }
            AllocatorStats::default()
        }
    }
    impl Component for Curious {
        fn stop(&self) -> Result<(), MemoryError> {
            assert!(self.0.remove("curious"));
            Ok(())
        }
    }

    let registry = Arc::new(Registry::new());
    let curious = Arc::new(Curious(Arc::clone(&registry), AtomicBool::new(false)));
    registry.register("curious", &curious).unwrap();
    assert!(registry.health().is_healthy());
    assert!(registry.shutdown().is_clean());
    assert!(registry.is_empty());
}

#[test]
fn what_one_thread_has_is_looked_at_when_it_is_free() {
    let registry = Registry::new();
    let arena = Arc::new(Managed::new(Arena::new()));
    registry.register("arena", &arena).unwrap();
    let used = || registry.metrics().gauge("arena.memory.used");
    let held = arena.lock();
    held.alloc([0_u8; 10]);
    assert!(registry.health().is_healthy());
    assert_eq!(used(), Some(0.0));
    drop(held);
    assert_eq!(used(), Some(10.0));
    assert!(
        catch_unwind(AssertUnwindSafe(|| {
            let _held = arena.lock();
            panic!("on purpose");
        }))
        .is_err()
    );
    assert_eq!(used(), Some(10.0), "an arena is as good as before");
    assert!(registry.shutdown().is_clean());
    assert_eq!(used(), Some(0.0));
    assert_eq!(registry.get::<Managed<Arena>>("arena").unwrap().lock().allocated_bytes(), 0);

    // The policy that was said counts, and not another one beside it.
    let full = Arc::new(Managed::new(BumpAllocator::new(100)));
    full.lock().alloc([0_u8; 95]);
    registry.component("full").policy(HealthPolicy::new().degraded_at(99)).register(&full).unwrap();
    assert!(registry.health().is_healthy());
}

/// An arena of one thread tells its figures to the collector, and is seen there.
#[test]
fn who_is_reported_to_the_collector_is_seen_too() {
    let registry = Registry::new();
    let probe = Arc::new(Probe::default());
    registry.register("probe", &probe).unwrap();
    let mut bump = registry.collector().reporting("request", BumpAllocator::new(100));
    bump.alloc([0_u8; 95]);
    bump.report();
    assert_eq!(registry.health().to_string(), "degraded: allocator `request`: 95 B of 100 B in use (95 %)");
    bump.reset();
    bump.alloc([0_u8; 85]);
    bump.report();
    assert!(!registry.health().is_healthy(), "not well yet");
    assert_eq!(registry.metrics().gauge("request.memory.used"), Some(85.0));
    assert_eq!(registry.metrics().gauge("components"), Some(1.0));
    drop(bump);
    let health = registry.health();
    assert!(health.is_healthy() && health.component("request").is_none());
    assert_eq!(health.components.len(), 1);
    assert!(registry.lookup_any("request").is_err() && registry.shutdown().done == ["probe"]);
}

#[test]
fn the_global_registry_is_one() {
    let probe = Arc::new(Probe::default());
    Registry::global().register("of this test", &probe).unwrap();
    assert!(Registry::global().names().contains(&String::from("of this test")));
    assert!(Registry::global().remove("of this test"));
}

#[test]
fn many_threads_register_look_up_and_drop() {
    let (threads, rounds) = if cfg!(miri) { (3, 10) } else { (8, 300) };
    let registry = Registry::new();
    let taken = AtomicU64::new(0);
    thread::scope(|scope| {
        for number in 0..threads {
            let (registry, taken) = (&registry, &taken);
            scope.spawn(move || {
                for round in 0..rounds {
                    let probe = Arc::new(Probe::default());
                    // Two threads want each of these names, and one may have it at a time.
                    let name = format!("shared {}", number / 2);
                    if registry.register(&*name, &probe).is_err() {
                        taken.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert!(Arc::ptr_eq(&registry.get::<Probe>(&name).unwrap(), &probe));
                    }
                    let own = format!("own {number}");
                    // Somebody may be looking at the one before.
                    registry.component(&*own).replace(&probe).unwrap();
                    match round % 4 {
                        0 => assert!(registry.health().is_healthy()),
                        1 => assert!(registry.metrics().gauge("components") >= Some(1.0)),
                        2 => assert!(registry.remove(&own)),
                        _ => {}
                    }
                }
            });
        }
    });
    assert!(registry.is_empty());
    assert!(registry.shutdown().done.is_empty());
}

#[test]
#[cfg(feature = "serde")]
fn reports_are_read_by_others() {
    let registry = Registry::new();
    let probe = Arc::new(Probe::default());
    *probe.stats.lock().unwrap() = figures(95, Some(100), 0);
    registry.register("probe", &probe).unwrap();
    let health = registry.health();
    let json = serde_json::to_string(&health).unwrap();
    let status = r#"{"status":"degraded","reason":"pool `probe`: 95 B of 100 B in use (95 %)"}"#;
    let expected = format!(
        r#"{{"overall":{status},"components":[{{"name":"probe","kind":"pool","parent":null,"status":{status}}}]}}"#
    );
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_str::<nebula_memory::observe::HealthReport>(&json).unwrap(), health);
    let metrics =
        serde_json::to_string(&MetricsSnapshot::new().with_gauge("a", 1.5).with_counter("b", 2.0)).unwrap();
    assert_eq!(metrics, r#"{"a":{"type":"gauge","value":1.5},"b":{"type":"counter","value":2.0}}"#);
}

/// What is done to a registry that has four names for components; each step is about one of them.
#[derive(Clone, Copy, Debug)]
enum Step {
    Register(usize),
    Replace(usize),
    Part(usize, usize),
    Remove(usize),
    Drop(usize),
    Shutdown,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..4).prop_map(Step::Register),
        (0_usize..4).prop_map(Step::Replace),
        (0_usize..4, 0_usize..4).prop_map(|(part, of)| Step::Part(part, of)),
        (0_usize..4).prop_map(Step::Remove),
        (0_usize..4).prop_map(Step::Drop),
        Just(Step::Shutdown),
    ]
}

proptest! {
    #![proptest_config(support::cases(256))]

    /// A registry is a list of names and owners.
    #[test]
    fn a_registry_does_as_a_list(steps in prop::collection::vec(step(), 1..if cfg!(miri) { 8 } else { 40 })) {
        const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];
        let registry = Registry::new();
        // Those that are registered, in order, with whether they were stopped; and those that are not any more but still there.
        let mut list: Vec<(usize, Arc<Probe>, bool)> = Vec::new();
        let mut others = Vec::new();
        for step in steps {
            let at = |name: usize, list: &[(usize, Arc<Probe>, bool)]| list.iter().position(|(it, ..)| *it == name);
            match step {
                Step::Register(name) => {
                    let probe = Arc::new(Probe::default());
                    let free = at(name, &list).is_none();
                    prop_assert_eq!(registry.register(NAMES[name], &probe).is_ok(), free);
                    if free {
                        list.push((name, probe, false));
                    }
                }
                Step::Replace(name) => {
                    let probe = Arc::new(Probe::default());
                    registry.component(NAMES[name]).replace(&probe).unwrap();
                    others.extend(at(name, &list).map(|at| list.remove(at)));
                    list.push((name, probe, false));
                }
                Step::Part(name, of) => {
                    let probe = Arc::new(Probe::default());
                    let can = at(name, &list).is_none() && at(of, &list).is_some();
                    let part = registry.component(NAMES[name]).part_of(NAMES[of]);
                    prop_assert_eq!(part.register(&probe).is_ok(), can);
                    if can {
                        prop_assert!(registry.parts(NAMES[of]).contains(&NAMES[name].to_owned()));
                        list.push((name, probe, false));
                    }
                }
                Step::Remove(name) => {
                    let at = at(name, &list);
                    prop_assert_eq!(registry.remove(NAMES[name]), at.is_some());
                    others.extend(at.map(|at| list.remove(at)));
                }
                Step::Drop(name) => {
                    if let Some(at) = at(name, &list) {
                        list.remove(at);
                    }
                }
                Step::Shutdown => {
                    let stopped: Vec<_> =
                        list.iter().rev().filter(|(.., stopped)| !stopped).map(|(name, ..)| NAMES[*name]).collect();
                    prop_assert_eq!(registry.shutdown().into_result().unwrap(), stopped);
                    for (.., stopped) in &mut list {
                        *stopped = true;
                    }
                }
            }
            let names: Vec<_> = list.iter().map(|(name, ..)| NAMES[*name]).collect();
            prop_assert_eq!(registry.names(), names);
            for (name, probe, stopped) in &list {
                prop_assert!(Arc::ptr_eq(&registry.get::<Probe>(NAMES[*name]).unwrap(), probe));
                prop_assert_eq!(probe.stops.load(Ordering::Relaxed), usize::from(*stopped));
            }
            let alive = registry.collector().snapshot().allocators.iter().filter(|entry| entry.alive).count();
            prop_assert_eq!(alive, list.len(), "the collector knows the same");
        }
    }

    /// What is looked at again and again is bad from the one limit to the other, and nothing else.
    #[test]
    fn levels_swing_between_two_limits(
        levels in prop::collection::vec(0_u64..=100, 1..50),
        degraded in 1_u8..=100,
        recovered in 0_u8..=100,
    ) {
        let policy = HealthPolicy::new().degraded_at(degraded).recovered_at(recovered);
        let mut monitor = HealthMonitor::new(policy);
        let mut bad = false;
        for level in levels {
            let status = monitor.look(Kind::Pool, None, &figures(level, Some(100), 0));
            bad = level >= u64::from(degraded) || (bad && level > u64::from(recovered));
            prop_assert_eq!(status.is_healthy(), !bad);
        }
    }
}
