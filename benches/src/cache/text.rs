//! A cache whose keys are texts, looked up by borrowed ones.

use super::contender::{Text, text};
use super::workload::{mix, shuffle};
use crate::barrier::used;
use crate::case::Case;

const CAPACITY: usize = 100_000;

fn get_text<C: Text>() -> Case {
    let mut state = None;
    Case::new("cache/get-text", (C::NAME, C::OURS), (CAPACITY / 5 * 4) as u64, move |rounds| {
        let (cache, keys) = state.get_or_insert_with(|| {
            let mut keys: Vec<String> = (0..CAPACITY as u64 / 5 * 4)
                .map(|number| format!("user:{:016x}:prof", mix(number)))
                .collect();
            let mut cache = C::new(CAPACITY);
            for key in &keys {
                cache.put(key.clone(), 1);
            }
            shuffle(&mut keys, 9);
            (cache, keys)
        });
        for _ in 0..rounds {
            used(keys.iter().filter(|key| cache.get(key).is_some()).count() as u64);
        }
    })
    .long()
}

pub(super) fn add(cases: &mut Vec<Case>) {
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(get_text::<$($cache)*>()); };
    }
    text!(add);
}
