//! The macros of `nebula-memory`: use them through that crate, which re-exports them.
//!
//! Each macro is a way in three steps. `parse` reads what the user wrote, `check` holds every rule and reports all that
//! is wrong, each at its token, and `expand` turns the checked model into code. What can be generated in spite of an
//! error is, so that one mistake is one message.

extern crate proc_macro;

mod alloc;
mod allocator;
mod arena;
mod attr_tokens;
mod attrs;
mod budget;
mod builder;
mod cache_key;
mod cached;
mod crate_path;
mod dealloc;
mod diagnostics;
mod function;
mod generics;
mod hygiene;
mod keys;
mod pooled;
mod scope;
mod size;
mod suggest;
#[cfg(test)]
mod tests;
mod typestate;

use proc_macro::TokenStream;

/// A builder that writes each field straight into the slot where the value will live.
///
/// ```
/// use nebula_memory::{FixedPool, Pooled};
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 1024)]
/// struct Request {
///     id: u64,                     // required
///     #[pooled(default)]
///     headers: Vec<String>,        // `Vec::new()` unless set
///     #[pooled(default = 3)]
///     retries: u8,
///     user: Option<String>,        // `None` unless set; the setter takes the `String`
///     #[pooled(skip)]
///     started: u64,                // no setter
///     body: [u8; 4096],
/// }
///
/// # fn main() -> Result<(), nebula_memory::AllocError> {
/// // In a slot of the type's static pool: no heap, and the 4 KiB are written once, where they stay.
/// let request = Request::acquire()?.id(7).user("ada".into()).body_with(|body| body.fill_with(|_| 0)).finish();
/// assert_eq!((request.id, request.retries), (7, 3));
///
/// // In any pool.
/// let pool = FixedPool::<Request, 2>::new();
/// let request = Request::build_in(&pool)?.id(8).body([0; 4096]).finish();
/// assert_eq!(pool.in_use(), 1);
///
/// // Without a pool.
/// let request: Request = Request::builder().id(9).body([0; 4096]).build();
/// # Ok(())
/// # }
/// ```
///
/// * What begins with `acquire` or `build_in` ends with `finish`, in its slot; what begins with `builder`, a plain value, ends
///   with `build`. Both exist when every required field is set; setting one twice does not compile.
/// * Optional and defaulted fields are not part of the builder's type, so they can be set in an `if`, or again in a loop:
///   `if let Some(name) = given { builder = builder.user(name) }`. A required field can't: `.name(if … { a } else { b })`.
/// * A builder that is dropped (an early return, a `?`, a panic) drops the fields that were set and gives its slot back.
/// * `<field>_with(|slot| …)` initialises a field where it will stay. There is one for each field that may be large: all
///   but scalars, references, pointers, `Option`s, and the usual handles such as `String`, `Vec`, `Box`, `Arc`.
///
/// # On the type: `#[pooled(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `capacity = 1024` | a static pool of so many values, the trait `Pooled` and `Type::acquire()`; the type must be `Send` (unless `threading = local`), and neither generic nor borrow |
/// | `align = 64` | at least this alignment for the pool's slots |
/// | `max_bytes = 64 KiB` | a pool that is larger does not compile, and the message says how large it is |
/// | `threading = local` | a pool for each thread, without an atomic instruction: the type need not be `Send`, its boxes stay on their thread; without, or with `shared`, one pool for all. Needs the feature `std` |
/// | `on_exhausted = heap` | `acquire()` takes from the heap when all slots are in use; without, or with `error`, it is an error |
/// | `reset` | objects of the static pool are used again: fields with `reset` stay in their slot. The key says so at the type, the fields alone do too |
/// | `stats` | the pool counts its slots: `Type::pool().stats()` tells how many were acquired and released, how many at once, and how often there was none |
/// | `on_acquire = path` | a `fn(&mut Self)`, or a closure, called with each complete value in a slot |
/// | `on_release = path` | the same for each value that leaves its slot, before it is dropped or moved out |
/// | `builder = Name` | the name of the builder's type, if `TypeBuilder` is taken (E0428) or does not please |
/// | `start = name` | the name of the function `builder()`, if the type has one of its own (E0592) |
/// | `vis = pub(crate)` | who sees the builder and the functions that start one; without, who sees the type |
/// | `no_implicit_prelude` | for a type in a module with that attribute, or beside a dependency called `diagnostic`: see below |
/// | `crate = path` | where the runtime crate is; without, `::nebula_memory` |
///
/// Hooks come in pairs: a builder that is dropped half-way has none, nor has a plain value. If one panics, the value is
/// dropped and its slot goes back.
///
/// A value of the static pool is a `PoolBox<Type>`, one pointer; with `on_exhausted = heap`, a `PoolBox<Type, StaticOrHeap<Type>>`.
/// With `threading = local` it is a `PoolBox<Type, LocalPool<Type>>`, or `LocalOrHeap<Type>`, and `Type::pool()` tells of the pool
/// of the calling thread: it is made when the thread first asks for a slot, and freed when the thread has ended and the last
/// box is dropped.
///
/// # On a field: `#[pooled(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `default`, `default = expression` | optional, with this value unless set |
/// | `skip`, `skip = expression` | no setter, always this value |
/// | `into` | the setter takes `impl Into<Field>` |
/// | `rename = name` | the name of the setter |
/// | `required` | an `Option` field is required, and its setter takes the `Option` |
/// | `reset = keep` | the field stays in the slot when the object is dropped, and the next `acquire()` finds it |
/// | `reset = clear`, `reset = default`, `reset = path` | the same, after its `clear()` was called, after it got its default, after it went through a `fn(&mut Field)` or a closure |
///
/// # Objects that are used again
///
/// ```
/// use nebula_memory::Pooled;
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 16, reset)]
/// struct Request {
///     id: u64,                                 // required each time, dropped each time
///     #[pooled(reset = clear)]
///     body: Vec<u8>,                           // empty each time, with the memory it had
///     #[pooled(default = 3, reset = default)]
///     retries: u8,                             // 3 each time
///     #[pooled(default, reset = keep)]
///     served: u64,                             // counts the requests of this slot
/// }
///
/// # fn main() -> Result<(), nebula_memory::AllocError> {
/// let mut request = Request::acquire()?.id(1).finish();
/// request.body.extend_from_slice(&[0; 4096]);
/// request.served += 1;
/// drop(request);
///
/// let request = Request::acquire()?.id(2).finish(); // in the same slot, as it happens
/// assert_eq!((request.body.len(), request.served), (0, 1));
/// assert!(request.body.capacity() >= 4096);
/// # Ok(())
/// # }
/// ```
///
/// * A field that stays is optional for the builder. Its first value is its default, which `keep` and a path ask for and `clear`
///   and `default` imply (`Default::default()`); an `Option` is `None`. Setting it drops what was kept.
/// * When an object is dropped, `on_release` is called, then the fields are reset, then the others are dropped. If one of these
///   panics, all fields are dropped and none stays.
/// * A builder that is dropped half-way drops what was set and leaves what the slot has kept.
/// * What is moved out (`PoolBox::into_inner`, `take`) takes its fields with it, and objects on the heap and in pools passed to
///   `build_in` are just dropped.
/// * The type has no `Drop` of its own: it would be called for half an object. Which slot an object gets is not defined.
///
/// The setters of a tuple struct are called `_0`, `_1`, …; a unit struct is finished at once. Enums, unions and packed
/// structs are refused.
///
/// # Without a prelude
///
/// Messages name the field that is missing by means of `#[diagnostic::on_unimplemented]`, which rustc does not know in a
/// module with `#![no_implicit_prelude]` (“cannot find module or crate `diagnostic`”). The key of that name leaves it
/// out. The messages are then shorter, and show the field below. If the type or one of its fields mentions a path that
/// begins with `::`, the key is not needed, but the messages are those.
///
/// # What it generates
///
/// For `struct User { id: u64, name: Option<String> }`, the path of the runtime crate left out:
///
/// ```text
/// struct UserBuilder<P = Inline<User>, G0 = (Unset,)> {
///     partial: Partial<P, (G0,)>,                  // the place, and which fields are set
/// }
///
/// impl User {
///     fn builder() -> UserBuilder { … }
///     fn build_in<H: PoolHandle<Item = User>>(pool: H) -> Result<UserBuilder<InPool<H>>, AllocError> { … }
/// }
///
/// impl<P: Place<User>, S0> UserBuilder<P, (S0,)> {
///     fn id(self, __value: u64) -> UserBuilder<P, (Set,)> where S0: is_unset {
///         UserBuilder { partial: unsafe { self.partial.set::<User, u64, _>(0, __value) } }
///     }
///     fn finish(self) -> P::Output where S0: id_is_set { … }
/// }
///
/// #[diagnostic::on_unimplemented(message = "cannot finish building `User`: required field `id` is not set", …)]
/// trait id_is_set: IsSet {}                        // of `Set` only; and `is_unset` of `Unset`, for all fields
///
/// impl<P: Place<User>, G0> UserBuilder<P, G0> {
///     fn name(self, __value: String) -> Self {
///         Self { partial: unsafe { self.partial.replace::<User, Option<String>>(1, Some(__value)) } }
///     }
/// }
///
/// unsafe impl Fields for User {
///     const TABLE: &'static [FieldDrop] = …;       // offset and destructor of each field
///     fn fill(unfilled: &mut Unfilled<'_, Self>) { /* `name` is `None` if not set */ }
/// }
/// ```
#[proc_macro_derive(Pooled, attributes(pooled, builder))]
pub fn derive_pooled(input: TokenStream) -> TokenStream {
    pooled::derive(input.into()).into()
}

