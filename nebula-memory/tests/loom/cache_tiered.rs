//! Caches of two tiers: entries that are on their way up or down while somebody else changes them.
//!
//! Packing and unpacking happens between two locks; whatever comes in between is what counts.

use loom::sync::Arc;
use loom::thread;
use nebula_memory::cache::policy::Fifo;
use nebula_memory::cache::{Codec, CodecError, TieredCache};

use super::cache::Hashes;

/// Numbers as their bytes.
struct Numbers;

impl Codec<u32> for Numbers {
    fn encode(&self, value: &u32, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        bytes.extend(value.to_le_bytes());
        Ok(())
    }

    fn decode(&self, bytes: &[u8]) -> Result<u32, CodecError> {
        Ok(u32::from_le_bytes(bytes.try_into()?))
    }
}

type Tiers = TieredCache<u32, u32, Numbers, Fifo, Hashes>;

/// Room for one value, and for as many packed ones as there are.
fn tiers() -> Tiers {
    let builder = TieredCache::builder().first(1).second(1000).shards(1).codec(Numbers);
    builder.policy(Fifo).hasher(Hashes::default()).build()
}

/// 1 is packed, 2 is not.
fn one_below() -> Tiers {
    let tiers = tiers();
    tiers.insert(1, 10);
    tiers.insert(2, 20);
    assert_eq!((tiers.stats().packed, tiers.len()), (1, 2));
    tiers
}

/// 1 is not packed, and has to go for what comes in.
fn one_above() -> Tiers {
    let tiers = tiers();
    tiers.insert(1, 10);
    tiers
}

/// Two threads in every order.
fn model(begin: fn() -> Tiers, one: fn(&Tiers), other: fn(&Tiers), end: fn(&Tiers)) {
    loom::model(move || {
        let tiers = Arc::new(begin());
        let second = {
            let tiers = Arc::clone(&tiers);
            thread::spawn(move || other(&tiers))
        };
        one(&tiers);
        second.join().unwrap();
        let stats = tiers.stats();
        assert!(stats.first.size <= 1 && stats.second.size <= 1000);
        assert_eq!(stats.first.size + stats.packed, tiers.len() as u64, "nothing is on its way any more");
        end(&tiers);
    });
}

/// It may be too late for this, and never finds anything but the old value.
fn bring_up(tiers: &Tiers) {
    assert!([None, Some(10)].contains(&tiers.get(&1)));
}

fn push_down(tiers: &Tiers) {
    tiers.insert(3, 30);
}

fn remove(tiers: &Tiers) {
    assert_eq!(tiers.remove(&1), Some(10));
    assert_eq!(tiers.get(&1), None);
}

fn replace(tiers: &Tiers) {
    tiers.insert(1, 11);
    assert_eq!(tiers.get(&1), Some(11));
}

fn is_gone(tiers: &Tiers) {
    assert_eq!((tiers.get(&1), tiers.len()), (None, 1));
}

fn is_new(tiers: &Tiers) {
    assert_eq!((tiers.get(&1), tiers.len()), (Some(11), 2));
}

#[test]
fn a_removal_on_the_way_up_leaves_nothing() {
    model(one_below, bring_up, remove, is_gone);
}

#[test]
fn a_removal_on_the_way_down_leaves_nothing() {
    model(one_above, push_down, remove, is_gone);
}

#[test]
fn an_insertion_on_the_way_up_wins() {
    fn up(tiers: &Tiers) {
        assert!([Some(10), Some(11)].contains(&tiers.get(&1)), "there all the time");
    }
    model(one_below, up, replace, is_new);
}

#[test]
fn an_insertion_on_the_way_down_wins() {
    model(one_above, push_down, replace, is_new);
}

#[test]
fn two_that_bring_it_up_bring_it_once() {
    fn up(tiers: &Tiers) {
        assert_eq!(tiers.get(&1), Some(10), "there all the time");
    }
    model(one_below, up, up, |tiers| {
        assert_eq!((tiers.len(), tiers.peek(&1), tiers.peek(&2)), (2, Some(10), Some(20)));
    });
}

#[test]
fn what_is_on_its_way_is_found() {
    fn look(tiers: &Tiers) {
        assert_eq!((tiers.peek(&1), tiers.get(&1)), (Some(10), Some(10)));
    }
    model(one_above, push_down, look, |tiers| assert_eq!((tiers.len(), tiers.peek(&1)), (2, Some(10))));
}

#[test]
fn of_two_new_values_one_is_there_once() {
    fn other(tiers: &Tiers) {
        tiers.insert(1, 12);
    }
    model(one_below, replace_quietly, other, |tiers| {
        assert_eq!(tiers.len(), 2);
        assert!([Some(11), Some(12)].contains(&tiers.peek(&1)));
    });
}

fn replace_quietly(tiers: &Tiers) {
    tiers.insert(1, 11);
}
