use core::fmt;
use core::future::{Future, ready};
use core::ops::Deref;
use core::panic::Location;
use std::sync::Arc;

use super::books::{Grant, Refusal};
use super::builder::check;
use super::guard::{Lend, Lent};
use super::held::{Held, Vacancy};
use super::layers::{Layer, Made};
use super::object::Granted;
use super::turn::Turn;
use super::{
    Builder, CreateError, Hooks, Maintained, NoHooks, NoRecipe, ObjectHooks, ObjectPool, PoolError,
    PooledObject, Priority, Watch, Watched,
};

/// How the objects of an [`AsyncPool`] are made, if that is something to wait for: the [`Recipe`](super::Recipe) of tasks. [Hooks](ObjectHooks)
/// are the same; they cannot wait, because dropping cannot.
///
/// If the future of one of the two is dropped before it is ready, the object at hand is destroyed and its place given to who
/// waits longest.
#[diagnostic::on_unimplemented(
    message = "an `AsyncPool` has to know how its objects of type `{T}` are made",
    label = "this pool has no asynchronous recipe for `{T}`",
    note = "say `.create_async(|| async {{ .. }})` or `.recipe(..)` before `.build_async()`; a recipe of yours implements `AsyncRecipe<{T}>`"
)]
pub trait AsyncRecipe<T>: ObjectHooks<T> {
    /// Makes an object. It is handed out as it is: one that can be made and yet does not work is found here, or by its holder.
    ///
    /// # Errors
    /// Whatever keeps it from that.
    fn create(&self) -> impl Future<Output = Result<T, CreateError>> + Send;

    /// Whether an object that was used before can be used again. As this can wait and
    /// [`on_release`](ObjectHooks::on_release) cannot, it is the place to reset an object that has to be talked to for that.
    #[inline]
    fn is_healthy(&self, object: &mut T) -> impl Future<Output = bool> + Send {
        let _ = object;
        ready(true)
    }
}

/// A recipe from a closure that returns a future.
#[derive(Clone, Copy)]
pub struct MakeAsync<F>(pub F);

impl<T, F> ObjectHooks<T> for MakeAsync<F> {
    fn hooks(&self) -> Hooks {
        Hooks::NONE
    }
}

impl<T, E, F, O> AsyncRecipe<T> for MakeAsync<F>
where
    E: Into<CreateError>,
    F: Fn() -> O,
    O: Future<Output = Result<T, E>> + Send,
{
    fn create(&self) -> impl Future<Output = Result<T, CreateError>> + Send {
        let object = (self.0)();
        async move { object.await.map_err(Into::into) }
    }
}

impl<T: Send, C: AsyncRecipe<T> + Sync, H: Layer<T> + Sync> AsyncRecipe<T> for Made<C, H> {
    fn create(&self) -> impl Future<Output = Result<T, CreateError>> + Send {
        self.recipe.create()
    }

    #[inline]
    async fn is_healthy(&self, object: &mut T) -> bool {
        self.recipe.is_healthy(object).await && self.hooks.is_healthy(object)
    }
}

/// Objects that are used again, for tasks: the same as [`ObjectPool`], but that making an object, and asking whether it
/// is healthy, is waited for.
///
/// It knows of no executor. A future that waits is in the same queue as a thread that does, is served in order, and is
/// woken when it has been given something and not before; dropped, it passes on what it was given. No lock is held while
/// anything is waited for. A timeout is the executor's, around [`acquire`](Self::acquire): what was being done when it is over
/// (a health check, a connection half made) is not taken up by another, so the object at hand is destroyed.
///
/// As it knows of no executor it takes no part in the budget by which some keep tasks from running for too long. A task that
/// does nothing but acquire what is idle, again and again, has to let others run itself: in tokio by
/// `tokio::task::consume_budget().await`.
///
/// What does not wait is there by way of `Deref`: [`stats`](ObjectPool::stats), [`close`](ObjectPool::close),
/// [`shrink_to`](ObjectPool::shrink_to), [`retain`](ObjectPool::retain), [`leases`](ObjectPool::leases).
///
/// ```
/// use nebula_memory::pool::{AsyncPool, PoolError};
///
/// # struct Connection;
/// # impl Connection { async fn open(_: &str) -> std::io::Result<Self> { Ok(Self) } }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let pool = AsyncPool::builder()
///     .max(16)
///     .create_async(|| Connection::open("localhost:5432"))
///     .build_async()?;
/// let connection = pool.acquire().await?;
/// # drop(connection);
/// # Ok::<(), PoolError>(())
/// # }).unwrap();
/// ```
pub struct AsyncPool<T, R: AsyncRecipe<T>, W: Watch = Watched> {
    pool: ObjectPool<T, R, W>,
}