/// A builder for a plain value, such as the options of something: what is missing does not compile, what does not go
/// together is an error of `build`.
///
/// ```
/// use nebula_memory::Builder;
///
/// #[derive(Builder, Debug)]
/// #[builder(check = Self::check, error = String)]
/// struct ServerOptions {
///     /// Where to listen.
///     #[builder(into)]
///     address: String,             // required
///     #[builder(default = 4)]
///     threads: usize,
///     max_connections: Option<u32>, // `None` unless set; the setter takes the `u32`
/// }
///
/// impl ServerOptions {
///     fn check(&self) -> Result<(), String> {
///         match self.max_connections {
///             Some(0) => Err("a server without connections serves nobody".into()),
///             _ => Ok(()),
///         }
///     }
/// }
///
/// let options = ServerOptions::builder().address("localhost").threads(8).build()?;
/// assert_eq!((options.threads, options.max_connections), (8, None));
///
/// let error = ServerOptions::builder().address("localhost").max_connections(0).build().unwrap_err();
/// assert!(error.contains("nobody"));
/// # Ok::<(), String>(())
/// ```
///
/// Without the address it does not compile:
///
/// ```compile_fail
/// # use nebula_memory::Builder;
/// # #[derive(Builder)]
/// # struct ServerOptions { address: String }
/// ServerOptions::builder().build(); // error: cannot finish building `ServerOptions`: required field `address` is not set
/// ```
///
/// * A builder is complete when every required field is set: `build` exists then, not before. Setting a required field
///   twice does not compile.
/// * Optional and defaulted fields are not part of the builder's type, so they can be set in an `if`, or again in a loop:
///   `builder = builder.threads(2)`.
/// * A builder that is dropped drops the fields that were set.
///
/// [`Pooled`](macro@Pooled) writes this builder too, beside the one for pools; a type takes one of the two.
///
/// # On the type: `#[builder(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `check = path` | a `fn(&Self) -> Result<(), Error>` that judges the complete value; `build` returns a `Result` |
/// | `error = Type` | the type of that error; without, `AllocError` |
/// | `builder = Name` | the name of the builder's type, if `TypeBuilder` is taken (E0428) or does not please |
/// | `start = name` | the name of the function `builder()`, if the type has one of its own (E0592) |
/// | `vis = pub(crate)` | who sees the builder and the function that starts one; without, who sees the type |
/// | `no_implicit_prelude` | for a type in a module with that attribute, or beside a dependency called `diagnostic`: see below |
/// | `crate = path` | where the runtime crate is; without, `::nebula_memory` |
///
/// # On a field: `#[builder(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `default`, `default = expression` | optional, with this value unless set |
/// | `skip`, `skip = expression` | no setter, always this value |
/// | `into` | the setter takes `impl Into<Field>` |
/// | `rename = name` | the name of the setter |
/// | `required` | an `Option` field is required, and its setter takes the `Option` |
///
/// `no_implicit_prelude` is explained at [`Pooled`](macro@Pooled#without-a-prelude).
///
/// # What it generates
///
/// As for [`Pooled`](macro@Pooled), with the value in the builder itself and `build` as the only way to finish:
///
/// ```text
/// fn build(self) -> Result<ServerOptions, String> where S0: address_is_set {
///     let value = unsafe { self.partial.finish::<ServerOptions>() };
///     match ServerOptions::check(&value) {
///         Ok(()) => Ok(value),
///         Err(error) => Err(error),
///     }
/// }
/// ```
#[proc_macro_derive(Builder, attributes(builder, pooled))]
pub fn derive_builder(input: TokenStream) -> TokenStream {
    builder::derive(input.into()).into()
}

