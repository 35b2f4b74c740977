//! Configuration: how settings are written, which layer wins, what is said of mistakes, and what a change does.
#![cfg(all(not(loom), feature = "config"))]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nebula_memory::observe::config::{
    Applied, ByteSize, Config, ConfigError, HumanDuration, LogLevel, Outcome, Value,
};
use nebula_memory::observe::{Component, Managed, Registry};
use nebula_memory::stats::{AllocatorStats, Kind, Measure};
use nebula_memory::{Arena, Budget, FixedPool, Growth, KIB, MIB, MemoryError, ObjectPool, PoolError};
use proptest::prelude::*;

mod support;

fn of_file(text: &str) -> Result<Config, ConfigError> {
    Config::sources().text("service.toml", text).load()
}

/// All messages, each in a line.
fn messages(text: &str) -> String {
    let error = of_file(text).unwrap_err();
    error.problems().iter().fold(String::new(), |all, problem| format!("{all}{problem}\n"))
}

#[test]
fn everything_can_be_said() {
    let config = of_file(
        r#"
        [budgets.uploads]
        limit = "64 MiB"
        soft_limit = 1_048_576

        [pools.connections]
        min = 0x2
        max = 20
        idle_timeout = "5 min"
        max_lifetime = "1h 30min"

        [arenas."request scratch"]
        initial_capacity = "4KiB"
        growth = "16 KiB"
        max_capacity = "1.5 GiB"

        [arenas.parser]
        growth = "fixed"

        [stats]
        interval = "250ms"
        history = 600
        sampling = "512 KiB"

        [logging]
        level = "WARN"
        sample = 100
        "#,
    )
    .unwrap();
    let budget = config.budget("uploads");
    assert_eq!((budget.limit, budget.soft_limit), (Some((64 * MIB).into()), Some(MIB.into())));
    let pool = config.pool("connections");
    assert_eq!((pool.min, pool.max), (Some(2), Some(20)));
    assert_eq!(pool.idle_timeout, Some(Duration::from_secs(300)));
    assert_eq!(pool.max_lifetime, Some(Duration::from_secs(5400)));
    let options = config.arena("request scratch").options();
    assert_eq!((options.initial_capacity, options.growth), (4 * KIB, Growth::Incremental(16 * KIB)));
    assert_eq!(options.max_capacity, Some(1536 * MIB));
    assert_eq!(config.arena("parser").growth, Some(Growth::Fixed));
    assert_eq!(config.stats.interval, Some(Duration::from_millis(250)));
    assert_eq!((config.stats.history, config.stats.sampling), (Some(600), Some((512 * KIB).into())));
    assert_eq!((config.logging.level, config.logging.sample), (Some(LogLevel::Warn), Some(100)));
    assert_eq!(config.iter().count(), 15);
    assert_eq!(
        config.get("arenas.request scratch.growth"),
        Some(Value::Growth(Growth::Incremental(16 * KIB)))
    );
    assert_eq!(config.get("arenas.request scratch"), None);
    assert_eq!(of_file("").unwrap(), Config::default());
}

