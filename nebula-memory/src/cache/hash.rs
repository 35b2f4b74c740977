/// The hasher of caches unless told otherwise: fast, seeded at random for each cache.
///
/// It makes collisions hard to foresee, not impossible to find for someone who can measure: for keys chosen by an enemy take
/// `std::hash::RandomState`. What it is made of is not a promise.
#[derive(Clone, Debug, Default)]
pub struct DefaultHashBuilder(foldhash::fast::RandomState);

impl core::hash::BuildHasher for DefaultHashBuilder {
    type Hasher = foldhash::fast::FoldHasher<'static>;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        self.0.build_hasher()
    }
}
