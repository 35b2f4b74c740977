//! The profile of a program in the formats of others: what their readers check is checked here.
#![cfg(all(not(loom), feature = "stats"))]

use std::alloc::System;
use std::collections::{BTreeMap, HashSet};
use std::hint::black_box;

use nebula_memory::AllocContext;
use nebula_memory::stats::{
    DhatExporter, FoldedExporter, FoldedValue, StatsCollector, StatsExporter, StatsSnapshot, TrackedGlobal,
};
use serde_json::Value;

#[global_allocator]
static MEMORY: TrackedGlobal<System, 512> = TrackedGlobal::new();

/// A program that keeps some of what it allocates, in two scopes and in none, and its snapshot.
fn snapshot() -> (StatsSnapshot, Vec<Vec<u8>>) {
    let mut kept = Vec::new();
    for index in 0..400 {
        let _outer = AllocContext::enter("odd; \"name\"\\\n");
        drop(black_box(vec![1_u8; 300]));
        let _inner = (index % 2 == 0).then(|| AllocContext::enter("inner"));
        kept.push(black_box(vec![2_u8; 100]));
    }
    (MEMORY.snapshot(), kept)
}

/// The grammar: `frame;frame;frame count`, where the count is what follows the last space.
fn read_folded(text: &str) -> BTreeMap<Vec<&str>, u64> {
    assert!(text.ends_with('\n'));
    let mut stacks = BTreeMap::new();
    for line in text.lines() {
        let (stack, count) = line.rsplit_once(' ').unwrap();
        let count = count.parse().unwrap();
        assert!(count > 0);
        let frames: Vec<_> = stack.split(';').collect();
        assert!(frames.iter().all(|frame| !frame.trim().is_empty()), "{line}");
        assert!(stacks.insert(frames, count).is_none(), "twice: {line}");
    }
    stacks
}

#[test]
fn folded_stacks_add_up_to_the_profile() {
    let (snapshot, kept) = snapshot();
    let stacks = &snapshot.profile.as_ref().unwrap().stacks;
    let values = [
        (FoldedValue::Bytes, stacks.iter().map(|stack| stack.bytes).sum::<u64>()),
        (FoldedValue::Allocations, stacks.iter().map(|stack| stack.allocations).sum()),
        (FoldedValue::LiveBytes, stacks.iter().map(|stack| stack.live_bytes).sum()),
        (FoldedValue::LiveBlocks, stacks.iter().map(|stack| stack.live_blocks).sum()),
        (FoldedValue::PeakBytes, stacks.iter().map(|stack| stack.peak_bytes).sum()),
    ];
    for (value, sum) in values {
        let exporter = FoldedExporter::new().value(value);
        let text = exporter.export(&snapshot).unwrap();
        assert_eq!(read_folded(&text).values().sum::<u64>(), sum, "{value:?}");
        let by_scope = exporter.by_scope().export(&snapshot).unwrap();
        let by_scope = read_folded(&by_scope);
        assert_eq!(by_scope.values().sum::<u64>(), sum, "{value:?}");
        // Separators in a name are not separators.
        assert!(by_scope.keys().any(|frames| frames.starts_with(&["odd_ \"name\"\\_", "inner"])));
    }
    drop(kept);
}

/// A function that is no other's part, whatever the optimiser likes.
#[inline(never)]
fn calls_another() -> Vec<Vec<u8>> {
    black_box(allocates())
}

#[inline(never)]
fn allocates() -> Vec<Vec<u8>> {
    (0..100).map(|_| black_box(vec![3_u8; 200])).collect()
}

#[test]
fn the_outermost_function_is_first() {
    if cfg!(any(miri, not(feature = "profile"))) {
        return;
    }
    let kept = calls_another();
    let text = FoldedExporter::new().export(&MEMORY.snapshot()).unwrap();
    let found = read_folded(&text).into_keys().any(|frames| {
        let at = |name| frames.iter().position(|frame: &&str| frame.contains(name));
        at("calls_another").is_some_and(|outer| at("allocates") > Some(outer))
    });
    assert!(found, "{text}");
    drop(kept);
}

