use core::any::type_name;
use core::marker::PhantomData;
use std::time::Duration;

use super::error::invalid_options;
use super::layers::{HealthCheck, Layer, Made, NoHooks, OnAcquire, OnCreate, OnDestroy, OnRelease};
use super::leaks::to_stderr;
use super::watch::{Aging, IntoAging, Leases, Uses};
use super::{
    DynRecipe, Lease, Make, ObjectHooks, ObjectPool, OnPanic, PoolError, Recipe, TryMake, Watch, Watched,
};

/// How objects are made is not said yet.
#[derive(Clone, Copy, Debug)]
pub struct NoRecipe;

/// So that one mistake, a recipe that is missing, is one message.
impl<T> ObjectHooks<T> for NoRecipe {}

/// Says what a pool is: from [`ObjectPool::builder`].
///
/// The type remembers what was said. How objects are made must be; the rest, if it is not said, is not in the pool.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::pool::ObjectPool;
///
/// # struct Connection; impl Connection {
/// #     fn open(_: &str) -> std::io::Result<Self> { Ok(Self) }
/// #     fn ping(&mut self) -> bool { true }
/// #     fn roll_back(&mut self) {}
/// #     fn close(self) {}
/// # }
/// let pool = ObjectPool::builder()
///     .try_create(|| Connection::open("localhost:5432"))
///     .min(1)
///     .max(16)
///     .health_check(Connection::ping)
///     .on_release(Connection::roll_back)
///     .on_destroy(Connection::close)
///     .idle_timeout(Duration::from_secs(600))
///     .max_lifetime(Duration::from_secs(3600))
///     .track_leaks()
///     .build()?;
/// let connection = pool.acquire()?;
/// assert_eq!(pool.leases().len(), 1);
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
///
/// # The type of the pool
///
/// Closures have types that cannot be written out. Where the pool's has to be (in a struct, in a signature), give a
/// [recipe of yours](Self::recipe) instead of closures, or end with [`build_boxed`](Self::build_boxed). The options that are
/// types are then [`Aging`] (`idle_timeout`, `max_lifetime`), [`Leases`] (`track_leaks`) and [`Uses`] (`count_uses`), in this
/// order, each `()` unless it was asked for:
///
/// ```
/// use nebula_memory::pool::{DynRecipe, Leases, Made, NoHooks, ObjectPool, Watched};
///
/// # use nebula_memory::pool::{CreateError, ObjectHooks, Recipe};
/// # struct Connection;
/// # struct Database;
/// # impl Recipe<Connection> for Database { fn create(&self) -> Result<Connection, CreateError> { Ok(Connection) } }
/// # impl ObjectHooks<Connection> for Database {}
/// struct Service {
///     ours: ObjectPool<Connection, Made<Database, NoHooks>, Watched<(), Leases>>,
///     any: ObjectPool<Connection, DynRecipe<Connection>, Watched<(), Leases>>,
/// }
///
/// let service = Service {
///     ours: ObjectPool::builder().recipe(Database).track_leaks().build()?,
///     any: ObjectPool::builder().create(|| Connection).track_leaks().build_boxed()?,
/// };
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
#[must_use = "a builder does nothing until `build`"]
pub struct Builder<T, C, H, W> {
    pub(super) made: Made<C, H>,
    pub(super) watch: W,
    pub(super) least: usize,
    pub(super) most: usize,
    makes: PhantomData<fn() -> T>,
}

impl<T> Builder<T, NoRecipe, NoHooks, Watched> {
    pub(super) fn new() -> Self {
        Self {
            made: Made { recipe: NoRecipe, hooks: NoHooks, keep_after_panic: false },
            watch: Watched::default(),
            least: 0,
            most: usize::MAX,
            makes: PhantomData,
        }
    }
}

impl<T, H, W> Builder<T, NoRecipe, H, W> {
    /// How an object is made.
    pub fn create<F: Fn() -> T>(self, create: F) -> Builder<T, Make<F>, H, W> {
        self.recipe(Make(create))
    }

    /// How an object is made, if that can fail.
    pub fn try_create<E, F: Fn() -> Result<T, E>>(self, create: F) -> Builder<T, TryMake<F>, H, W> {
        self.recipe(TryMake(create))
    }

    /// A recipe of yours. Its hooks are called before those given here, and it ends those objects that
    /// [`on_destroy`](Self::on_destroy) does not.
    pub fn recipe<C>(self, recipe: C) -> Builder<T, C, H, W> {
        let Made { hooks, keep_after_panic, .. } = self.made;
        Builder {
            made: Made { recipe, hooks, keep_after_panic },
            watch: self.watch,
            least: self.least,
            most: self.most,
            makes: PhantomData,
        }
    }
}

impl<T, C, H, W> Builder<T, C, H, W> {
    /// How many objects there may be; without this as many as are asked for.
    pub fn max(mut self, objects: usize) -> Self {
        self.most = objects;
        self
    }

    /// How many objects there are at least: made by `build`, and again by [`maintain`](ObjectPool::maintain).
    pub fn min(mut self, objects: usize) -> Self {
        self.least = objects;
        self
    }

    /// What happens to an object whose holder panics; without this it is [destroyed](OnPanic::Destroy).
    pub fn on_panic(mut self, what: OnPanic) -> Self {
        self.made.keep_after_panic = what == OnPanic::Return;
        self
    }

    /// Called with each new object.
    pub fn on_create<F: Fn(&mut T)>(self, call: F) -> Builder<T, C, OnCreate<H, F>, W> {
        self.layer(|inner| OnCreate { inner, call })
    }

