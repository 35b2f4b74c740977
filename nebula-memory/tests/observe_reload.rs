//! A configuration that is read again while the program runs, from files that change in all the ways that files do.
#![cfg(all(not(loom), not(miri), feature = "config"))]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nebula_memory::ObjectPool;
use nebula_memory::observe::Registry;
use nebula_memory::observe::config::{Config, ConfigWatcher};

/// A file of one test, which goes with it.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("nebula-observe-{}-{name}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory.join("service.toml"))
    }

    fn with(name: &str, text: &str) -> Self {
        let file = Self::new(name);
        file.write(text);
        file
    }

    fn write(&self, text: &str) {
        fs::write(&self.0, text).unwrap();
    }

    fn max(&self, max: usize) {
        self.write(&format!("[pools.p]\nmax = {max}\n"));
    }

    /// As editors do: a new file in place of the old one.
    fn replace(&self, max: usize) {
        let beside = self.0.with_extension("new");
        fs::write(&beside, format!("[pools.p]\nmax = {max}\n")).unwrap();
        fs::rename(beside, &self.0).unwrap();
    }

    fn watch(&self) -> ConfigWatcher {
        Config::sources().file(&self.0).watch(Duration::from_millis(2)).unwrap()
    }

    /// Looked at only when it is asked to.
    fn watch_slowly(&self) -> ConfigWatcher {
        Config::sources().file(&self.0).watch(Duration::from_secs(3600)).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.0.parent().unwrap());
    }
}

/// Waits for something that will be.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

fn max(watcher: &ConfigWatcher) -> Option<usize> {
    watcher.current().pool("p").max
}

/// The `max` of each new configuration.
fn changes(watcher: &ConfigWatcher) -> Receiver<(Option<usize>, Option<usize>)> {
    let (send, receive) = channel();
    let send = Mutex::new(send);
    watcher.on_change(move |old, new| {
        let _ = send.lock().unwrap().send((old.pool("p").max, new.pool("p").max));
    });
    receive
}

#[test]
fn a_changed_file_is_picked_up() {
    let file = File::with("changed", "[pools.p]\nmax = 1\n");
    let watcher = file.watch();
    let changes = changes(&watcher);
    let mut reader = watcher.reader();
    assert_eq!((max(&watcher), reader.get().pool("p").max), (Some(1), Some(1)));
    let mut before = 1;
    for now in 2..6 {
        // In place, and by another file of the same length and often the same time.
        if now % 2 == 0 {
            file.max(now);
        } else {
            file.replace(now);
        }
        until("the change", || max(&watcher) == Some(now));
        assert_eq!(reader.get().pool("p").max, Some(now));
        assert_eq!(changes.recv().unwrap(), (Some(before), Some(now)));
        before = now;
    }
    assert!(changes.try_recv().is_err() && watcher.last_error().is_none());
}

#[test]
fn a_bad_file_is_refused_and_the_old_stays() {
    let file = File::with("bad", "[pools.p]\nmax = 1\n");
    let watcher = file.watch();
    let changes = changes(&watcher);
    let errors = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&errors);
    watcher.on_error(move |error| sink.lock().unwrap().push(error.to_string()));
    file.write("[pools.p]\nmax = 0\nmin = 'x'\n");
    until("the error", || watcher.last_error().is_some() && !errors.lock().unwrap().is_empty());
    let path = file.0.display();
    let expected = format!(
        "the configuration is not valid, for 2 reasons:\n  \
         {path}:2:7: pools.p.max: 0 is out of range: it must be at least 1\n  \
         {path}:3:7: pools.p.min: the text \"x\" is not what belongs here: write a whole number, at least 0"
    );
    assert_eq!(*errors.lock().unwrap(), [expected], "told once, however often the file is looked at");
    assert_eq!(max(&watcher), Some(1));
    // What is only half there.
    file.write("[pools.p]\nma");
    until("another error", || watcher.last_error().unwrap().to_string().contains("not TOML"));
    file.max(3);
    until("a good one", || max(&watcher) == Some(3));
    until("no error", || watcher.last_error().is_none());
    assert_eq!(changes.recv().unwrap(), (Some(1), Some(3)));
}

