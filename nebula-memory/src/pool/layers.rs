//! Hooks given to a builder one by one, and the recipe they make.
//!
//! Each is a type around those given before, so what was not given is not there when the pool is compiled.

use super::{CreateError, Hooks, ObjectHooks, Recipe};

/// Hooks on top of a recipe.
#[doc(hidden)]
pub trait Layer<T> {
    /// Those that do something.
    const HOOKS: Hooks;

    fn create(&self, object: &mut T);
    fn acquire(&self, object: &mut T);
    fn release(&self, object: &mut T);
    fn is_healthy(&self, object: &mut T) -> bool;
    /// Ends an object, or gives it on.
    fn destroy(&self, object: T) -> Option<T>;
}

/// No hooks.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHooks;

impl<T> Layer<T> for NoHooks {
    const HOOKS: Hooks = Hooks::NONE;

    #[inline(always)]
    fn create(&self, _: &mut T) {}
    #[inline(always)]
    fn acquire(&self, _: &mut T) {}
    #[inline(always)]
    fn release(&self, _: &mut T) {}
    #[inline(always)]
    fn is_healthy(&self, _: &mut T) -> bool {
        true
    }
    #[inline(always)]
    fn destroy(&self, object: T) -> Option<T> {
        Some(object)
    }
}

/// A layer that adds one closure to what `inner` does.
macro_rules! layers {
    ($($(#[$doc:meta])* $name:ident $hooks:ident [$($call:tt)+] {
        $(fn $method:ident(&$this:ident, $object:ident: $given:ty) $(-> $answer:ty)? $body:block)*
    } or { $($forward:ident($passed:ty) $(-> $result:ty)?),* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<H, F> {
            pub(super) inner: H,
            pub(super) call: F,
        }

        impl<T, H: Layer<T>, F: $($call)+> Layer<T> for $name<H, F> {
            const HOOKS: Hooks = H::HOOKS.with(Hooks::$hooks);

            $(#[inline]
            fn $method(&$this, $object: $given) $(-> $answer)? $body)*
            $(#[inline(always)]
            fn $forward(&self, object: $passed) $(-> $result)? {
                self.inner.$forward(object)
            })*
        }
    )*};
}

layers! {
    /// Calls a closure with each new object.
    OnCreate NONE [Fn(&mut T)] {
        fn create(&self, object: &mut T) {
            self.inner.create(object);
            (self.call)(object);
        }
    } or { acquire(&mut T), release(&mut T), is_healthy(&mut T) -> bool, destroy(T) -> Option<T> }

    /// Calls a closure with each object that is handed out.
    OnAcquire ON_ACQUIRE [Fn(&mut T)] {
        fn acquire(&self, object: &mut T) {
            self.inner.acquire(object);
            (self.call)(object);
        }
    } or { create(&mut T), release(&mut T), is_healthy(&mut T) -> bool, destroy(T) -> Option<T> }

    /// Calls a closure with each object that comes back.
    OnRelease ON_RELEASE [Fn(&mut T)] {
        fn release(&self, object: &mut T) {
            self.inner.release(object);
            (self.call)(object);
        }
    } or { create(&mut T), acquire(&mut T), is_healthy(&mut T) -> bool, destroy(T) -> Option<T> }

    /// Asks a closure before an object is used again.
    HealthCheck IS_HEALTHY [Fn(&mut T) -> bool] {
        fn is_healthy(&self, object: &mut T) -> bool {
            self.inner.is_healthy(object) && (self.call)(object)
        }
    } or { create(&mut T), acquire(&mut T), release(&mut T), destroy(T) -> Option<T> }

    /// Ends objects with a closure.
    OnDestroy NONE [Fn(T)] {
        fn destroy(&self, object: T) -> Option<T> {
            (self.call)(self.inner.destroy(object)?);
            None
        }
    } or { create(&mut T), acquire(&mut T), release(&mut T), is_healthy(&mut T) -> bool }
}

/// A recipe with hooks on top: what [`ObjectPool::builder`](super::ObjectPool::builder) makes.
#[derive(Clone, Copy)]
pub struct Made<C, H> {
    pub(super) recipe: C,
    pub(super) hooks: H,
    pub(super) keep_after_panic: bool,
}

impl<T, C: Recipe<T>, H: Layer<T>> Recipe<T> for Made<C, H> {
    #[inline]
    fn create(&self) -> Result<T, CreateError> {
        self.recipe.create()
    }

    #[inline(always)]
    fn is_healthy(&self, object: &mut T) -> bool {
        self.recipe.is_healthy(object) && self.hooks.is_healthy(object)
    }
}

impl<T, C: ObjectHooks<T>, H: Layer<T>> ObjectHooks<T> for Made<C, H> {
    #[inline]
    fn hooks(&self) -> Hooks {
        self.recipe.hooks().with(H::HOOKS)
    }

    #[inline]
    fn on_create(&self, object: &mut T) {
        self.recipe.on_create(object);
        self.hooks.create(object);
    }

    #[inline(always)]
    fn on_acquire(&self, object: &mut T) {
        self.recipe.on_acquire(object);
        self.hooks.acquire(object);
    }

    #[inline(always)]
    fn on_release(&self, object: &mut T) {
        self.recipe.on_release(object);
        self.hooks.release(object);
    }

    #[inline]
    fn on_destroy(&self, object: T) {
        if let Some(object) = self.hooks.destroy(object) {
            self.recipe.on_destroy(object);
        }
    }

    fn keep_after_panic(&self, object: &mut T) -> bool {
        self.keep_after_panic || self.recipe.keep_after_panic(object)
    }
}
