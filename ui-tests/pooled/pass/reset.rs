//! Fields that stay in their slot: each way to reset one, with all other keys, without a lint.
#![deny(warnings, clippy::pedantic)]
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::rc::Rc;

use nebula_memory::{LocalOrHeap, PoolBox, Pooled, StaticOrHeap};

/// Everything at once.
#[derive(Pooled)]
#[pooled(capacity = 2, align = 64, max_bytes = 4 KiB, reset, stats, on_exhausted = heap)]
#[pooled(on_acquire = |job| job.uses += 1, on_release = Self::released)]
struct Job {
    id: u64,
    /// What to do.
    #[pooled(reset = clear, into)]
    text: String,
    #[pooled(reset = clear, rename = by_name)]
    map: HashMap<String, u64>,
    #[pooled(default = vec![1, 2], reset = default)]
    list: Vec<u64>,
    #[pooled(reset = default)]
    last: Option<u8>,
    #[pooled(default, reset = keep)]
    uses: u32,
    #[pooled(default = [0; 4], reset = <[u8; 4]>::reverse_all)]
    bytes: [u8; 4],
    #[pooled(skip = 9, reset = |count: &mut u8| *count -= 1)]
    left: u8,
    #[pooled(skip, reset = default)]
    seen: bool,
    #[pooled(default, reset = shrink::<64>)]
    buffer: Vec<u8>,
}

trait ReverseAll {
    fn reverse_all(&mut self);
}

impl ReverseAll for [u8; 4] {
    fn reverse_all(&mut self) {
        self.reverse();
    }
}

impl Job {
    fn released(&mut self) {
        self.seen = true;
    }
}

fn shrink<const MOST: usize>(buffer: &mut Vec<u8>) {
    buffer.truncate(MOST);
}

/// Without the key at the type; a tuple struct; names of its own.
#[derive(Pooled)]
#[pooled(capacity = 1, threading = local, on_exhausted = heap)]
struct Pair(#[pooled(reset = keep)] Option<Rc<u8>>, u8, #[pooled(default, reset = own::clear)] Clear);

#[derive(Default)]
struct Clear(u8);

mod own {
    pub fn clear(clear: &mut super::Clear) {
        clear.0 += 1;
    }
}

/// A `clear` of one's own, which returns something.
#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Own {
    #[pooled(reset = clear)]
    clear: Clear,
}

impl Clear {
    #[must_use]
    fn clear(&mut self) -> bool {
        self.0 += 10;
        true
    }
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::nebula_memory::Pooled)]
    #[pooled(capacity = 1, no_implicit_prelude)]
    pub struct Item {
        pub id: u8,
        #[pooled(reset = default)]
        pub maybe: ::core::option::Option<u8>,
        #[pooled(reset = clear)]
        pub text: ::std::string::String,
    }
}

macro_rules! kept {
    ($name:ident { $field:ident: $type:ty = $default:expr, $how:path }) => {
        #[derive(Pooled)]
        #[pooled(capacity = 1, reset)]
        struct $name {
            #[pooled(default = $default, reset = $how)]
            $field: $type,
        }
    };
}
kept!(FromMacro { value: Vec<u8> = vec![7], Vec::clear });

/// Fields have destructors, the type has none.
#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Dropping {
    #[pooled(default, reset = keep)]
    noisy: Noisy,
}

#[derive(Default)]
struct Noisy;

impl Drop for Noisy {
    fn drop(&mut self) {}
}

fn main() {
    for round in 1..4_u8 {
        let mut job: PoolBox<Job, StaticOrHeap<Job>> = Job::acquire().unwrap().id(1).finish();
        assert_eq!((job.id, job.text.len(), job.map.len(), &*job.list), (1, 0, 0, &[1, 2][..]));
        assert_eq!((job.last, job.uses, job.seen, job.buffer.len()), (None, u32::from(round), false, 64 * usize::from(round > 1)));
        assert_eq!((job.left, job.bytes[usize::from(round % 2) * 3]), (10 - round, round - 1));
        job.text.push('x');
        job.map.insert("a".into(), 1);
        job.list.clear();
        job.last = Some(1);
        job.buffer.resize(100, 0);
        job.bytes[usize::from(round % 2) * 3] = round;
    }
    let job = Job::acquire().unwrap().text("text").by_name(HashMap::new()).last(3).id(2).finish();
    assert_eq!((&*job.text, job.last, Job::pool().stats().acquired), ("text", Some(3), 4));

    let pair: PoolBox<Pair, LocalOrHeap<Pair>> = Pair::acquire().unwrap()._1(2)._0(Rc::new(4)).finish();
    drop(pair);
    let pair = Pair::acquire().unwrap()._1(3).finish();
    assert_eq!((pair.0.as_deref(), pair.1, pair.2.0), (Some(&4), 3, 1));

    drop(Own::acquire().unwrap().finish());
    assert_eq!(Own::acquire().unwrap().finish().clear.0, 10);
    drop(bare::Item::acquire().unwrap().id(1).maybe(1).text("x".into()).finish());
    let item = bare::Item::acquire().unwrap().id(2).finish();
    assert_eq!((item.id, item.maybe, item.text.len()), (2, None, 0));
    drop(FromMacro::acquire().unwrap().finish());
    assert!(FromMacro::acquire().unwrap().finish().value.is_empty());
    let _ = &Dropping::acquire().unwrap().finish().noisy;
}
