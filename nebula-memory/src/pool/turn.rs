use core::future::Future;
use core::panic::Location;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::guard::{Lent, apart};
use super::object::Granted;
use super::waiters::Ticket;
use super::{ObjectHooks, ObjectPool, PoolError, PooledObject, Priority, Recipe, Watch};

/// Waits for its turn. Dropped, it passes on what it was given.
pub(super) struct Turn<'p, T, R: ObjectHooks<T>, W: Watch> {
    pool: &'p ObjectPool<T, R, W>,
    priority: Priority,
    ticket: Option<Ticket>,
}

impl<'p, T, R: ObjectHooks<T>, W: Watch> Turn<'p, T, R, W> {
    pub(super) const fn new(pool: &'p ObjectPool<T, R, W>, priority: Priority) -> Self {
        Self { pool, priority, ticket: None }
    }
}

impl<'p, T, R: ObjectHooks<T>, W: Watch> Future for Turn<'p, T, R, W> {
    type Output = Result<Granted<'p, T, R, W>, PoolError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let waker = context.waker().clone();
        let grant = match &self.ticket {
            Some(ticket) => match self.pool.books.collect(ticket, waker) {
                Some(grant) => grant,
                None => return Poll::Pending,
            },
            None => match self.pool.books.join(self.priority, waker) {
                Ok(ticket) => {
                    self.ticket = Some(ticket);
                    return Poll::Pending;
                }
                Err(grant) => grant,
            },
        };
        // It was collected, or there never was one.
        self.ticket = None;
        Poll::Ready(self.pool.accept(grant))
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Turn<'_, T, R, W> {
    #[cold]
    #[inline(never)]
    fn leave(&mut self) {
        if let Some(grant) = self.ticket.take().and_then(|ticket| self.pool.books.leave(&ticket)) {
            self.pool.pass_on(grant);
        }
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Drop for Turn<'_, T, R, W> {
    #[inline(always)]
    fn drop(&mut self) {
        // Never in line, or no more: nothing to be done, and no call.
        if self.ticket.is_some() {
            self.leave();
        }
    }
}

/// An object to come: from [`ObjectPool::acquire_async`]. Dropped before it is ready, it gives its place in the queue up, and
/// passes on what it was given.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Acquire<'p, T, R: Recipe<T>, W: Watch> {
    turn: Turn<'p, T, R, W>,
    by: &'static Location<'static>,
}

impl<'p, T, R: Recipe<T>, W: Watch> Future for Acquire<'p, T, R, W> {
    type Output = Result<PooledObject<T, &'p ObjectPool<T, R, W>>, PoolError>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let pool = self.turn.pool;
        let lent = if self.turn.ticket.is_none()
            && let Some(held) = pool.take_idle()
        {
            pool.lend_idle(held, self.by)
        } else {
            match self.poll_turn(context) {
                Poll::Ready(lent) => apart(lent),
                Poll::Pending => return Poll::Pending,
            }
        };
        // SAFETY: just lent by the pool.
        Poll::Ready(lent.map(|lent| unsafe { PooledObject::new(lent, pool) }))
    }
}

impl<T, R: Recipe<T>, W: Watch> Acquire<'_, T, R, W> {
    #[cold]
    #[inline(never)]
    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Result<Lent<T>, PoolError>> {
        let (pool, by) = (self.turn.pool, self.by);
        Pin::new(&mut self.turn)
            .poll(context)
            .map(|granted| granted.and_then(|granted| pool.lend_granted(granted, by)))
    }
}

impl<T, R: Recipe<T>, W: Watch> ObjectPool<T, R, W> {
    /// The same as [`acquire`](Self::acquire) for a task: it waits in the same queue, and no thread is blocked. The recipe is
    /// called by the task that is polled; see [`AsyncPool`](super::AsyncPool) for one that is waited for.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire).
    #[inline]
    #[track_caller]
    pub fn acquire_async(&self) -> Acquire<'_, T, R, W> {
        Acquire { turn: Turn::new(self, Priority::NORMAL), by: Location::caller() }
    }
}