    /// Called with each object that is handed out.
    pub fn on_acquire<F: Fn(&mut T)>(self, call: F) -> Builder<T, C, OnAcquire<H, F>, W> {
        self.layer(|inner| OnAcquire { inner, call })
    }

    /// Called with each object that comes back: to reset it.
    pub fn on_release<F: Fn(&mut T)>(self, call: F) -> Builder<T, C, OnRelease<H, F>, W> {
        self.layer(|inner| OnRelease { inner, call })
    }

    /// Ends objects, instead of dropping them.
    pub fn on_destroy<F: Fn(T)>(self, call: F) -> Builder<T, C, OnDestroy<H, F>, W> {
        self.layer(|inner| OnDestroy { inner, call })
    }

    /// Whether an object that was used before can be used again; asked before it is handed out, and by
    /// [`maintain`](ObjectPool::maintain).
    pub fn health_check<F: Fn(&mut T) -> bool>(self, call: F) -> Builder<T, C, HealthCheck<H, F>, W> {
        self.layer(|inner| HealthCheck { inner, call })
    }

    fn layer<L>(self, layer: impl FnOnce(H) -> L) -> Builder<T, C, L, W> {
        let Made { recipe, hooks, keep_after_panic } = self.made;
        Builder {
            made: Made { recipe, hooks: layer(hooks), keep_after_panic },
            watch: self.watch,
            least: self.least,
            most: self.most,
            makes: PhantomData,
        }
    }

    fn watch<V>(self, watch: impl FnOnce(W) -> V) -> Builder<T, C, H, V> {
        Builder {
            made: self.made,
            watch: watch(self.watch),
            least: self.least,
            most: self.most,
            makes: PhantomData,
        }
    }
}

impl<T, C, H, A: IntoAging, L, U> Builder<T, C, H, Watched<A, L, U>> {
    /// Objects that were idle for so long are not used any more: destroyed when their turn comes, or by
    /// [`maintain`](ObjectPool::maintain). Costs two looks at the clock per use.
    pub fn idle_timeout(self, limit: Duration) -> Builder<T, C, H, Watched<Aging, L, U>> {
        self.watch(|Watched { ages, leases, uses }| Watched {
            ages: ages.into_aging().with_idle(limit),
            leases,
            uses,
        })
    }

    /// Objects that were made so long ago are not used any more. Costs a look at the clock per use.
    pub fn max_lifetime(self, limit: Duration) -> Builder<T, C, H, Watched<Aging, L, U>> {
        self.watch(|Watched { ages, leases, uses }| Watched {
            ages: ages.into_aging().with_total(limit),
            leases,
            uses,
        })
    }
}

impl<T, C, H, A, U> Builder<T, C, H, Watched<A, (), U>> {
    /// Notes who has each object and since when: [`leases`](ObjectPool::leases). What has not come back when the pool is dropped
    /// is told on standard error. Costs a look at the clock per use.
    ///
    /// A guard that keeps its pool alive ([`acquire_arc`](ObjectPool::acquire_arc)) and is leaked keeps it for ever: of that only
    /// [`leak_report`](ObjectPool::leak_report) tells.
    pub fn track_leaks(self) -> Builder<T, C, H, Watched<A, Leases, U>> {
        self.track_leaks_with(to_stderr(type_name::<T>()))
    }

    /// The same; what has not come back when the pool is dropped is told to `report`.
    pub fn track_leaks_with(
        self,
        report: impl Fn(&[Lease]) + Send + Sync + 'static,
    ) -> Builder<T, C, H, Watched<A, Leases, U>> {
        self.watch(|Watched { ages, uses, .. }| Watched { ages, leases: Leases::new(report), uses })
    }
}

impl<T, C, H, A, L> Builder<T, C, H, Watched<A, L, ()>> {
    /// Counts how often objects are handed out: [`PoolStats::acquired`](super::PoolStats::acquired).
    pub fn count_uses(self) -> Builder<T, C, H, Watched<A, L, Uses>> {
        self.watch(|Watched { ages, leases, .. }| Watched { ages, leases, uses: Uses })
    }
}

impl<T, C, H, W: Watch> Builder<T, C, H, W> {
    /// The pool, with as many objects as there are to be at least.
    ///
    /// # Errors
    /// If one of these cannot be made, if there are to be more than there may be, or if there may be none.
    pub fn build(self) -> Result<ObjectPool<T, Made<C, H>, W>, PoolError>
    where
        C: Recipe<T>,
        H: Layer<T>,
    {
        assemble(self.most, self.least, self.made, self.watch)
    }

    /// The pool as a type with a name, `ObjectPool<T>`: its recipe is called through a table.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_boxed(self) -> Result<ObjectPool<T, DynRecipe<T>, W>, PoolError>
    where
        C: Recipe<T> + Send + Sync + 'static,
        H: Layer<T> + Send + Sync + 'static,
    {
        assemble(self.most, self.least, DynRecipe::new(self.made), self.watch)
    }
}

fn assemble<T, R: Recipe<T>, W: Watch>(
    most: usize,
    least: usize,
    recipe: R,
    watch: W,
) -> Result<ObjectPool<T, R, W>, PoolError> {
    check(most, least)?;
    let pool = ObjectPool::assemble(most, least, recipe, watch);
    pool.fill_to_least()?;
    Ok(pool)
}

/// Whether the options agree.
pub(super) fn check(most: usize, least: usize) -> Result<(), PoolError> {
    if most == 0 || least > most { Err(invalid_options()) } else { Ok(()) }
}
