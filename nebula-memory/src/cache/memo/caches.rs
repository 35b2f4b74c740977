use alloc_crate::boxed::Box;
use core::any::{Any, TypeId};
// Not of `crate::sync`: it is in a `static`, which loom's have no place in.
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

type Erased = &'static (dyn Any + Send + Sync);

/// The caches of a function: one, or one for each combination of types if it is generic.
///
/// Made when they are first needed, and never freed: they are what a `static` would be if there were generic ones.
pub struct Caches {
    /// That of the first types: of most functions there are no others.
    first: OnceLock<(TypeId, Erased)>,
    others: RwLock<Option<HashMap<TypeId, Erased>>>,
}

impl Caches {
    /// None yet.
    pub const fn none() -> Self {
        Self { first: OnceLock::new(), others: RwLock::new(None) }
    }

    /// The cache that belongs to the type of a closure, which is written where other types are parameters, so that its own is another one
    /// for each of them.
    ///
    /// `build` is called without a lock, for it may call the function whose cache it builds. What two threads build at the same time is
    /// dropped but for one.
    #[inline]
    pub fn of<C: Any + Send + Sync, M: 'static>(
        &'static self,
        _: M,
        build: impl FnOnce() -> C,
    ) -> &'static C {
        if let Some((id, cache)) = self.first.get()
            && *id == TypeId::of::<M>()
            && let Some(cache) = cache.downcast_ref()
        {
            return cache;
        }
        self.other(TypeId::of::<M>(), build)
    }

    #[cold]
    fn other<C: Any + Send + Sync>(&'static self, id: TypeId, build: impl FnOnce() -> C) -> &'static C {
        let found = {
            let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
            others.as_ref().and_then(|others| others.get(&id)).copied()
        };
        if let Some(cache) = found.and_then(|cache| cache.downcast_ref()) {
            return cache;
        }
        self.put(id, Box::new(build()))
    }

    /// Puts it where it is found, unless another one is.
    fn put<C: Any + Send + Sync>(&'static self, id: TypeId, built: Box<C>) -> &'static C {
        let mut built = Some(built);
        let mut leak = || -> Option<Erased> { built.take().map(|built| Box::leak(built) as Erased) };
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        let cache = match self.first.get() {
            Some((first, cache)) if *first == id => Some(*cache),
            None => leak().inspect(|cache| {
                // Under the lock nobody else sets it.
                let _ = self.first.set((id, *cache));
            }),
            Some(_) => {
                let others = others.get_or_insert_with(HashMap::new);
                match others.get(&id) {
                    Some(cache) => Some(*cache),
                    None => leak().inspect(|cache| {
                        others.insert(id, *cache);
                    }),
                }
            }
        };
        drop(others);
        cache.and_then(|cache| cache.downcast_ref()).expect("the cache of a function is of its type")
    }
}