/// A function with its own memory: the body gets `arena`, and what it allocates is free again when it is left.
///
/// ```
/// use nebula_memory::arena;
///
/// #[arena]
/// fn longest_word(text: &str) -> usize {
///     let words = arena.alloc_slice_from_iter(text.split_whitespace());
///     words.sort_unstable_by_key(|word| word.len());
///     words.last().map_or(0, |word| word.len())
/// }
///
/// assert_eq!(longest_word("memory by intent"), 6);
/// ```
///
/// `arena` is an `FnArena<'_>`, which is an `ArenaScope` in which every block is aligned to 8. It comes from a store of warm
/// arenas of the thread, so that a call does not reach the system's allocator once the first ones have. Helpers take it by
/// reference, and what they return lives as long as the arena:
///
/// ```
/// use nebula_memory::{FnArena, arena};
///
/// fn upper<'a>(text: &str, arena: &FnArena<'a>) -> &'a mut str {
///     let copy = arena.alloc_str(text);
///     copy.make_ascii_uppercase();
///     copy
/// }
///
/// #[arena]
/// async fn shout(text: &str) -> usize {
///     upper(text, &arena).matches('A').count()
/// }
/// # let _ = shout("arena");
/// ```
///
/// Nothing allocated in it can leave the function, and types with destructors do not go into it by `alloc` but by `alloc_box`
/// (the build refuses the first; `cargo check` does not see it):
///
/// ```compile_fail
/// # use nebula_memory::arena;
/// #[arena]
/// fn leak(text: &str) -> &str {
///     arena.alloc_str(text) // error: cannot return value referencing local variable `arena`
/// }
/// ```
///
/// The signature stays as it is, and so does the meaning of `return`, `?`, `.await`, `self`, generics and `impl Trait`:
/// the body is not put into a closure. `#[arena]` goes on functions and methods, those of traits too, also `async` and `unsafe`
/// ones, and not on `const` ones. The future of an `async` one is `Send` if what the body holds is.
///
/// | key | meaning |
/// | --- | --- |
/// | `capacity = expression` | the arena has at least so many bytes in one piece, `capacity = 64 KiB`; parameters may be used |
/// | `name = scratch` | the name of the arena in the body |
/// | `crate = path` | where the runtime crate is; without, `::nebula_memory` |
///
/// It becomes
///
/// ```text
/// fn longest_word(text: &str) -> usize {
///     let mut arena = Scratch::take();         // hidden by the next line
///     let mut arena = Scratch::scope(&mut arena);
///     { /* the body */ }
/// }
/// ```
#[proc_macro_attribute]
pub fn arena(args: TokenStream, item: TokenStream) -> TokenStream {
    arena::attribute(args.into(), item.into()).into()
}

