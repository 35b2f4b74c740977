use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;

use super::PoolError;

/// An object that was handed out: what a guard has of it. Two scalars, which are passed and returned in registers.
#[doc(hidden)]
#[derive(Debug)]
pub struct Lent<T> {
    /// Points to an object; valid for all that stands beside it in its slot as well.
    pub(super) object: NonNull<T>,
    /// The thread was not panicking when it was handed out. If it is when it comes back, the one who had it has.
    pub(super) calm: Calm,
}

impl<T> Clone for Lent<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Lent<T> {}

/// A `bool` as large as a word: what is copied with a guard has no gaps, which the compiler would copy byte by byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calm(usize);

impl Calm {
    /// As it is now.
    #[inline(always)]
    pub(super) fn now() -> Self {
        Self(usize::from(!std::thread::panicking()))
    }
}

/// What a call returned, in words of its own. As it is, it lies in memory that the call has written, where whatever else becomes of
/// the variable would have to lie too: an object that was at hand would be stored there in pieces, to be loaded as a whole,
/// which takes longer than all the rest.
#[inline(always)]
pub(super) fn apart<T>(result: Result<Lent<T>, PoolError>) -> Result<Lent<T>, PoolError> {
    match result {
        Ok(Lent { object, calm }) => Ok(Lent { object, calm }),
        Err(error) => Err(error),
    }
}

impl<T> Lent<T> {
    /// Whether the panic that is going on has begun since.
    #[inline(always)]
    pub(super) fn is_tainted(self) -> bool {
        // In this order: hardly ever more than the first.
        std::thread::panicking() && self.calm.0 != 0
    }
}

/// A pool that lends objects.
///
/// # Safety
/// An object that was lent is the borrower's alone until it is passed to one of these, and stays where it is; the pool may go
/// before that only if it leaves the object.
#[doc(hidden)]
pub unsafe trait Lend<T> {
    /// An object comes back.
    ///
    /// # Safety
    /// This pool has lent it, and it is not used after this.
    unsafe fn take_back(&self, lent: Lent<T>);

    /// An object is kept by the borrower, and not counted any more.
    ///
    /// # Safety
    /// As [`take_back`](Self::take_back).
    unsafe fn take_out(&self, lent: Lent<T>) -> T;

    /// An object is not to be used again.
    ///
    /// # Safety
    /// As [`take_back`](Self::take_back).
    unsafe fn destroy(&self, lent: Lent<T>);
}

/// How a guard reaches its pool: by reference, or by an `Arc` or `Rc` that keeps it alive.
///
/// # Safety
/// Leads to the same pool for as long as it lives, also after it was moved; objects stay where they are as long as it lives.
pub unsafe trait Lender<T> {
    /// An object comes back.
    ///
    /// # Safety
    /// The pool has lent it, and it is not used after this.
    #[doc(hidden)]
    unsafe fn take_back(&self, lent: Lent<T>);

    /// An object is kept by the borrower, and not counted any more.
    ///
    /// # Safety
    /// As [`take_back`](Self::take_back).
    #[doc(hidden)]
    unsafe fn take_out(&self, lent: Lent<T>) -> T;

    /// An object is not to be used again.
    ///
    /// # Safety
    /// As [`take_back`](Self::take_back).
    #[doc(hidden)]
    unsafe fn destroy(&self, lent: Lent<T>);
}

macro_rules! lenders {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        // SAFETY: leads to one pool, which is not moved or dropped before.
        unsafe impl<$($generics)* T, L: Lend<T> + ?Sized> Lender<T> for $type {
            #[inline(always)]
            unsafe fn take_back(&self, lent: Lent<T>) {
                // SAFETY: the caller's promise.
                unsafe { L::take_back(self, lent) };
            }

            unsafe fn take_out(&self, lent: Lent<T>) -> T {
                // SAFETY: the caller's promise.
                unsafe { L::take_out(self, lent) }
            }

            unsafe fn destroy(&self, lent: Lent<T>) {
                // SAFETY: the caller's promise.
                unsafe { L::destroy(self, lent) };
            }
        }
    )*};
}

