//! Budgets: how much memory may be used, by whom.
//!
//! * `owner`: [`Budget`], a limit that is charged; its children
//! * `ledger`: what of one budget is used, for one thread or for many
//! * `notify`: what a budget may call, by whom it is used
//! * `reservation`: [`Reservation`], bytes that are paid for before they are used
//! * `as_budget`: [`AsBudget`], whatever leads to a budget
//! * `described`: what `budget!` calls
//!
//! A budget counts and holds no memory; [`Budgeted`](crate::allocator::Budgeted) is an allocator that charges one.
//!
//! A child borrows its parent. So it cannot outlive it, a budget can live in a `static`, none needs the heap, and a charge
//! follows plain references. Trees that are owned together are made of an `Rc` or `Arc` of the root: see [`AsBudget`].
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a child gives back to a parent that is gone | it borrows the parent |
//! | a callback of one thread is called by another | a budget is `Sync` only when `Shared`, and that mode takes only callbacks that are `Sync` |
//! | a budget of one thread goes to another with what it refers to | it is not `Send`, except as the `Root` that refers to nothing (`described`) |
//!
//! Nothing else can: numbers that are wrong would be no more than that.

mod as_budget;
pub(crate) mod described;
mod ledger;
mod notify;
mod owner;
mod reservation;

pub use as_budget::AsBudget;
pub use owner::{Budget, BudgetUsage};
pub use reservation::Reservation;