#[test]
fn all_mistakes_are_told_at_once_and_what_to_write() {
    let found = messages(
        r#"
[pool.connections]
max = 1

[pools.connections]
mx = 3
max = "twenty"
min = -1
idle_timeout = 30
max_lifetime = "5 parsecs"
"größe" = 1

[pools]
max = 3
idle = { max = 1.5 }

[budgets]
uploads = "64 MiB"

[budgets.downloads]
limit = 0
soft_limit = "64M"
colour = "red"

[arenas.parser]
growth = "dubble"
max_capacity = 2026-11-21
initial_capacity = "20 EiB"

[stats]
interval = "1 us"
history = 10_000_000
sampling = "1.5 B"

[logging]
level = "warning"
sample = true

[[logger]]
level = "info"
"#,
    );
    let expected = "\
service.toml:2:2: pool: there is no such section: did you mean `pools`?
service.toml:6:1: pools.connections.mx: there is no such setting: did you mean `max`?
service.toml:7:7: pools.connections.max: the text \"twenty\" is not what belongs here: write a whole number, at least 1
service.toml:8:7: pools.connections.min: -1 is out of range: it must be at least 0
service.toml:9:16: pools.connections.idle_timeout: 30 has no unit: write \"30 s\", \"30 ms\" or \"30 min\"
service.toml:10:16: pools.connections.max_lifetime: `parsecs` is no unit of time: write `ns`, `us`, `ms`, `s`, `min`, `h` or `d`
service.toml:11:1: pools.connections.größe: there is no such setting: there are `min`, `max`, `idle_timeout`, `max_lifetime`
service.toml:14:1: pools.max: settings of pools stand under a name: write it under `[pools.<name>]`
service.toml:15:16: pools.idle.max: the number 1.5 is not what belongs here: write a whole number, at least 1
service.toml:18:11: budgets.uploads: this is a section: write its settings under `[budgets.uploads]`
service.toml:21:9: budgets.downloads.limit: 0 B is out of range: it must be at least 1 B
service.toml:22:14: budgets.downloads.soft_limit: `M` is no unit of size: write `MiB` (1024s) or `MB` (1000s)
service.toml:23:1: budgets.downloads.colour: there is no such setting: there are `limit`, `soft_limit`
service.toml:26:10: arenas.parser.growth: `dubble` is not known: did you mean \"double\"?
service.toml:27:16: arenas.parser.max_capacity: a date is not what belongs here: write a size, such as \"64 MiB\" or a number of bytes
service.toml:28:20: arenas.parser.initial_capacity: `20 EiB` is more than 16 EiB
service.toml:31:12: stats.interval: 1 us is out of range: it must be at least 1 ms
service.toml:32:11: stats.history: 10000000 is out of range: it must be from 0 to 1000000
service.toml:33:12: stats.sampling: `1.5 B` is not a whole number of bytes
service.toml:36:9: logging.level: `warning` is not known: did you mean \"warn\"?
service.toml:37:10: logging.sample: `true` is not what belongs here: write a whole number, at least 1
service.toml:39:3: logger: there is no such section: there are `budgets`, `pools`, `arenas`, `stats`, `logging`
";
    assert_eq!(found, expected);
}

#[test]
fn a_text_that_is_no_toml_is_told_where() {
    let found = messages("[pools.a]\nmax = \nmin = 2\n[pools.b\nmax = 1\n");
    let lines: Vec<_> = found.lines().collect();
    assert!(
        lines[0].starts_with("service.toml:2:7: this is not TOML: string values must be quoted"),
        "{found}"
    );
    assert_eq!(lines[1], "service.toml:4:9: this is not TOML: unclosed table, expected `]`");
    assert!(
        messages("[stats]\nhistory = 1\nhistory = 2")
            .contains("service.toml:3:1: this is not TOML: duplicate key")
    );
    let error = Config::sources().file("no/such/file.toml").load().unwrap_err();
    assert_eq!(error.to_string(), "the configuration is not valid: no/such/file.toml: there is no such file");
    assert!(Config::sources().optional_file("no/such/file.toml").load().is_ok());
}

#[test]
fn contradictions_are_told_where_the_later_one_is() {
    assert_eq!(
        messages("[pools.a]\nmax = 2\nmin = 3\n[budgets.b]\nsoft_limit = '2 MiB'\nlimit = '1 MiB'"),
        "service.toml:6:9: budgets.b.limit: `soft_limit` is 2 MiB, which is more than `limit`, 1 MiB \
         (`soft_limit` is set in service.toml:5:14)\n\
         service.toml:3:7: pools.a.min: `min` is 3, which is more than `max`, 2 (`max` is set in service.toml:2:7)\n"
    );
    let sources = Config::sources().text("a.toml", "[arenas.x]\ninitial_capacity = '2 KiB'");
    let error = sources.clone().env_from("N", [("N_ARENAS__X__MAX_CAPACITY", "1 KiB")]).load().unwrap_err();
    assert_eq!(
        error.problems()[0].to_string(),
        "N_ARENAS__X__MAX_CAPACITY: arenas.x.max_capacity: `initial_capacity` is 2 KiB, which is more than \
         `max_capacity`, 1 KiB (`initial_capacity` is set in a.toml:2:20)"
    );
    let error = sources.set("arenas.x.max_capacity", 1024).load().unwrap_err();
    assert_eq!(error.problems()[0].path(), "arenas.x.max_capacity");
    assert_eq!(error.problems()[0].origin().to_string(), "set by the program");
}

