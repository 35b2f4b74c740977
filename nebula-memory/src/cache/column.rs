use alloc_crate::vec::Vec;

use super::policy::Id;

/// Sets what belongs to an id that may be new.
#[inline(always)]
pub(crate) fn set<T: Default>(column: &mut Vec<T>, id: Id, what: T) {
    match column.get_mut(id as usize) {
        Some(place) => *place = what,
        None => extend(column, id, what),
    }
}

#[cold]
#[inline(never)]
fn extend<T: Default>(column: &mut Vec<T>, id: Id, what: T) {
    column.resize_with(id as usize, T::default);
    column.push(what);
}