/// A block with a scope of an allocator: what it allocates is free again at its end.
///
/// ```
/// use nebula_memory::{Arena, memory_scope};
///
/// let mut a = Arena::new();
/// let sum = memory_scope!(a, {
///     let outer = a.alloc(1); // here `a` is the scope
///     for n in 0..3 {
///         memory_scope!("round", a, |inner| {
///             *outer += *inner.alloc(n);
///         });
///     }
///     *outer
/// });
/// assert_eq!(sum, 4);
/// ```
///
/// The allocator is an `Arena`, a `BumpAllocator`, a `StackAllocator`, a scope of one, or a `&mut` to any of them; it is
/// evaluated once. If
/// it is a variable, the scope has its name, else `|name|` gives one. A string before it is put on the trail of errors
/// made meanwhile. `return`, `?`, `break` and `continue` mean the surrounding function. `crate = path,` at the start
/// says where the runtime crate is.
///
/// It becomes
///
/// ```text
/// match (a).scope() {
///     mut a => match a.scope() {               // borrows from the line above, so nothing gets out
///         mut a => { /* the block */ }
///     },
/// }
/// ```
#[proc_macro]
pub fn memory_scope(input: TokenStream) -> TokenStream {
    scope::memory_scope(input.into()).into()
}

/// Memory of an arena, a bump allocator, a stack or a scope, for a value, a slice, or a struct that is built in it.
///
/// ```
/// use nebula_memory::{Arena, alloc};
///
/// struct Point {
///     x: f64,
///     y: f64,
/// }
///
/// let a = Arena::new();
/// let n = 3;
/// let point = alloc!(a, Point { x: 1.0, y: 2.0 });      // field by field, in place: &mut Point
/// let number = alloc!(a, u64 = 5);                      // &mut u64
/// let squares = alloc!(a, [usize; n] = |i| i * i);      // &mut [usize]
/// let later = alloc!(a, u64);                           // &mut MaybeUninit<u64>
/// let buffer = alloc!(a, [u8; n]);                      // &mut [MaybeUninit<u8>]
/// assert_eq!((point.x + point.y, *number, squares.len()), (3.0, 5, 3));
/// # let _ = (later, buffer);
/// ```
///
/// Types with a destructor are refused by the build (`cargo check` does not see it), for it would never run; `alloc_box` is for them. `crate = path,` at
/// the start says where the runtime crate is.
#[proc_macro]
pub fn alloc(input: TokenStream) -> TokenStream {
    alloc::alloc(input.into()).into()
}