#[test]
fn variables_say_the_same_as_a_file() {
    let file = Config::sources().text("a.toml", "[pools.web-requests]\nmax = 3\nmin = 1");
    let variables = [
        ("NEBULA_POOLS__WEB_REQUESTS__MAX", "7"),
        ("NEBULA_POOLS__NEW__IDLE_TIMEOUT", "5 min"),
        ("NEBULA_LOGGING__LEVEL", "trace"),
        ("NEBULA_HOME", "/home/nebula"),
        ("OTHER_POOLS__NEW__MAX", "1"),
        ("NEBULAX_POOLS__NEW__MAX", "1"),
    ];
    let config = file.clone().env_from("NEBULA", variables).load().unwrap();
    assert_eq!((config.pool("web-requests").max, config.pool("web-requests").min), (Some(7), Some(1)));
    assert_eq!(config.pools.len(), 2);
    assert_eq!(
        config.origin("pools.web-requests.max").unwrap().to_string(),
        "NEBULA_POOLS__WEB_REQUESTS__MAX"
    );
    assert_eq!(config.origin("pools.web-requests.min").unwrap().to_string(), "a.toml:3:7");

    let wrong = [
        ("NEBULA_POOLS__A__MAX", "twenty"),
        ("NEBULA_POOLS__A__MXA", "20"),
        ("NEBULA_POOLS__MAX", "20"),
        ("NEBULA_POLS__A__MAX", "20"),
        ("NEBULA_STATS_INTERVAL", "1s"),
        ("NEBULA_STATS__INTERVAL", "1"),
        ("NEBULA_BUDGET", "1"),
    ];
    let error = Config::sources().env_from("NEBULA", wrong).load().unwrap_err();
    let found: Vec<_> = error.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "NEBULA_BUDGET: this is no setting: did you mean `NEBULA_BUDGETS__<NAME>__<SETTING>`?",
            "NEBULA_POLS__A__MAX: pols: there is no such section: did you mean `pools`?",
            "NEBULA_POOLS__A__MAX: pools.a.max: `twenty` is not what belongs here: write a whole number, at least 1",
            "NEBULA_POOLS__A__MXA: pools.a.mxa: there is no such setting: did you mean `max`?",
            "NEBULA_POOLS__MAX: this is no setting: write `NEBULA_POOLS__<NAME>__<SETTING>`",
            "NEBULA_STATS_INTERVAL: this is no setting: did you mean `NEBULA_STATS__INTERVAL`?",
            "NEBULA_STATS__INTERVAL: stats.interval: `1` has no unit: write `1 s`, `1 ms` or `1 min`",
        ]
    );
}

#[test]
#[cfg(unix)]
fn a_variable_that_is_no_text_is_told() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let value = OsString::from_vec(vec![b'2', 0xff]);
    let error = Config::sources().env_from("N", [("N_POOLS__A__MAX", value)]).load().unwrap_err();
    assert_eq!(
        error.problems()[0].to_string(),
        "N_POOLS__A__MAX: pools.a.max: its value is not valid Unicode"
    );
}

/// Variables of a process are those that it was started with.
#[test]
#[cfg(not(miri))]
fn variables_of_the_process() {
    const VARIABLE: &str = "NEBULA_OBSERVE_TEST_POOLS__A__MAX";
    if std::env::var_os(VARIABLE).is_none() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let done = child.args(["--exact", "variables_of_the_process"]).env(VARIABLE, "7").output().unwrap();
        assert!(done.status.success(), "{done:?}");
        return;
    }
    let config = Config::sources().env("NEBULA_OBSERVE_TEST").load().unwrap();
    assert_eq!(config.to_string(), format!("pools.a.max = 7 ({VARIABLE})"));
}