#[test]
fn without_samples_there_are_scopes() {
    static COUNTED: TrackedGlobal<System, 0> = TrackedGlobal::new();
    let _scope = AllocContext::enter("counted");
    // SAFETY: not of size zero.
    let layout = std::alloc::Layout::new::<[u8; 77]>();
    // SAFETY: not of size zero.
    let block = unsafe { std::alloc::GlobalAlloc::alloc(&COUNTED, layout) };
    // SAFETY: allocated so.
    unsafe { std::alloc::GlobalAlloc::dealloc(&COUNTED, block, layout) };
    assert_eq!(FoldedExporter::new().export(&COUNTED.snapshot()).unwrap(), "counted 77\n");
}

#[test]
fn a_snapshot_without_a_profile_says_so() {
    let snapshot = StatsCollector::new().snapshot();
    for error in [FoldedExporter::new().export(&snapshot), DhatExporter::new().export(&snapshot)] {
        assert!(error.unwrap_err().to_string().contains("TrackedGlobal::snapshot"));
    }
}

/// What `dh_view.js` does with a file, as far as it can go wrong.
fn view(file: &Value) {
    let has = |object: &Value, keys: &[&str]| {
        for key in keys {
            assert!(object.get(key).is_some(), "data file is missing a field: {key}");
        }
    };
    has(
        file,
        &["dhatFileVersion", "mode", "verb", "bklt", "bkacc", "tu", "Mtu", "cmd", "pid", "te", "pps", "ftbl"],
    );
    assert_eq!(file["dhatFileVersion"], 2);
    assert_eq!((&file["bklt"], &file["bkacc"]), (&Value::Bool(true), &Value::Bool(false)));
    has(file, &["tg", "tuth"]);
    for text in ["mode", "verb", "tu", "Mtu", "cmd"] {
        assert!(file[text].is_string(), "{text}");
    }
    let number = |object: &Value, key: &str| {
        let number = object[key].as_u64().unwrap_or_else(|| panic!("{key} is not a whole number"));
        assert!(number < 1 << 53, "{key} is more than a script can count");
        number
    };
    assert!(number(file, "tg") <= number(file, "te"));
    let frames = file["ftbl"].as_array().unwrap();
    assert_eq!(frames[0], "[root]");
    assert!(frames.iter().all(Value::is_string));
    assert_eq!(frames.iter().collect::<HashSet<_>>().len(), frames.len(), "a frame twice");
    let mut locations = HashSet::new();
    for place in file["pps"].as_array().unwrap() {
        has(place, &["tb", "tbk", "tl", "mb", "mbk", "gb", "gbk", "eb", "ebk", "fs"]);
        let [tb, mb, gb, eb] = ["tb", "mb", "gb", "eb"].map(|key| number(place, key));
        assert!(gb <= mb && eb <= mb && mb <= tb, "{place}");
        for key in ["tbk", "tl", "mbk", "gbk", "ebk"] {
            number(place, key);
        }
        let stack: Vec<_> =
            place["fs"].as_array().unwrap().iter().map(|frame| frame.as_u64().unwrap()).collect();
        assert!(!stack.is_empty());
        // The root is the viewer's own.
        assert!(stack.iter().all(|&frame| frame > 0 && frame < frames.len() as u64));
        assert!(locations.insert(stack), "data file contains a repeated location");
    }
}

#[test]
fn the_viewer_of_dhat_has_what_it_needs() {
    let (snapshot, kept) = snapshot();
    let text = DhatExporter::new().export(&snapshot).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    view(&file);
    let sum = |key: &str| {
        file["pps"].as_array().unwrap().iter().map(|place| place[key].as_u64().unwrap()).sum::<u64>()
    };
    let stacks = &snapshot.profile.as_ref().unwrap().stacks;
    assert_eq!(sum("tb"), stacks.iter().map(|stack| stack.handed_out).sum::<u64>());
    assert_eq!(sum("eb"), stacks.iter().map(|stack| stack.live_bytes).sum::<u64>());
    let frames = file["ftbl"].as_array().unwrap();
    assert!(frames.iter().any(|frame| frame == "scope odd; \"name\"\\\n › inner"));
    drop(kept);
}

#[cfg(feature = "json")]
#[test]
fn json_reads_it_back() {
    use nebula_memory::stats::JsonExporter;

    let (snapshot, kept) = snapshot();
    let text = JsonExporter::new().export(&snapshot).unwrap();
    assert_eq!(serde_json::from_str::<StatsSnapshot>(&text).unwrap(), snapshot);
    let collector = StatsCollector::new();
    let without = JsonExporter::new().export(&collector.snapshot()).unwrap();
    assert!(!without.contains("\"profile\""));
    drop(kept);
}
