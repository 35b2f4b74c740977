//! The runtime half of `#[derive(Pooled)]`: a value built field by field in the slot it will live in; and of
//! `#[derive(Builder)]`: the same by value.
//!
//! * [`Fields`] is what the derive knows about a type: where its fields are and which need dropping.
//! * [`Place`] is where the value is built, and the set of the fields written so far: [`InPool`], or [`Inline`] for a
//!   plain value.
//! * [`Partial`] is a half-built value: a place, and a type that says which of the required fields are set.
//! * [`Reused`] is a pool whose slots keep fields, and [`InReused`] the place in one of them.
//! * [`Hooked`] is a pool whose values are told when they come and go.
//! * [`Building`] is the same for `alloc!(a, Struct { … })`, where all fields come at once.
//! * [`Uninit`] and [`Init`] let a closure write one field in place.
//!
//! Users meet these through the generated `TypeBuilder`; the names here appear in its signature and in error
//! messages.
//!
//! | What could break | What enforces it |
//! | --- | --- |
//! | a builder finished with a field missing | `Partial::finish` is unsafe and called under bounds below the sealed [`IsSet`]; and it does not compile unless its state is of size 0, which [`Unset`] is not |
//! | a state relabelled by safe code | private fields of [`Partial`]; whatever changes its state is unsafe, and called by generated code only |
//! | a field dropped twice or not at all | one owner, one set: the bit is set after the write and cleared before the drop |
//! | a panic while dropping one field | the rest is dropped by a second guard, then the slot goes back |
//! | a panic in a hook | guards drop the value and give the slot back, and no hook is called twice (`PoolBox`) |
//! | an in-place initialiser that initialises nothing | the invariant brand of [`Init`], which only [`Uninit`] can make |
//! | a builder that is `Send` although a field in it is not | [`InPool`] holds a `PhantomData` of the value |

mod building;
mod drop_set;
mod fields;
mod hooks;
mod in_reused;
mod init;
pub(crate) mod limits;
mod partial;
mod place;
mod reuse;
mod state;

pub use building::{Building, FieldSlot};
pub use fields::{FieldDrop, Fields, Unfilled};
pub use hooks::{Hooked, Hooks};
pub use in_reused::InReused;
pub use init::{Init, Uninit};
pub use partial::Partial;
pub use place::{InPool, Inline, Place, PoolOf};
pub use reuse::{KeepSlots, Reuse, ReuseHandle, Reused};
#[doc(hidden)]
pub use reuse::{NoOwnDrop, OwnDrop};
pub use state::{IsSet, IsUnset, Set, Unset};