/// An allocator from a description, or a type of allocators from its parts.
///
/// # As an expression
///
/// ```
/// use nebula_memory::{KIB, TypedAllocator, allocator};
///
/// let block = allocator!(bump 4 * KIB);                 // a `BumpAllocator`
/// let one = block.alloc(1);
///
/// let sum = allocator!(scoped bump 4096 => |a| {        // lives for the body, gives its value
///     a.alloc_slice_fill_with(4, |i| i).iter().sum::<usize>()
/// });
/// assert_eq!((*one, sum), (1, 6));
///
/// let nodes = allocator!(pool 64 bytes x 1024);         // a `PoolAllocator` of exactly so many blocks
/// let frames = allocator!(stack 8 KiB);                 // a `StackAllocator`
/// let shared = allocator!(bump 64 KiB, { threading: shared });
/// let heap = allocator!(system, { tracked: true, budget: 1 MiB });
/// let number = heap.alloc_init(7_u64)?;
/// assert_eq!(heap.tracker().snapshot().in_use, 8);
/// # unsafe { heap.dealloc(number) };
/// # let _ = (nodes, frames, shared);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
///
/// | option | spelt also | meaning |
/// | --- | --- | --- |
/// | `threading: shared` | `thread_safe: true` | for many threads at once; of `bump`, and of what counts or limits |
/// | `stats: on` | `tracked: true`, `track_stats: true` | a `Tracked` allocator, which counts blocks and bytes |
/// | `budget: 1 MiB` | | a `Budgeted` allocator, which refuses more |
/// | `align: 8` | `alignment`, `min_align` | of `bump` the least alignment of a block (a constant: 1, 2, 4, 8 or 16); of `pool` that of its blocks |
///
/// Without options it is the plain type; `Tracked` and `Budgeted` go around an `Owned` one. Each makes a panic of what would be
/// an error: of memory that is not there, and of a pool without blocks.
///
/// A body belongs to `scoped bump` and `scoped stack`. What it allocates cannot leave it; `return`, `?`, `break` and `continue`
/// mean the surrounding function. `allocator!(bump, 4096)` and `allocator!(bump(4096))` are the same as
/// `allocator!(bump 4096)`; an option may have `=` for `:`.
///
/// # As a type
///
/// ```
/// use nebula_memory::{AllocHandle, MIB, allocator};
///
/// const LIMIT: usize = 8 * MIB;
///
/// allocator! {
///     /// Memory of one request.
///     #[derive(Debug)]
///     pub struct RequestMemory {
///         /// Nodes of the tree.
///         small: pool(64 bytes x 1024),      // blocks of up to 64 bytes
///         large: bump(1 MiB),                // all else
///         fallback: system,                  // when one of them is full
///         budget: LIMIT,
///         stats: on,
///     }
/// }
///
/// let memory = RequestMemory::try_new()?;
/// let node = AllocHandle::try_new([0_u8; 64], &memory)?;
/// let page = AllocHandle::try_new([0_u8; 4096], &memory)?;
/// assert_eq!((memory.small().blocks_in_use(), memory.large().used()), (1, 4096));
/// assert_eq!((memory.stats().live(), memory.budget().used()), (2, 4160));
/// # drop((node, page));
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
///
/// The type owns its memory and is an `Allocator`, by value and by reference: for collections, for other allocators, for
/// handles. It moves with its blocks, and between threads. It has `new`, `try_new`, `Default`, a function for each part, `stats`
/// if there are some, and `budget` if there is one.
///
/// A line is a *class* of blocks, with any name, or an option; the parentheses may be left out. Classes go from small to large:
///
/// | class | its blocks |
/// | --- | --- |
/// | `small: pool(64 bytes x 1024)` | blocks of up to 64 bytes, so many; they come from the heap with the first one |
/// | `middle: bump(64 KiB) up to 256 bytes` | blocks of up to 256 bytes, free when all of the allocator is, or in reverse order |
/// | `middle: stack(64 KiB) up to 256 bytes` | the same, free when they and all after them are given back |
/// | `large: bump(1 MiB)`, `large: stack(1 MiB)`, `large: system` | the last class: all that is larger |
///
/// Aligned blocks go where their alignment fits too; those of a pool are aligned to the largest power of two that divides their
/// size.
///
/// | option | meaning |
/// | --- | --- |
/// | `fallback: system`, `fallback: bump(1 MiB)` | serves what the classes refuse |
/// | `budget: 8 MiB` | the most bytes at once, of all together |
/// | `stats: on` | counts blocks and bytes |
/// | `threading: shared` | for many threads at once; of `bump` and `system` |
///
/// Sizes are constants, or numbers with a unit: `bytes`, `KiB`, `MiB`, `GiB`. What cannot work does not compile: nothing for a
/// size, a part that is larger than the budget, classes that are out of order or never reached.
///
/// ```compile_fail
/// nebula_memory::allocator! {
///     struct Small {
///         small: pool(64 bytes x 1024), // error: `small` is larger than the budget, so it could never be used up
///         budget: 4 KiB,
///     }
/// }
/// ```
///
/// It becomes (without the accessors, the trait, and the path of the runtime crate)
///
/// ```text
/// pub struct RequestMemory {
///     memory: Tracked<Budgeted<Fallback<Segregated<Owned<PoolAllocator>, Owned<BumpAllocator>, 64>, SystemAllocator>, Budget>>,
/// }
///
/// const _: () = assert!(64 * 1024 <= LIMIT, "`small` is larger than the budget, so it could never be used up");
///
/// impl RequestMemory {
///     pub fn try_new() -> Result<Self, AllocError> { … }
/// }
/// ```
///
/// `crate = path,` at the start of either form says where the runtime crate is.
#[proc_macro]
pub fn allocator(input: TokenStream) -> TokenStream {
    allocator::allocator(input.into()).into()
}