#[test]
fn what_a_program_sets_is_checked_too() {
    let set = |path: &str, value: &str| {
        Config::sources().set(path, value).load().map_err(|error| error.problems()[0].to_string())
    };
    assert_eq!(set("pools.a.b.max", "3").unwrap().pool("a.b").max, Some(3));
    for (path, message) in [
        ("pools.a", "set by the program: pools.a: this is no setting: write `pools.<name>.<setting>`"),
        (
            "stats.a.interval",
            "set by the program: stats.a.interval: this is no setting: write `stats.<setting>`",
        ),
        (
            "",
            "set by the program: there is no such section: there are `budgets`, `pools`, `arenas`, `stats`, `logging`",
        ),
        (
            "pools.a.max",
            "set by the program: pools.a.max: `x` is not what belongs here: write a whole number, at least 1",
        ),
    ] {
        assert_eq!(set(path, "x").unwrap_err(), message);
    }
    let config = Config::sources()
        .set("stats.interval", Duration::from_secs(1))
        .set("budgets.a.limit", ByteSize::new(7))
        .set("budgets.b.limit", 7_u64)
        .set("arenas.a.growth", Growth::Fixed)
        .set("arenas.b.growth", 4096)
        .set("logging.level", LogLevel::Off)
        .load()
        .unwrap();
    assert_eq!(config.budget("a"), config.budget("b"));
    assert_eq!(config.arena("b").growth, Some(Growth::Incremental(4096)));
    let error = Config::sources().set("stats.interval", ByteSize::new(1)).load().unwrap_err();
    assert_eq!(
        error.problems()[0].message(),
        "1 B is not what belongs here: write a length of time, such as \"250 ms\" or \"5 min\""
    );
}

#[test]
fn defaults_are_what_holds_unless_something_else_is_said() {
    let mut defaults = Config::default();
    defaults.pools.entry("a".into()).or_default().max = Some(4);
    defaults.pools.entry("a".into()).or_default().min = Some(2);
    let sources = Config::sources().defaults(defaults);
    let config = sources.clone().set("pools.a.max", 8).load().unwrap();
    assert_eq!((config.pool("a").min, config.pool("a").max), (Some(2), Some(8)));
    assert_eq!(config.origin("pools.a.min").unwrap().to_string(), "default");
    let error = sources.set("pools.a.max", 1).load().unwrap_err();
    assert_eq!(
        error.problems()[0].to_string(),
        "set by the program: pools.a.max: `min` is 2, which is more than `max`, 1 (`min` is a default)"
    );
}

