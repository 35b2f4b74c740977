/// Gives something after something else was dropped. If that panics, this is dropped as well; as the result of a function whose
/// locals are dropped last, it would be lost.
#[inline(always)]
pub(crate) fn after<D, T>(dropped: D, result: T) -> T {
    drop(dropped);
    result
}
