//! Our pools of objects.

use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use nebula_memory::pool::{
    AsyncPool, CreateError, DynRecipe, LocalObjectPool, Make, MakeAsync, ObjectPool, PooledObject,
};

use super::objects::{Object, Pool, leak};

type Create = Make<fn() -> Object>;
type CreateAsync = MakeAsync<fn() -> Ready<Result<Object, CreateError>>>;

fn create() -> Object {
    [0; 32]
}

fn create_async() -> Ready<Result<Object, CreateError>> {
    ready(Ok(create()))
}

const CREATE: Create = Make(create);
const CREATE_ASYNC: CreateAsync = MakeAsync(create_async);

/// What a future gives that need not wait.
#[inline(always)]
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("an object is free"),
    }
}

/// How one is made and acquired from: a handle that is copied, to a pool that is never dropped.
macro_rules! pools {
    ($($name:ident($handle:ty) $text:literal gives $guard:ty {
        |$capacity:ident| $new:expr,
        |$pool:ident| $acquire:expr $(,)?
    })*) => {$(
        #[derive(Clone, Copy)]
        pub(super) struct $name(&'static $handle);

        impl Pool for $name {
            type Acquired = $guard;
            const NAME: &'static str = $text;
            const OURS: bool = true;
            fn new($capacity: usize) -> Self {
                Self(leak($new))
            }
            #[inline(always)]
            fn acquire(self) -> Self::Acquired {
                let $pool = self.0;
                $acquire.expect("an object is free")
            }
            fn place(acquired: &mut Self::Acquired) -> *mut u64 {
                acquired.as_mut_ptr()
            }
        }
    )*};
}

pools! {
    Static(ObjectPool<Object, Create>) "ObjectPool"
    gives PooledObject<Object, &'static ObjectPool<Object, Create>> {
        |capacity| ObjectPool::with_recipe(capacity, CREATE),
        |pool| pool.acquire(),
    }

    Counted(Arc<ObjectPool<Object, Create>>) "ObjectPool by Arc"
    gives PooledObject<Object, Arc<ObjectPool<Object, Create>>> {
        |capacity| Arc::new(ObjectPool::with_recipe(capacity, CREATE)),
        |pool| pool.acquire_arc(),
    }

    Dynamic(ObjectPool<Object>) "ObjectPool, any recipe"
    gives PooledObject<Object, &'static ObjectPool<Object>> {
        |capacity| ObjectPool::with_recipe(capacity, DynRecipe::new(CREATE)),
        |pool| pool.acquire(),
    }

    Awaited(ObjectPool<Object, Create>) "ObjectPool, awaited"
    gives PooledObject<Object, &'static ObjectPool<Object, Create>> {
        |capacity| ObjectPool::with_recipe(capacity, CREATE),
        |pool| at_once(pool.acquire_async()),
    }

    Asynchronous(AsyncPool<Object, CreateAsync>) "AsyncPool"
    gives PooledObject<Object, &'static AsyncPool<Object, CreateAsync>> {
        |capacity| AsyncPool::with_recipe(capacity, CREATE_ASYNC),
        |pool| at_once(pool.acquire()),
    }

    Local(LocalObjectPool<Object, Create>) "LocalObjectPool"
    gives PooledObject<Object, &'static LocalObjectPool<Object, Create>> {
        |capacity| LocalObjectPool::with_recipe(capacity, CREATE),
        |pool| pool.acquire(),
    }

    LocalCounted(Rc<LocalObjectPool<Object, Create>>) "LocalObjectPool by Rc"
    gives PooledObject<Object, Rc<LocalObjectPool<Object, Create>>> {
        |capacity| Rc::new(LocalObjectPool::with_recipe(capacity, CREATE)),
        |pool| pool.acquire_rc(),
    }
}