#[test]
fn sizes_and_times_are_read_as_people_write_them() {
    let size = |text: &str| text.parse::<ByteSize>().map(ByteSize::get).map_err(|error| error.to_string());
    for (text, bytes) in [
        ("0", 0),
        (" 64 MiB ", 64 << 20),
        ("64mib", 64 << 20),
        ("1.5GiB", 3 << 29),
        ("10 kB", 10_000),
        ("1_000 b", 1000),
        ("2 EB", 2_000_000_000_000_000_000),
        ("15.5 EiB", 31 << 59),
        ("18446744073709551615", u64::MAX),
    ] {
        assert_eq!(size(text), Ok(bytes), "{text}");
    }
    for (text, message) in [
        ("", "`` is no size: write a number and a unit, such as `64 MiB`"),
        ("-1", "`-1` is no size: write a number and a unit, such as `64 MiB`"),
        ("MiB", "`MiB` is no size: write a number and a unit, such as `64 MiB`"),
        ("16 EiB", "`16 EiB` is more than 16 EiB"),
        ("1.5", "`1.5` is not a whole number of bytes"),
        ("1.2.3 MiB", "`1.2.3` is no number"),
        ("1. MiB", "`1.` is no number"),
        ("64k", "`k` is no unit of size: write `KiB` (1024) or `kB` (1000)"),
        ("64 Gi", "`Gi` is no unit of size: write `GiB` (1024s) or `GB` (1000s)"),
        (
            "64 megs",
            "`megs` is no unit of size: write `B`, `KiB`, `MiB`, `GiB` or `TiB`; `kB`, `MB` and so on for powers of 1000",
        ),
        (
            "64 µB",
            "`µB` is no unit of size: write `B`, `KiB`, `MiB`, `GiB` or `TiB`; `kB`, `MB` and so on for powers of 1000",
        ),
    ] {
        assert_eq!(size(text), Err(message.to_owned()), "{text}");
    }
    let more = "9".repeat(60);
    assert_eq!(size(&more), Err(format!("`{more}` is no number")));

    let time =
        |text: &str| text.parse::<HumanDuration>().map(|time| time.0).map_err(|error| error.to_string());
    for (text, nanoseconds) in [
        ("0", 0),
        ("250ms", 250_000_000),
        ("5 min", 300_000_000_000),
        ("5m", 300_000_000_000),
        ("1h 30min", 5_400_000_000_000),
        ("1h30m", 5_400_000_000_000),
        ("0.5 s", 500_000_000),
        ("3 µs", 3000),
        ("1d", 86_400_000_000_000),
    ] {
        assert_eq!(time(text), Ok(Duration::from_nanos(nanoseconds)), "{text}");
    }
    for (text, message) in [
        ("", "there is no time in it: write `250 ms` or `5 min`"),
        ("30", "`30` has no unit: write `30 s`, `30 ms` or `30 min`"),
        ("-1 s", "`-1 s` is no length of time: write a number and a unit, such as `250 ms` or `5 min`"),
        ("1 s,", "`1 s,` is no length of time: write a number and a unit, such as `250 ms` or `5 min`"),
        ("1 fortnight", "`fortnight` is no unit of time: write `ns`, `us`, `ms`, `s`, `min`, `h` or `d`"),
        ("1 s 5", "`` is no unit of time: write `ns`, `us`, `ms`, `s`, `min`, `h` or `d`"),
        ("0.5 ns", "`0.5 ns` is not a whole number of nanoseconds"),
        ("1000000000000000000 d", "`1000000000000000000 d` is too long a time"),
    ] {
        assert_eq!(time(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn what_can_be_applied_is_and_the_rest_is_told() {
    let registry = Registry::new();
    let pool = Arc::new(
        ObjectPool::builder()
            .create(String::new)
            .min(1)
            .max(8)
            .idle_timeout(Duration::from_secs(60))
            .build_boxed()
            .unwrap(),
    );
    let arena = Arc::new(Managed::new(Arena::new()));
    let budget = Arc::new(Budget::new_shared(64 * MIB));
    let fixed = Arc::new(FixedPool::<u64, 4>::new());
    registry.register("texts", &pool).unwrap();
    registry.register("scratch", &arena).unwrap();
    registry.register("all", &budget).unwrap();
    registry.register("fixed", &fixed).unwrap();
    let apply = |text: &str| -> Vec<String> {
        registry.apply(&of_file(text).unwrap()).iter().map(ToString::to_string).collect()
    };

    let as_it_is = "[pools.texts]\nmax = 8\nmin = 1\nidle_timeout = '1 min'\n[arenas.scratch]\ngrowth = 'double'\n\
                    initial_capacity = '4 KiB'\n[budgets.all]\nlimit = '64 MiB'\n[pools.fixed]\nmax = 4";
    assert_eq!(apply(as_it_is), [""; 0]);
    assert_eq!(apply(as_it_is), [""; 0]);

    let held: Vec<_> = (0..4).map(|_| pool.acquire().unwrap()).collect();
    let changed = "[pools.texts]\nmax = 2\nmin = 2\nmax_lifetime = '1 h'\n[arenas.scratch]\ngrowth = 'fixed'\n\
                   initial_capacity = '8 KiB'\nmax_capacity = '1 MiB'\n[budgets.all]\nlimit = '1 GiB'\n\
                   soft_limit = '1 GiB'\n[pools.fixed]\nmax = 5\n[pools.all]\nmax = 1\n[pools.nobody]\nmax = 1";
    let expected = [
        "budgets.all.limit: 64 MiB → 1 GiB, needs a restart",
        "budgets.all.soft_limit: no limit → 1 GiB, needs a restart",
        "pools.all.max: 1, which nothing in this process takes",
        "pools.fixed.max: 4 → 5, needs a restart",
        "pools.nobody.max: 1, which nothing in this process takes",
        "pools.texts.min: 1 → 2, needs a restart",
        "pools.texts.max: 8 → 2, changed",
        "pools.texts.max_lifetime: no limit → 1 h, needs a restart",
        "arenas.scratch.initial_capacity: 4 KiB → 8 KiB, needs a restart",
        "arenas.scratch.growth: double → fixed, needs a restart",
        "arenas.scratch.max_capacity: no limit → 1 MiB, needs a restart",
        "pools.texts.idle_timeout: 1 min → not set, needs a restart",
    ];
    assert_eq!(apply(changed), expected);
    drop(held);
    assert_eq!((pool.capacity(), pool.size()), (2, 2), "what came back was too much");
    // What needs a restart still does, and what was changed has been.
    let again = apply(changed);
    assert!(again.iter().all(|line| !line.contains("changed")), "{again:#?}");
    assert_eq!(again.len(), expected.len() - 3);
}

/// Takes one of its settings, and not always.
struct Stubborn {
    panics: AtomicBool,
    fails: AtomicBool,
    ttl: Mutex<Option<Value>>,
}

impl Measure for Stubborn {
    fn kind(&self) -> Kind {
        Kind::Pool
    }

    fn measure(&self) -> AllocatorStats {
        AllocatorStats::default()
    }
}

impl Component for Stubborn {
    fn set(&self, key: &str, value: &Value) -> Result<bool, MemoryError> {
        assert!(!self.panics.load(Ordering::Relaxed), "on purpose");
        if self.fails.load(Ordering::Relaxed) {
            return Err(PoolError::Closed.into());
        }
        if key != "max_lifetime" {
            return Ok(false);
        }
        *self.ttl.lock().unwrap() = Some(value.clone());
        Ok(true)
    }
}

#[test]
fn what_went_wrong_is_tried_again() {
    let registry = Registry::new();
    let (panics, fails) = (AtomicBool::new(true), AtomicBool::new(true));
    let stubborn = Arc::new(Stubborn { panics, fails, ttl: Mutex::default() });
    registry.register("s", &stubborn).unwrap();
    let config = Config::sources().set("pools.s.max_lifetime", "1 s").set("pools.s.max", 1).load().unwrap();
    let apply = || registry.apply(&config);
    let outcome =
        |applied: &[Applied]| applied.iter().map(|applied| applied.outcome.clone()).collect::<Vec<_>>();
    let panicked = Outcome::Failed("it panicked: on purpose".into());
    assert_eq!(outcome(&apply()), [panicked.clone(), panicked]);
    stubborn.panics.store(false, Ordering::Relaxed);
    let closed = Outcome::Failed("ALLOC_POOL_CLOSED: the pool was closed".into());
    assert_eq!(outcome(&apply()), [closed.clone(), closed]);
    stubborn.fails.store(false, Ordering::Relaxed);
    assert_eq!(outcome(&apply()), [Outcome::Changed], "what it has of the other, nobody knows");
    assert_eq!(*stubborn.ttl.lock().unwrap(), Some(Value::Duration(Duration::from_secs(1))));
    assert_eq!(outcome(&apply()), []);
}

#[test]
fn statistics_follow_the_configuration() {
    let registry = Registry::new();
    let level = Arc::new(Mutex::new(None));
    let taker = Arc::clone(&level);
    registry.on_setting("logging.level", move |value| {
        *taker.lock().unwrap() = Some(value.clone());
        Ok(())
    });
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    registry.on_setting("stats.sampling", move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        panic!("on purpose")
    });
    let text = "[stats]\ninterval = '1 ms'\nhistory = 5\nsampling = '1 MiB'\n[logging]\nlevel = 'debug'";
    let config = of_file(text).unwrap();
    let lines: Vec<_> = registry.apply(&config).iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "stats.interval: 1 ms, changed",
            "stats.history: 5, changed",
            "stats.sampling: 1 MiB, failed: it panicked: on purpose",
            "logging.level: debug, changed",
        ]
    );
    assert_eq!(*level.lock().unwrap(), Some(Value::Level(LogLevel::Debug)));
    while registry.collector().history().len() < 5 {
        std::thread::yield_now();
    }
    assert_eq!(registry.apply(&config).len(), 1, "only what failed");
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    let lines: Vec<_> = registry.apply(&Config::default()).iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "logging.level: debug → not set, needs a restart",
            "stats.history: 5 → not set, changed",
            "stats.interval: 1 ms → not set, changed",
        ]
    );
    assert!(registry.collector().history().is_empty());
}

