fn value() {
    ::nebula_memory::__private::Tracked::<
        _,
        ::nebula_memory::__private::Counters<::nebula_memory::Shared>,
    >::new(
        ::nebula_memory::__private::Budgeted::new(
            ::nebula_memory::__private::Owned::new(
                <::nebula_memory::BumpAllocator<
                    ::nebula_memory::__private::Block<::nebula_memory::SystemAllocator>,
                    { 8 },
                    ::nebula_memory::Shared,
                >>::new_in(64 * KIB, ::nebula_memory::SystemAllocator),
            ),
            ::nebula_memory::Budget::<'static, ::nebula_memory::Shared>::with_limit(1024),
        ),
    )
}