/// Gives memory back that [`TypedAllocator`] gave: the counterpart of its `alloc`, for whichever kind of pointer.
///
/// ```
/// use nebula_memory::{SystemAllocator, TypedAllocator, dealloc};
///
/// let number = SystemAllocator.alloc_init(41_u64)?;
/// let table = SystemAllocator.alloc_array::<u32>(1000)?;
/// // SAFETY: allocated just above, and not used after this.
/// unsafe { dealloc!(SystemAllocator, number) };
/// // SAFETY: as above.
/// unsafe { dealloc!(SystemAllocator, table) };
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
///
/// The pointer is a `NonNull` or `*mut`, to a value or a slice, and tells the layout. The allocator may also be one that is
/// an allocator by reference, such as a `BumpAllocator`. The value is not dropped: `NonNull::drop_in_place` before does that.
/// References from `alloc!` or an arena are not given back: their memory is free when the scope or the arena ends.
///
/// # Safety
///
/// Who writes it promises that the pointer is from this allocator, as this type, is still allocated, and is not used after
/// this. The macro does not hide that: it needs an `unsafe` around it.
///
/// ```compile_fail
/// # use nebula_memory::{SystemAllocator, TypedAllocator, dealloc};
/// # let number = SystemAllocator.alloc_init(41_u64).unwrap();
/// dealloc!(SystemAllocator, number); // error: call to unsafe function requires unsafe block
/// ```
///
/// `crate = path,` at the start says where the runtime crate is. It becomes
///
/// ```text
/// __private::dealloc(&SystemAllocator, number)
/// ```
///
/// [`TypedAllocator`]: https://docs.rs/nebula-memory/latest/nebula_memory/trait.TypedAllocator.html
#[proc_macro]
pub fn dealloc(input: TokenStream) -> TokenStream {
    dealloc::dealloc(input.into()).into()
}

/// A budget from its limits.
///
/// ```
/// use nebula_memory::{Budget, MIB, Shared, budget};
///
/// const LIMIT: usize = 8 * MIB;
/// static ALL: Budget<Shared> = budget!(total: LIMIT, per_alloc: 1 MiB, threading: shared);
///
/// let one_request = budget!(64 KiB);
/// assert_eq!((ALL.limit(), one_request.limit()), (LIMIT, 65_536));
///
/// let calls = std::cell::Cell::new(0);
/// let notify = |_: nebula_memory::BudgetUsage| calls.set(calls.get() + 1);
/// let careful = budget!(total: 100, soft: 80 => &notify);
/// let bytes = careful.reserve(90)?;
/// assert_eq!(calls.get(), 1);
/// # drop(bytes);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
///
/// | key | meaning |
/// | --- | --- |
/// | `total: 8 MiB` | the most bytes at once; alone, without the key: `budget!(8 MiB)` |
/// | `per_alloc: 1 MiB`, `per_allocation: 1 MiB` | the most bytes of one block |
/// | `soft: 7 MiB => &callback` | who is called when more than this is used |
/// | `threading: shared` | a `Budget<Shared>`, for many threads and for a `static` |
///
/// Sizes are any expressions of type `usize`, evaluated once and in their order, or a number with a unit: `bytes`, `KiB`, `MiB`,
/// `GiB`. A limit that is larger than the total does not compile if the numbers are literals, or if this is a constant;
/// else it is a panic. `memory_budget!` is the same macro. `crate = path,` at the start says where the runtime crate is.
///
/// It becomes
///
/// ```text
/// match (8 * MIB, 1048576) {
///     (total, per_alloc) => __private::budget::<Local>(total, Some(per_alloc)),
/// }
/// ```
#[proc_macro]
pub fn budget(input: TokenStream) -> TokenStream {
    budget::budget(input.into()).into()
}

/// [`budget!`](macro@budget) by its other name.
#[proc_macro]
pub fn memory_budget(input: TokenStream) -> TokenStream {
    budget::budget(input.into()).into()
}