#[test]
fn a_switch_is_one_who_takes_a_level() {
    let registry = Registry::new();
    let apply = |level: Option<&str>| -> Vec<String> {
        let sources = Config::sources();
        let sources = if let Some(level) = level { sources.set("logging.level", level) } else { sources };
        registry.apply(&sources.load().unwrap()).iter().map(ToString::to_string).collect()
    };
    assert_eq!(apply(Some("warn")), ["logging.level: warn, which nothing in this process takes"]);
    let switch = registry.log_switch().clone();
    assert_eq!(switch.level(), LogLevel::Warn, "for who comes later");
    assert_eq!(apply(Some("info")), ["logging.level: warn → info, changed"]);
    assert_eq!(apply(Some("info")), [""; 0]);
    assert_eq!(apply(Some("off")), ["logging.level: info → off, changed"]);
    assert_eq!(switch.level(), LogLevel::Off);
    assert_eq!(apply(None), ["logging.level: off → not set, changed"]);
    assert_eq!(switch.level(), LogLevel::Trace);
}

/// What each layer says, of three settings.
fn layers() -> impl Strategy<Value = [[Option<u8>; 3]; 4]> {
    prop::array::uniform4(prop::array::uniform3(prop::option::of(1_u8..100)))
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn the_last_layer_that_says_something_wins(layers in layers()) {
        const PATHS: [(&str, &str); 3] = [("a", "max"), ("b", "max"), ("b_c", "idle_timeout")];
        let [defaults, file, env, code] = layers;
        let said = |layer: [Option<u8>; 3]| {
            PATHS.into_iter().zip(layer).filter_map(|(path, value)| Some((path, value?)))
        };
        let mut config = Config::default();
        for ((name, key), value) in said(defaults) {
            let pool = config.pools.entry(name.to_owned()).or_default();
            match key {
                "max" => pool.max = Some(value.into()),
                _ => pool.idle_timeout = Some(Duration::from_millis(value.into())),
            }
        }
        let written = |key: &str, value: u8| if key == "max" { format!("{value}") } else { format!("{value} ms") };
        let text: String = said(file)
            .fold(String::new(), |all, ((name, key), value)| {
                let value = written(key, value);
                let value = if key == "max" { value } else { format!("{value:?}") };
                format!("{all}[pools.{name}]\n{key} = {value}\n")
            });
        let variables = said(env).map(|((name, key), value)| {
            (format!("X_POOLS__{}__{}", name.to_uppercase(), key.to_uppercase()), written(key, value))
        });
        let mut sources = Config::sources().env_from("X", variables).text("f", text).defaults(config);
        for ((name, key), value) in said(code) {
            sources = sources.set(format!("pools.{name}.{key}"), written(key, value));
        }
        let loaded: BTreeMap<_, _> = sources.load().unwrap().iter().collect();
        let mut model = BTreeMap::new();
        for ((name, key), value) in [defaults, file, env, code].into_iter().flat_map(said) {
            let value = match key {
                "max" => Value::Count(value.into()),
                _ => Value::Duration(Duration::from_millis(value.into())),
            };
            model.insert(format!("pools.{name}.{key}"), value);
        }
        prop_assert_eq!(loaded, model);
    }

    #[test]
    fn a_size_is_read_as_it_was_written(bytes in prop_oneof![any::<u64>(), (0_u64..5000, 0_u32..54).prop_map(|(n, s)| n << s)]) {
        let size = ByteSize::new(bytes);
        prop_assert_eq!(size.to_string().parse::<ByteSize>().unwrap(), size);
        prop_assert_eq!(bytes.to_string().parse::<ByteSize>().unwrap(), size);
    }

    #[test]
    fn a_time_is_read_as_it_was_written(seconds in any::<u64>(), nanoseconds in 0_u32..1_000_000_000) {
        let time = HumanDuration(Duration::new(seconds, nanoseconds));
        prop_assert_eq!(time.to_string().parse::<HumanDuration>().unwrap(), time);
    }

    /// Whatever is in a file, the answer is a configuration or a list of mistakes, each with a place in the file.
    #[test]
    fn any_text_is_read_or_refused(parts in prop::collection::vec(part(), 0..12)) {
        let text = parts.concat();
        if let Err(error) = of_file(&text) {
            prop_assert!(!error.problems().is_empty());
            let lines = text.lines().count() + 1;
            for problem in error.problems() {
                let place = problem.origin().to_string();
                let line: usize = place.split(':').nth(1).unwrap().parse().unwrap();
                prop_assert!((1..=lines).contains(&line), "{place} of {text:?}");
            }
        }
    }

    #[test]
    fn any_text_is_a_size_or_a_time_or_neither(text in "[0-9._ kKmMgGiIbBsé-]{0,12}|\\PC{0,8}") {
        let _ = (text.parse::<ByteSize>(), text.parse::<HumanDuration>());
    }
}

/// Something that files have in them, well put together or not.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "[pools.a]\n",
            "[pools]\n",
            "[stats]\n",
            "[[logging]]\n",
            "max = 3\n",
            "min = 9\n",
            "interval = '1 s'\n",
            "level = ",
            "'info'\n",
            "a.b.c = 1\n",
            "= \n",
            "pools = 3\n",
            "é = { x = [1, 2.5, true] }\n",
            "1979-05-27\n",
            "\"\"\"",
            "\n",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}
