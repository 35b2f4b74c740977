use super::BudgetUsage;
#[cfg(target_has_atomic = "ptr")]
use crate::sync::Shared;
use crate::sync::{CountMode, Local};

/// A mode in which a budget may call `F`: in `Shared` from any thread, so `F` must be `Sync`.
///
/// # Safety
/// If budgets of this mode are `Sync`, so is `F`.
///
/// Not exported: nobody else can implement it.
#[diagnostic::on_unimplemented(
    message = "a budget that is used by many threads cannot call `{F}`",
    label = "called by any of the threads",
    note = "the callback must be `Sync`: let it count in atomics, not in cells"
)]
pub unsafe trait MayCall<F>: CountMode
where
    F: Fn(BudgetUsage),
{
}

// SAFETY: local budgets are not `Sync`.
unsafe impl<F: Fn(BudgetUsage)> MayCall<F> for Local {}

// SAFETY: as it says.
#[cfg(target_has_atomic = "ptr")]
unsafe impl<F: Fn(BudgetUsage) + Sync> MayCall<F> for Shared {}