lenders! {
    ['p,] &'p L;
    [] Arc<L>;
    [] Rc<L>;
}

/// An object of a pool, which it goes back to when this is dropped.
///
/// `P` is how the pool is reached: `&ObjectPool<T>` or `Arc<ObjectPool<T>>`, and the same for other pools. Three words with an
/// [`ObjectPool`](super::ObjectPool). It may go to another thread if both the object and the pool may, and be shared if both
/// may be. One that is leaked keeps its object for good, and its share of the pool's capacity; nothing else is lost.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::pool::{Make, ObjectPool, PooledObject};
///
/// type Names = ObjectPool<String, Make<fn() -> String>>;
///
/// /// Keeps its object, and so the pool.
/// struct Session {
///     name: PooledObject<String, Arc<Names>>,
/// }
///
/// let pool = Arc::new(Names::with_recipe(8, Make(String::new)));
/// let mut session = Session { name: pool.acquire_arc()? };
/// session.name.push_str("ada");
/// drop(session);
/// assert_eq!(pool.stats().idle, 1);
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
#[must_use = "an object goes back to its pool at once if it is not kept"]
pub struct PooledObject<T, P: Lender<T>> {
    /// Ours alone, lent by the pool.
    lent: Lent<T>,
    pool: P,
    /// Owns a `T`, and not one of a supertype: that could be left in the pool.
    owns: PhantomData<Cell<T>>,
}

// SAFETY: owns its object, like a box; the pool is reached through `P` only.
unsafe impl<T: Send, P: Lender<T> + Send> Send for PooledObject<T, P> {}
// SAFETY: a shared one gives shared access to its object and nothing else.
unsafe impl<T: Sync, P: Lender<T> + Sync> Sync for PooledObject<T, P> {}

impl<T, P: Lender<T>> PooledObject<T, P> {
    /// A guard for an object.
    ///
    /// # Safety
    /// The pool that `pool` leads to has lent it, and nobody else has it.
    #[inline]
    pub(super) const unsafe fn new(lent: Lent<T>, pool: P) -> Self {
        Self { lent, pool, owns: PhantomData }
    }

    /// Takes the object out of the pool for good; another one may be made in its place. Hooks are not called.
    ///
    /// ```
    /// use nebula_memory::pool::{ObjectPool, PooledObject};
    ///
    /// let pool = ObjectPool::new(1, String::new);
    /// let kept: String = PooledObject::detach(pool.acquire()?);
    /// let another = pool.acquire()?; // the pool is not exhausted
    /// assert_eq!(pool.stats().detached, 1);
    /// # Ok::<(), nebula_memory::pool::PoolError>(())
    /// ```
    pub fn detach(this: Self) -> T {
        let (lent, pool) = this.take_apart();
        // SAFETY: lent by this pool, and given up here.
        unsafe { pool.take_out(lent) }
    }

    /// Ends the object, which is not to be used again: a connection that is broken, a buffer that has grown too large. It is destroyed as
    /// by the pool itself, by [`on_destroy`](super::ObjectHooks::on_destroy), and another one may be made in its place.
    ///
    /// ```
    /// use nebula_memory::pool::{ObjectPool, PooledObject};
    ///
    /// let pool = ObjectPool::new(1, String::new);
    /// let mut text = pool.acquire()?;
    /// text.push_str("broken");
    /// PooledObject::destroy(text);
    /// assert!(pool.acquire()?.is_empty());
    /// assert_eq!(pool.stats().destroyed, 1);
    /// # Ok::<(), nebula_memory::pool::PoolError>(())
    /// ```
    pub fn destroy(this: Self) {
        let (lent, pool) = this.take_apart();
        // SAFETY: lent by this pool, and given up here.
        unsafe { pool.destroy(lent) };
    }

    fn take_apart(self) -> (Lent<T>, P) {
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so the way to the pool is moved out of it, not copied.
        let pool = unsafe { ptr::read(&raw const this.pool) };
        (this.lent, pool)
    }

    /// Adds what is done with this object when it comes back, before the pool sees it. If that panics, the object is
    /// treated as one whose holder has panicked.
    ///
    /// ```
    /// use nebula_memory::pool::ObjectPool;
    ///
    /// let pool = ObjectPool::new(1, Vec::<u8>::new);
    /// let mut bytes = pool.acquire()?.on_release(|bytes| bytes.truncate(1));
    /// bytes.extend([1, 2, 3]);
    /// drop(bytes);
    /// assert_eq!(*pool.acquire()?, [1]);
    /// # Ok::<(), nebula_memory::pool::PoolError>(())
    /// ```
    pub fn on_release<F: FnOnce(&mut T)>(self, call: F) -> WithRelease<T, P, F> {
        WithRelease { call: Some(call), object: self }
    }
}

impl<T, P: Lender<T>> Drop for PooledObject<T, P> {
    #[inline(always)]
    fn drop(&mut self) {
        let lent = self.lent;
        // SAFETY: lent by this pool, and this is its last use.
        unsafe { self.pool.take_back(lent) };
    }
}

impl<T, P: Lender<T>> Deref for PooledObject<T, P> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the object is ours as long as we are here.
        unsafe { self.lent.object.as_ref() }
    }
}

impl<T, P: Lender<T>> DerefMut for PooledObject<T, P> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the object is ours alone as long as we are here.
        unsafe { self.lent.object.as_mut() }
    }
}

impl<T, P: Lender<T>> AsRef<T> for PooledObject<T, P> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T, P: Lender<T>> AsMut<T> for PooledObject<T, P> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}

impl<T: fmt::Debug, P: Lender<T>> fmt::Debug for PooledObject<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: fmt::Display, P: Lender<T>> fmt::Display for PooledObject<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

/// An object with something to be done when it comes back: see [`PooledObject::on_release`]. A type of its own, so that those
/// without are not larger for it.
#[must_use = "an object goes back to its pool at once if it is not kept"]
pub struct WithRelease<T, P: Lender<T>, F: FnOnce(&mut T)> {
    call: Option<F>,
    object: PooledObject<T, P>,
}

impl<T, P: Lender<T>, F: FnOnce(&mut T)> Drop for WithRelease<T, P, F> {
    fn drop(&mut self) {
        // A panic in here goes on with the object, which is dropped after this, tainted.
        if let Some(call) = self.call.take() {
            call(&mut self.object);
        }
    }
}

impl<T, P: Lender<T>, F: FnOnce(&mut T)> Deref for WithRelease<T, P, F> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.object
    }
}

impl<T, P: Lender<T>, F: FnOnce(&mut T)> DerefMut for WithRelease<T, P, F> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.object
    }
}

impl<T: fmt::Debug, P: Lender<T>, F: FnOnce(&mut T)> fmt::Debug for WithRelease<T, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.object, f)
    }
}