#[test]
fn a_file_that_goes_away_and_comes_back() {
    let file = File::with("away", "[pools.p]\nmax = 1\n");
    let watcher = file.watch();
    let changes = changes(&watcher);
    fs::remove_file(&file.0).unwrap();
    until("the error", || watcher.last_error().is_some());
    assert!(watcher.last_error().unwrap().to_string().ends_with("there is no such file"));
    assert_eq!(max(&watcher), Some(1));
    file.max(1);
    until("no error", || watcher.last_error().is_none());
    assert!(changes.try_recv().is_err(), "it says what it said before");

    // One that need not be there says nothing when it is not.
    let optional = Config::sources().optional_file(&file.0).set("pools.p.min", 1);
    let watcher = optional.watch(Duration::from_millis(2)).unwrap();
    fs::remove_file(&file.0).unwrap();
    until("less", || max(&watcher).is_none());
    assert_eq!(watcher.current().pool("p").min, Some(1));
    file.max(7);
    until("more", || max(&watcher) == Some(7));
}

#[test]
fn a_file_that_is_truncated_first_is_not_taken_for_an_empty_one() {
    let file = File::with("truncated", "[pools.p]\nmax = 1\n");
    let watcher = file.watch();
    let changes = changes(&watcher);
    for now in 2..8 {
        file.write("");
        // Time enough for several looks.
        thread::sleep(Duration::from_millis(20));
        file.max(now);
        until("the change", || max(&watcher) == Some(now));
        assert_eq!(changes.recv().unwrap(), (Some(now - 1), Some(now)));
    }
    file.write("");
    until("what stays empty", || max(&watcher).is_none());
}

#[test]
fn the_same_stamp_hides_nothing() {
    let file = File::with("stamp", "[pools.p]\nmax = 1\n");
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    let stamp = |max| {
        file.max(max);
        fs::File::options().write(true).open(&file.0).unwrap().set_modified(long_ago).unwrap();
    };
    let watcher = file.watch_slowly();
    for now in 2..4 {
        stamp(now);
        // The thread would trust the time; who asks does not.
        assert!(watcher.reload().unwrap());
        assert_eq!(max(&watcher), Some(now));
        assert!(!watcher.reload().unwrap());
    }
}

#[test]
fn reloading_tells_at_once() {
    let file = File::with("reload", "[pools.p]\nmax = 1\n");
    let watcher = file.watch_slowly();
    let changes = changes(&watcher);
    assert!(!watcher.reload().unwrap());
    file.max(2);
    assert!(watcher.reload().unwrap());
    assert_eq!(changes.try_recv().unwrap(), (Some(1), Some(2)));
    file.write("max");
    let error = watcher.reload().unwrap_err();
    assert!(Arc::ptr_eq(&error, &watcher.last_error().unwrap()));
    // The same words in other places are no change, but they are found there.
    file.write("# moved\n[pools.p]\nmax = 2\n");
    assert!(!watcher.reload().unwrap());
    let origin = watcher.current().origin("pools.p.max").unwrap().to_string();
    assert!(origin.ends_with("service.toml:3:7"), "{origin}");
}

#[test]
fn callbacks_may_do_anything() {
    let file = File::with("callbacks", "[pools.p]\nmax = 1\n");
    let slot = Arc::new(Mutex::new(None::<Arc<ConfigWatcher>>));
    let watcher = Arc::new(file.watch_slowly());
    *slot.lock().unwrap() = Some(Arc::clone(&watcher));
    let seen = Arc::new(Mutex::new(Vec::new()));

    watcher.on_change(|_, _| panic!("on purpose"));
    let (inner, path, log) = (Arc::clone(&slot), file.0.clone(), Arc::clone(&seen));
    watcher.on_change(move |_, new| {
        let max = new.pool("p").max.unwrap();
        log.lock().unwrap().push(max);
        let Some(watcher) = inner.lock().unwrap().clone() else { return };
        if max < 4 {
            // From within: it is told when this has returned.
            fs::write(&path, format!("[pools.p]\nmax = {}\n", max + 1)).unwrap();
            assert!(watcher.reload().unwrap());
            watcher.on_change(|_, _| {});
        } else {
            inner.lock().unwrap().take();
        }
    });
    file.max(2);
    assert!(watcher.reload().unwrap());
    assert_eq!(*seen.lock().unwrap(), [2, 3, 4]);
    assert_eq!(max(&watcher), Some(4));
    drop(watcher);
}