/// A function whose results are kept in a cache: a call with the same arguments gives the same result again.
///
/// ```
/// use nebula_memory::cached;
///
/// #[cached]
/// fn fibonacci(n: u64) -> u64 {
///     if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
/// }
///
/// assert_eq!(fibonacci(90), 2_880_067_194_370_816_120); // 91 calls of the body
///
/// #[cached(capacity = 10_000, policy = wtinylfu, ttl = "5m", name = prices)]
/// fn price(item: &str, region: u32) -> Result<u64, String> {
///     if item.is_empty() { Err("what?".to_string()) } else { Ok(item.len() as u64 * u64::from(region)) }
/// }
///
/// assert_eq!(price("tea", 7), Ok(21));
/// assert_eq!(price("tea", 7), Ok(21));     // found: nothing is allocated for the look-up
/// assert!(price("", 7).is_err());          // errors are not kept
/// assert_eq!(prices().len(), 1);
/// prices().clear();
/// ```
///
/// The cache belongs to the function, is made by its first call, and is for all threads. The key are the arguments: `&T` is
/// looked up as it is and made owned (`ToOwned`) only to be kept, as is `Option<&T>`; a value is looked up by reference and cloned
/// only to be kept. They are `Hash` and `Eq`, and like the result `Clone`, `Send`, `Sync` and `'static` once they are owned.
/// If the body panics, nothing is kept. It may call the function again, with other arguments.
///
/// # How much, who leaves, and when
///
/// | key | meaning |
/// | --- | --- |
/// | `capacity = 10_000` | as many results at most; without, 1024. Any expression of type `usize`, evaluated by the first call |
/// | `policy = elastic` | who leaves first: `lru`, `lfu`, `fifo`, `random`, `sieve`, `s3fifo`, `elastic`, `wtinylfu`, `adaptive`; without, `elastic` |
/// | `ttl = "5m"` | a result is kept for so long; or an expression of type `Duration`. Units: `ns`, `us`, `ms`, `s`, `m`, `h`, `d`, `w` |
/// | `tti = "30s"` | a result is kept for so long after its last use |
/// | `weigh = path` | a `fn(&Key, &Value) -> u32`, or a closure: how much of the capacity a result takes; then `capacity = 64 MiB` makes sense |
/// | `keep = ok`, `some`, `all` | which results are kept: those that are `Ok`, those that are `Some`, or every one. Without, `ok` if the function returns what is called `Result`, else `all` |
/// | `stats` | the cache counts look-ups, insertions and evictions: `prices().stats()`, with `name = prices` |
/// | `single_flight` | when many ask at once for what is not there, one computes and the others wait for it; they share an error, which is `Clone` |
///
/// # What tells calls apart
///
/// | key | meaning |
/// | --- | --- |
/// | `skip = [a, b]` | these arguments are not part of the key |
/// | `key = \|a, b\| -> Key { … }` | the key is made of these arguments: values are lent to the closure, references are as they are. A `&T` or `Option<&T>` is made owned only to be kept |
/// | `with_self` | the receiver of a method is part of the key, all of it |
///
/// A method has to say what its receiver means, for neither guess would be safe: `skip = [self]` if all values of the type give
/// the same results, `with_self` if it counts, `key = |self, id| -> (u32, u64) { (self.shard, *id) }` if a part of it does, or
/// `cache = self.cache` if each value has a cache of its own. `&mut self` is refused: what a method does besides its result is not done
/// when that is found.
///
/// # Where the results are
///
/// | key | meaning |
/// | --- | --- |
/// | `name = prices` | a function `prices()` beside this one gives the cache, to look into it and to clear it; `name = Self::prices` for one of an `impl`. Its keys are the owned arguments: the argument itself if there is one, else a tuple |
/// | `cache = PRICES` | the results are in a cache of yours, any expression: a `SharedCache`, or with `single_flight` a `DedupCache` (an `AsyncDedupCache` if the function is `async`), or what points to one: a `LazyLock`, an `Arc`. `self` and arguments may be in it |
/// | `crate = path` | where the runtime crate is; without, `::nebula_memory` |
///
/// ```
/// use nebula_memory::cache::SharedCache;
/// use nebula_memory::cached;
///
/// struct Shop {
///     factor: u64,
///     prices: SharedCache<String, u64>,
/// }
///
/// impl Shop {
///     #[cached(cache = self.prices)]
///     fn price(&self, item: &str) -> u64 {
///         item.len() as u64 * self.factor
///     }
///
///     #[cached(skip = [self], name = Self::lengths)]
///     fn length(&self, item: &str) -> usize {
///         item.len()
///     }
/// }
///
/// let shop = Shop { factor: 7, prices: SharedCache::new(100) };
/// assert_eq!((shop.price("tea"), shop.length("tea")), (21, 3));
/// assert_eq!((shop.prices.len(), Shop::lengths().len()), (1, 1));
/// ```
///
/// # Which functions
///
/// Free ones and methods, those of traits too (without `name`), `async` ones and `unsafe` ones; not `const` ones. A generic function, and one of a
/// generic `impl`, has a cache for each type. The result is owned, `Clone`, and its type has a name: what borrows from the arguments
/// cannot be kept, nor can `impl Trait`; `&'static T` can.
///
/// ```compile_fail
/// # use nebula_memory::cached;
/// #[cached]
/// fn first(text: &str) -> &str { // error: this result borrows from the arguments, and would be kept for longer than they live
///     text.split(' ').next().unwrap_or_default()
/// }
/// ```
///
/// An `async` function is looked up when it is polled, not when it is called. Nothing is locked while the body waits.
///
/// With `single_flight` the body of an `async` function belongs to all who wait for it, and whichever of them is polled carries it on
/// (feature `async`): it goes on if the one who asked first is gone. So its future is `Send` and borrows from none of them:
/// arguments that are `&T` or `Option<&T>` are made owned before and lent to it, `self` is an `Arc<Self>`. One that calls itself does it by a
/// function that returns a `Pin<Box<dyn Future<Output = …> + Send>>`.
///
/// # What it generates
///
/// ```text
/// fn price(item: &str, region: u32) -> Result<u64, String> {
///     let cache = prices();
///     let key = match look::<OnlyOk, …>(cache, (lent(item), lent(&region))) {
///         Ok(found) => return found,
///         Err(key) => key,                      // owned
///     };
///     keep::<OnlyOk, …>(cache, key, move || -> Result<u64, String> { /* the body */ })
/// }
///
/// fn prices() -> &'static SharedCache<(String, u32), u64, Ttl<WTinyLfu>> { … }
/// ```
#[proc_macro_attribute]
pub fn cached(args: TokenStream, item: TokenStream) -> TokenStream {
    cached::attribute(args.into(), item.into()).into()
}