impl<T, R: AsyncRecipe<T>> AsyncPool<T, R> {
    /// A pool of at most `max` objects.
    pub fn with_recipe(max: usize, recipe: R) -> Self {
        Self { pool: ObjectPool::assemble(max, 0, recipe, Watched::default()) }
    }
}

/// An object to be handed out, idle until now or from a future, or `?`. A macro, because a future in a future is a state that is written and read.
macro_rules! lend {
    ($pool:expr, $otherwise:expr) => {
        match $pool.pool.take_idle() {
            Some(mut held) => {
                let is_good =
                    !$pool.pool.watch.expired(held.note()) && $pool.recipe().is_healthy(held.object()).await;
                if is_good { held } else { $pool.create_in(held.destroy()).await? }
            }
            None => $otherwise.await?,
        }
    };
}

impl<T, R: AsyncRecipe<T>, W: Watch> AsyncPool<T, R, W> {
    /// An object; waits for one if all are in use. Those who wait are served in order.
    ///
    /// # Errors
    /// As [`ObjectPool::acquire`].
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<PooledObject<T, &Self>, PoolError>> {
        self.acquire_with(Priority::NORMAL)
    }

    /// The same, before all who wait with a lower priority.
    ///
    /// # Errors
    /// As [`ObjectPool::acquire`].
    #[track_caller]
    pub fn acquire_with(
        &self,
        priority: Priority,
    ) -> impl Future<Output = Result<PooledObject<T, &Self>, PoolError>> {
        let by = Location::caller();
        async move {
            let lent = self.pool.hand_out(lend!(self, self.lend_later(priority)), by);
            // SAFETY: just lent by the pool.
            Ok(unsafe { PooledObject::new(lent, self) })
        }
    }

    /// The same, with a guard that keeps the pool alive.
    ///
    /// # Errors
    /// As [`ObjectPool::acquire`].
    #[track_caller]
    pub fn acquire_arc(
        self: &Arc<Self>,
    ) -> impl Future<Output = Result<PooledObject<T, Arc<Self>>, PoolError>> + use<T, R, W> {
        let by = Location::caller();
        let pool = Arc::clone(self);
        async move {
            let lent = pool.pool.hand_out(lend!(pool, pool.lend_later(Priority::NORMAL)), by);
            // SAFETY: just lent by the pool.
            Ok(unsafe { PooledObject::new(lent, pool) })
        }
    }

    /// An object if there is one, or if there may be one more; does not wait for others to give one back, and does not overtake
    /// those who do. Making one, and asking whether it is healthy, is waited for.
    ///
    /// ```
    /// use nebula_memory::pool::{AsyncPool, PoolError};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let pool = AsyncPool::builder().max(1).create_async(async || Ok::<_, PoolError>(String::new())).build_async()?;
    /// let first = pool.try_acquire().await?;
    /// assert!(matches!(pool.try_acquire().await, Err(PoolError::Exhausted { capacity: 1 })));
    /// # Ok::<(), PoolError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// As [`ObjectPool::try_acquire`].
    #[track_caller]
    pub fn try_acquire(&self) -> impl Future<Output = Result<PooledObject<T, &Self>, PoolError>> {
        let by = Location::caller();
        async move {
            let held = lend!(self, self.receive(self.pool.accept(self.pool.books.request())?));
            let lent = self.pool.hand_out(held, by);
            // SAFETY: just lent by the pool.
            Ok(unsafe { PooledObject::new(lent, self) })
        }
    }