#[test]
fn a_callback_may_drop_the_watcher() {
    let file = File::with("drop", "[pools.p]\nmax = 1\n");
    let slot = Arc::new(Mutex::new(None::<ConfigWatcher>));
    let watcher = file.watch();
    let mut reader = watcher.reader();
    let (inner, gone) = (Arc::clone(&slot), Arc::new(AtomicBool::new(false)));
    let told = Arc::clone(&gone);
    watcher.on_change(move |_, _| {
        let watcher = inner.lock().unwrap().take();
        drop(watcher);
        told.store(true, Ordering::Relaxed);
    });
    let later = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&later);
    watcher.on_change(move |_, _| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    *slot.lock().unwrap() = Some(watcher);
    file.max(2);
    until("the drop", || gone.load(Ordering::Relaxed));
    assert_eq!(reader.get().pool("p").max, Some(2), "who reads has the last one");
    // What callbacks have goes with the thread.
    drop(reader);
    until("the end of the thread", || Arc::strong_count(&later) == 1);
    assert_eq!(later.load(Ordering::Relaxed), 0);
}

#[test]
fn many_threads_read_and_reload() {
    let file = File::with("threads", "[pools.p]\nmax = 1\n");
    let watcher = file.watch();
    let changes = changes(&watcher);
    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let mut reader = watcher.reader();
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let now = reader.get().pool("p").max.unwrap();
                    assert!(now >= last, "{last} came before {now}");
                    last = now;
                }
            });
        }
        let reloads: Vec<_> = (0..2)
            .map(|_| {
                threads.spawn(|| {
                    for _ in 0..200 {
                        let _ = watcher.reload();
                    }
                })
            })
            .collect();
        for now in 2..50 {
            file.replace(now);
        }
        for reload in reloads {
            reload.join().unwrap();
        }
        until("the last one", || max(&watcher) == Some(49));
        done.store(true, Ordering::Relaxed);
    });
    // Each change begins where the one before ended.
    let mut before = Some(1);
    until("all calls", || {
        while let Ok((old, new)) = changes.try_recv() {
            assert_eq!(old, before);
            before = new;
        }
        before == Some(49)
    });
}

/// All of it together: a service whose pool follows its file.
#[test]
fn a_service_follows_its_file() {
    let file = File::with("service", "[pools.buffers]\nmax = 4\n");
    let watcher = file.watch();
    let registry = Arc::new(Registry::new());
    let most = watcher.current().pool("buffers").max.unwrap();
    let pool = Arc::new(ObjectPool::builder().create(Vec::<u8>::new).max(most).build_boxed().unwrap());
    registry.register("buffers", &pool).unwrap();
    assert!(registry.apply(&watcher.current()).is_empty());
    let log = Arc::new(Mutex::new(Vec::new()));
    let (sink, service) = (Arc::clone(&log), Arc::clone(&registry));
    watcher.on_change(move |_, new| {
        sink.lock().unwrap().extend(service.apply(new).iter().map(ToString::to_string));
    });
    file.write("[pools.buffers]\nmax = 16\nmin = 2\n");
    until("the change", || log.lock().unwrap().len() == 2);
    assert_eq!(
        *log.lock().unwrap(),
        ["pools.buffers.min: 0 → 2, needs a restart", "pools.buffers.max: 4 → 16, changed"]
    );
    assert_eq!(pool.capacity(), 16);
}
