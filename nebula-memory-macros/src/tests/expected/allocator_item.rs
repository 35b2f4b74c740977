/// Memory of one request.
#[cfg(feature = "requests")]
pub struct RequestMemory {
    memory: ::nebula_memory::__private::Tracked<
        ::nebula_memory::__private::Budgeted<
            ::nebula_memory::__private::Fallback<
                ::nebula_memory::__private::Segregated<
                    ::nebula_memory::__private::Owned<::nebula_memory::PoolAllocator>,
                    ::nebula_memory::__private::Owned<
                        ::nebula_memory::BumpAllocator<
                            ::nebula_memory::__private::Block<
                                ::nebula_memory::SystemAllocator,
                            >,
                            1,
                            ::nebula_memory::Local,
                        >,
                    >,
                    { RequestMemory::__SIZE_0 },
                >,
                ::nebula_memory::SystemAllocator,
            >,
            ::nebula_memory::__private::Root<::nebula_memory::Local>,
        >,
        ::nebula_memory::__private::Counters<::nebula_memory::Local>,
    >,
}
#[cfg(feature = "requests")]
#[allow(dead_code)]
impl RequestMemory {
    const __SIZE_0: ::nebula_memory::__private::primitive::usize = 64;
    const __COUNT_0: ::nebula_memory::__private::primitive::usize = COUNT;
    const __SIZE_1: ::nebula_memory::__private::primitive::usize = 1048576;
    const __BUDGET: ::nebula_memory::__private::primitive::usize = 8388608;
    /** A new [`RequestMemory`], with its memory: blocks of pools come when the first one is asked for.

 # Panics
 If there is no memory; see [`try_new`](Self::try_new).*/
    #[track_caller]
    pub fn new() -> Self {
        ::nebula_memory::__private::or_panic(Self::try_new())
    }
    /** A new [`RequestMemory`], with its memory: blocks of pools come when the first one is asked for.

 # Errors
 If there is no memory.*/
    pub fn try_new() -> ::nebula_memory::__private::Result<
        Self,
        ::nebula_memory::AllocError,
    > {
        ::nebula_memory::__private::Result::Ok(Self {
            memory: ::nebula_memory::__private::Tracked::new(
                ::nebula_memory::__private::Budgeted::new(
                    ::nebula_memory::__private::Fallback::new(
                        ::nebula_memory::__private::Segregated::new(
                            ::nebula_memory::__private::Owned::new(
                                ::nebula_memory::__private::try_pool(
                                    Self::__SIZE_0,
                                    Self::__COUNT_0,
                                    ::nebula_memory::__private::Option::None,
                                )?,
                            ),
                            ::nebula_memory::__private::Owned::new(
                                <::nebula_memory::BumpAllocator<
                                    ::nebula_memory::__private::Block<
                                        ::nebula_memory::SystemAllocator,
                                    >,
                                    1,
                                    ::nebula_memory::Local,
                                >>::try_new_in(
                                    Self::__SIZE_1,
                                    ::nebula_memory::SystemAllocator,
                                )?,
                            ),
                        ),
                        ::nebula_memory::SystemAllocator,
                    ),
                    <::nebula_memory::__private::Root<
                        ::nebula_memory::Local,
                    >>::new(Self::__BUDGET),
                ),
            ),
        })
    }
    /// Nodes.
    pub fn small(&self) -> &::nebula_memory::PoolAllocator {
        self.memory.allocator().allocator().primary().small()
    }
    /// The memory `large`.
    pub fn large(
        &self,
    ) -> &::nebula_memory::BumpAllocator<
        ::nebula_memory::__private::Block<::nebula_memory::SystemAllocator>,
        1,
        ::nebula_memory::Local,
    > {
        self.memory.allocator().allocator().primary().large()
    }
    /// What was counted until now.
    pub fn stats(&self) -> ::nebula_memory::__private::CountersSnapshot {
        self.memory.tracker().snapshot()
    }
    /// How much may be used, and how much is.
    pub fn budget(&self) -> &::nebula_memory::Budget<'_, ::nebula_memory::Local> {
        self.memory.allocator().budget()
    }
}
#[cfg(feature = "requests")]
const _: () = ::nebula_memory::__private::assert!(
    0 < RequestMemory::__COUNT_0, "the number of blocks must be greater than zero"
);
#[cfg(feature = "requests")]
const _: () = ::nebula_memory::__private::assert!(
    RequestMemory::__SIZE_0.saturating_mul(RequestMemory::__COUNT_0) <=
    (::nebula_memory::__private::primitive::usize::MAX >> 1),
    "`small` is larger than any memory"
);
#[cfg(feature = "requests")]
const _: () = ::nebula_memory::__private::assert!(
    RequestMemory::__SIZE_0.saturating_mul(RequestMemory::__COUNT_0) <=
    RequestMemory::__BUDGET,
    "`small` is larger than the budget, so it could never be used up"
);
#[cfg(feature = "requests")]
impl ::nebula_memory::__private::default::Default for RequestMemory {
    fn default() -> Self {
        Self::new()
    }
}
#[cfg(feature = "requests")]
::nebula_memory::__described_allocator! {
    RequestMemory
}