/// A borrowed twin of a key, by which look-ups allocate nothing.
///
/// ```
/// use nebula_memory::CacheKey;
/// use nebula_memory::cache::Cache;
///
/// #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
/// struct Place {
///     shelf: u32,
///     room: String,
///     tags: Vec<u8>,
/// }
///
/// let mut cache = Cache::new(100);
/// cache.insert(Place { shelf: 7, room: "attic".to_string(), tags: vec![1] }, "books");
///
/// // Neither a `String` nor a `Vec` is made to ask.
/// assert_eq!(cache.get(&PlaceRef::new(7, "attic", &[1])), Some(&"books"));
/// assert_eq!(cache.get(&PlaceRef::new(8, "attic", &[1])), None);
///
/// // Not even to fill it, if there is a value.
/// let found = cache.get_or_insert_with_by_ref(&PlaceRef::new(7, "attic", &[1]), || unreachable!());
/// assert_eq!(found, Ok(&mut "books"));
/// ```
///
/// For `Place` it writes `PlaceRef<'_>`, whose fields are those of `Place`, borrowed. It is `Copy`, `Eq` and `Hash`, and is
/// `Equivalent` to a `Place` with the same parts. `PlaceRef::new` takes the parts, `PlaceRef::from(&place)` borrows them, and `to_key()`,
/// or `Place::from`, makes a `Place` of them (not if a part has a lifetime, or is borrowed by the key below).
///
/// The twin of an enum is an enum with the same variants:
///
/// ```
/// # use nebula_memory::{CacheKey, cache::Cache};
/// #[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
/// enum Page {
///     Home,
///     Article { title: String, part: u32 },
///     Search(String),
/// }
///
/// let mut pages = Cache::new(100);
/// pages.insert(Page::Search("tea".to_string()), 7);
/// pages.insert(Page::Home, 1);
///
/// assert_eq!(pages.get(&PageRef::Search("tea")), Some(&7));
/// assert_eq!(pages.get(&PageRef::Home), Some(&1));
/// assert_eq!(pages.get(&PageRef::Article { title: "tea", part: 1 }), None);
/// ```
///
/// | field | in the twin |
/// | --- | --- |
/// | `bool`, `char`, integers, an `Option` of one | the same |
/// | `String`, `Vec<T>`, `PathBuf`, `OsString`, `CString` | `&str`, `&[T]`, `&Path`, `&OsStr`, `&CStr` |
/// | `Box<T>`, `Rc<T>`, `Arc<T>`, `Cow<'_, T>`, `&T` | `&T` |
/// | an `Option` of one of these (of those with a name) | an `Option` of the reference |
/// | each other `T` | `&T` |
///
/// Types are known by their names. The twin has to have the hash of the key, which it has if `Hash` and `Eq` of the key are
/// derived: do not write them by hand. With debug assertions, a look-up that finds something says if the hashes differ, and so does
/// `PlaceRef::from`.
///
/// # On the type: `#[cache_key(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `name = Name` | the name of the twin, if `TypeRef` is taken or does not please |
/// | `vis = pub(crate)` | who sees the twin; without, who sees the type |
/// | `crate = path` | where the runtime crate is; without, `::nebula_memory` |
///
/// # On a field: `#[cache_key(…)]`
///
/// | key | meaning |
/// | --- | --- |
/// | `borrow = T` | the twin has a `&T`; the field's type is `Borrow<T>`, which says that hashes are the same |
/// | `copy` | the twin has the field itself, which is `Copy` |
///
/// The trait of the same name is there for all types that are `Hash`, `Eq` and `Clone`; the derive is for the twin alone.
///
/// # What it generates
///
/// ```text
/// struct PlaceRef<'key> { shelf: u32, room: &'key str, tags: &'key [u8] }
///
/// impl<'key> PlaceRef<'key> {
///     const fn new(shelf: u32, room: &'key str, tags: &'key [u8]) -> Self { … }
///     fn to_key(&self) -> Place { … }
/// }
///
/// impl<'key> From<PlaceRef<'key>> for Place { … }
/// impl<'key> From<&'key Place> for PlaceRef<'key> { … }
/// impl Equivalent<Place> for PlaceRef<'_> { … }      // and Hash, Eq, Clone, Copy, Debug
/// ```
#[proc_macro_derive(CacheKey, attributes(cache_key))]
pub fn derive_cache_key(input: TokenStream) -> TokenStream {
    cache_key::derive(input.into()).into()
}