    async fn lend_later(&self, priority: Priority) -> Result<Held<'_, T, R, W>, PoolError> {
        self.receive(Turn::new(&self.pool, priority).await?).await
    }

    /// Makes an object to be handed out of what was granted.
    async fn receive<'p>(&'p self, granted: Granted<'p, T, R, W>) -> Result<Held<'p, T, R, W>, PoolError> {
        match granted {
            Granted::Object(mut held) => {
                if self.is_good(&mut held).await {
                    Ok(held)
                } else {
                    self.create_in(held.destroy()).await
                }
            }
            Granted::Vacant(vacancy) => self.create_in(vacancy).await,
        }
    }

    #[inline]
    async fn is_good(&self, held: &mut Held<'_, T, R, W>) -> bool {
        !self.pool.watch.expired(held.note()) && self.recipe().is_healthy(held.object()).await
    }

    async fn create_in<'p>(&'p self, vacancy: Vacancy<'p, T, R, W>) -> Result<Held<'p, T, R, W>, PoolError> {
        let attempt = self.pool.tally.attempt();
        let object = self.recipe().create().await.map_err(PoolError::Create)?;
        attempt.succeeded();
        let mut held = self.pool.enter(vacancy, object);
        self.recipe().on_create(held.object());
        Ok(held)
    }

    /// Makes objects until `idle` are idle, or there may be no more. How many it made.
    ///
    /// # Errors
    /// The first that cannot be made; those made before stay.
    pub async fn reserve(&self, idle: usize) -> Result<usize, PoolError> {
        self.make_while(|pool| pool.books.idle() < idle).await
    }

    async fn make_while(&self, lacking: impl Fn(&ObjectPool<T, R, W>) -> bool) -> Result<usize, PoolError> {
        let mut made = 0;
        while lacking(&self.pool) {
            let vacancy = match self.pool.books.request_vacant() {
                Grant::Refused(Refusal::Exhausted) => break,
                grant => match self.pool.accept(grant)? {
                    Granted::Vacant(vacancy) => vacancy,
                    Granted::Object(held) => {
                        held.shelve();
                        break;
                    }
                },
            };
            self.create_in(vacancy).await?.shelve();
            made += 1;
        }
        Ok(made)
    }

    /// Destroys idle objects that are too old or not healthy, and makes as many as there are to be at least: what
    /// [`ObjectPool::maintain`] does. Call it from a task of your executor.
    ///
    /// # Errors
    /// If an object cannot be made.
    pub async fn maintain(&self) -> Result<Maintained, PoolError> {
        let mut done = Maintained::default();
        let mut aside = self.pool.set_aside();
        while let Some(mut held) = aside.next() {
            if self.is_good(&mut held).await {
                aside.keep(held);
            } else {
                drop(held.destroy());
                done.destroyed += 1;
            }
        }
        drop(aside);
        if !self.is_closed() {
            done.created = self.make_while(|pool| pool.books.balance().live < pool.least).await?;
        }
        Ok(done)
    }

    fn recipe(&self) -> &R {
        &self.pool.recipe
    }
}

/// The methods that do not wait.
impl<T, R: AsyncRecipe<T>, W: Watch> Deref for AsyncPool<T, R, W> {
    type Target = ObjectPool<T, R, W>;

    fn deref(&self) -> &Self::Target {
        &self.pool
    }
}

// SAFETY: all is the inner pool's.
unsafe impl<T, R: AsyncRecipe<T>, W: Watch> Lend<T> for AsyncPool<T, R, W> {
    #[inline(always)]
    unsafe fn take_back(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.pool.take_back(lent) };
    }

    unsafe fn take_out(&self, lent: Lent<T>) -> T {
        // SAFETY: the caller's promise.
        unsafe { self.pool.take_out(lent) }
    }

    unsafe fn destroy(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.pool.destroy(lent) };
    }
}

impl<T, R: AsyncRecipe<T>, W: Watch> fmt::Debug for AsyncPool<T, R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl AsyncPool<(), NoAsyncRecipe> {
    /// Says how the objects are made, how many there may be, and what happens to them; ends with
    /// [`build_async`](Builder::build_async).
    pub fn builder<T>() -> Builder<T, NoRecipe, NoHooks, Watched> {
        Builder::new()
    }
}

/// What `AsyncPool` is written with where no recipe is known: in `AsyncPool::builder()`.
#[doc(hidden)]
#[derive(Debug)]
pub enum NoAsyncRecipe {}

impl ObjectHooks<()> for NoAsyncRecipe {}

impl AsyncRecipe<()> for NoAsyncRecipe {
    fn create(&self) -> impl Future<Output = Result<(), CreateError>> + Send {
        match *self {}
        #[expect(unreachable_code, reason = "says the type")]
        ready(Ok(()))
    }
}

impl<T, H, W> Builder<T, NoRecipe, H, W> {
    /// How an object is made, if that is something to wait for.
    pub fn create_async<E, O, F>(self, create: F) -> Builder<T, MakeAsync<F>, H, W>
    where
        F: Fn() -> O,
        O: Future<Output = Result<T, E>> + Send,
    {
        self.recipe(MakeAsync(create))
    }
}

impl<T, C, H, W: Watch> Builder<T, C, H, W> {
    /// The pool, without objects: those there are to be at least are made by [`maintain`](AsyncPool::maintain).
    ///
    /// # Errors
    /// If there are to be more objects than there may be, or if there may be none.
    pub fn build_async(self) -> Result<AsyncPool<T, Made<C, H>, W>, PoolError>
    where
        T: Send,
        C: AsyncRecipe<T> + Sync,
        H: Layer<T> + Sync,
    {
        check(self.most, self.least)?;
        Ok(AsyncPool { pool: ObjectPool::assemble(self.most, self.least, self.made, self.watch) })
    }
}
