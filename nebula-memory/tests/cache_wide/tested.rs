//! Both kinds of caches behind one trait.

use std::hash::Hasher;
use std::time::Duration;

use nebula_memory::cache::policy::{Lives, Pins, Policy};
use nebula_memory::cache::{Cache, Listener, SharedCache, Weigher};

use crate::stage::{Hook, Key, Value, call};

/// With the number of the value, as it is in the cache.
pub(crate) type There = Vec<(u8, u32)>;

/// The two kinds of caches, as far as they do the same.
pub(crate) trait Tested {
    const SHARED: bool;

    fn get(&mut self, key: u8) -> Option<u32>;
    fn peek(&self, key: u8) -> Option<u32>;
    fn insert(&mut self, key: u8, value: Value) -> Option<u32>;
    fn try_insert(&mut self, key: u8, value: Value) -> bool;
    fn insert_for(&mut self, key: u8, value: Value, life: Duration);
    fn remove(&mut self, key: u8) -> Option<u32>;
    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32>;
    fn pin(&mut self, key: u8) -> bool;
    fn unpin(&mut self, key: u8) -> bool;
    fn is_pinned(&self, key: u8) -> bool;
    fn invalidate_if(&mut self, is_invalid: impl FnMut(&Key, &Value) -> bool) -> usize;
    fn resize(&mut self, capacity: usize);
    fn clear(&mut self);
    fn remove_expired(&mut self) -> usize;
    /// What one kind alone can do.
    fn other(&mut self, key: u8, which: u8, value: Value);
    fn there(&self) -> There;
    fn figures(&self) -> (usize, usize, usize);
    /// Drops what has left.
    fn reclaim(&self);
}

pub(crate) fn number(value: &Value) -> u32 {
    value.number
}

/// A cache that is tested.
pub(crate) struct Under<C>(pub(crate) C);

macro_rules! both {
    ($self:ident) => {
        fn pin(&mut $self, key: u8) -> bool {
            $self.0.pin(&Key::new(key))
        }

        fn unpin(&mut $self, key: u8) -> bool {
            $self.0.unpin(&Key::new(key))
        }

        fn is_pinned(&$self, key: u8) -> bool {
            $self.0.is_pinned(&Key::new(key))
        }

        fn resize(&mut $self, capacity: usize) {
            $self.0.resize(capacity);
        }

        fn clear(&mut $self) {
            $self.0.clear();
        }

        fn remove_expired(&mut $self) -> usize {
            $self.0.remove_expired()
        }

        fn invalidate_if(&mut $self, is_invalid: impl FnMut(&Key, &Value) -> bool) -> usize {
            $self.0.invalidate_if(is_invalid)
        }

        fn remove(&mut $self, key: u8) -> Option<u32> {
            $self.0.remove(&Key::new(key)).as_ref().map(number)
        }

        fn try_insert(&mut $self, key: u8, value: Value) -> bool {
            $self.0.try_insert(Key::new(key), value).is_ok()
        }

        fn insert_for(&mut $self, key: u8, value: Value, life: Duration) {
            let _ = $self.0.insert_for(Key::new(key), value, life);
        }

        fn figures(&$self) -> (usize, usize, usize) {
            ($self.0.len(), $self.0.weight(), $self.0.capacity())
        }
    };
}

pub(crate) type Hasher32 = std::hash::BuildHasherDefault<Narrow>;

/// Few hashes, so that keys share them.
#[derive(Default)]
pub(crate) struct Narrow(pub(crate) u64);

impl Hasher for Narrow {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 + u64::from(*byte)) % 11;
        }
    }
}

impl<P, W, L> Tested for Under<Cache<Key, Value, P, Hasher32, W, L>>
where
    P: Policy<Ranking: Pins + Lives>,
    W: Weigher<Key, Value>,
    L: Listener<Key, Value>,
{
    const SHARED: bool = false;

    both!(self);

    fn get(&mut self, key: u8) -> Option<u32> {
        self.0.get(&Key::new(key)).map(number)
    }

    fn peek(&self, key: u8) -> Option<u32> {
        self.0.peek(&Key::new(key)).map(number)
    }

    fn insert(&mut self, key: u8, value: Value) -> Option<u32> {
        self.0.insert(Key::new(key), value).as_ref().map(number)
    }

    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32> {
        self.0.get_or_insert_with(Key::new(key), make).ok().map(|value| value.number)
    }

    fn other(&mut self, key: u8, which: u8, value: Value) {
        match which % 6 {
            0 => drop(self.0.pop()),
            1 => drop(self.0.drain().take(2).collect::<Vec<_>>()),
            2 => drop(self.0.push(Key::new(key), value)),
            3 => self.0.extend([(Key::new(key), value)]),
            4 => self.0.retain(|key, _| {
                call(Hook::Predicate);
                key.0 % 3 != which / 6 % 3
            }),
            _ => drop(self.0.entry(Key::new(key)).or_insert(value).map(|there| there.number)),
        }
    }

    fn there(&self) -> There {
        self.0.iter().map(|(key, value)| (key.0, value.number)).collect()
    }

    fn reclaim(&self) {}
}

impl<P, W, L> Tested for Under<SharedCache<Key, Value, P, Hasher32, W, L>>
where
    P: Policy<Ranking: Pins + Lives>,
    W: Weigher<Key, Value>,
    L: Listener<Key, Value>,
{
    const SHARED: bool = true;

    both!(self);

    fn get(&mut self, key: u8) -> Option<u32> {
        self.0.read(&Key::new(key), number)
    }

    fn peek(&self, key: u8) -> Option<u32> {
        self.0.peek(&Key::new(key)).as_ref().map(number)
    }

    fn insert(&mut self, key: u8, value: Value) -> Option<u32> {
        self.0.replace(Key::new(key), value).as_ref().map(number)
    }

    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32> {
        Some(self.0.get_or_insert_with(Key::new(key), make).number)
    }

    fn other(&mut self, key: u8, which: u8, value: Value) {
        match which % 5 {
            0 => drop(self.0.compute(Key::new(key), |old| {
                call(Hook::Make);
                old.is_none().then(|| value.clone())
            })),
            1 => drop(self.0.compute(Key::new(key), |_| {
                call(Hook::Make);
                Some(value.clone())
            })),
            2 => self.0.insert_many([(Key::new(key), value)]),
            3 => self.0.retain(|key, _| {
                call(Hook::Predicate);
                key.0 % 3 != which / 5 % 3
            }),
            _ => drop(self.0.get(&Key::new(key))),
        }
    }

    fn there(&self) -> There {
        let mut all = Vec::new();
        self.0.for_each(|key, value| all.push((key.0, value.number)));
        all
    }

    fn reclaim(&self) {
        self.0.reclaim();
    }
}
